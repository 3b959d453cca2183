"""The shown text of a whole segment, and the line at an offset in it."""

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

import regex

from nodion_tui.model.text.sanitize import is_standalone
from nodion_tui.monitor.log.line.reader import shown_text
from nodion_tui.monitor.log.line.sequences import CARRIAGE, SGR_OR_SILENT
from nodion_tui.monitor.log.segment import LogSegment

TextT = TypeVar("TextT", str, bytes)
_CONTROLS = tuple(bytes([code]) for code in (*range(9), *range(11, 32), 127))
"""All but tab and newline. Looking for each in turn is ten times as fast as for any of them."""
_ASCII = bytes(range(128))
_SILENT = re.compile(rf"\x1b\[(?:[0-79]?|[349][0-7])m\x0f?|{SGR_OR_SILENT.pattern}".encode())
"""What lines lose without a trace, the most frequent sequences first. `regex` is slower here."""
_LINE_END = re.compile(rb"\r+\n")
_LINE_START = re.compile(rf"(?<=\n)(?:{CARRIAGE.pattern})+(?=[!-~])".encode())
"""What erases nothing, as no text is before it."""


def body_text(body: bytes) -> str:
    """The shown text of a body in UTF-8."""
    return shown_text(body.decode("utf-8", "surrogatepass"))


class LineIndex(Generic[TextT]):
    """Maps offsets in a text of many lines to lines.

    Args:
        text: each line followed by a newline.
        newline: one, of the text's type.
        ends: offset after each line, if known; else lines are counted, offsets must be queried in
            ascending order, and no line may contain a newline of its own.
    """

    def __init__(self, text: TextT, newline: TextT, ends: "array[int] | None" = None) -> None:
        self.text: TextT = text
        self._newline: TextT = newline
        self._ends = ends
        self._offset = 0
        self._line = 0

    def line_of(self, offset: int) -> int:
        """Position of the line that contains an offset."""
        if self._ends is not None:
            return bisect_right(self._ends, offset)
        self._line += self.text.count(self._newline, self._offset, offset)
        self._offset = offset
        return self._line

    def line_bounds(self, line: int, offset: int) -> tuple[int, int]:
        """Start and end of a line that contains an offset, without its newline."""
        if self._ends is not None:
            return (self._ends[line - 1] if line else 0), self._ends[line] - 1
        start = self.text.rfind(self._newline, 0, offset) + 1
        return start, self.text.find(self._newline, offset)

    def restarted(self) -> "LineIndex[TextT]":
        """A copy that starts at the beginning again."""
        return LineIndex(self.text, self._newline, self._ends)

    def lowered(self) -> "LineIndex[TextT]":
        """A copy in lower case; of bytes, only ASCII letters are changed."""
        return LineIndex(self.text.lower(), self._newline, self._ends)


def lines_matching(lines: LineIndex[bytes], pattern: "regex.Pattern[bytes]") -> Iterator[int]:
    """Positions of the lines that match a pattern which cannot cross lines."""
    offset = 0
    while match := pattern.search(lines.text, offset, concurrent=True):
        position = lines.line_of(match.start())
        yield position
        offset = lines.line_bounds(position, match.start())[1]


def searchable_lines(segment: LogSegment) -> LineIndex[bytes]:
    """The shown text of a segment's lines.

    Nearly all lines are the same as sent, or only lose silent sequences and a carriage return: this
    is done for all at once. The others are read one by one.
    """
    if segment.plain:
        return LineIndex(segment.data, b"\n", segment.known_ends)
    special = special_lines(segment)
    if not special:
        data = _plain_data(segment.data)
        segment.plain = data is segment.data
        return LineIndex(data, b"\n", segment.known_ends if segment.plain else None)
    if len(special) == len(segment):
        lines = [b""] * len(segment)
    else:
        lines = _plain_data(segment.data).split(b"\n")[:-1]
    for position in special:
        lines[position] = body_text(segment.body(position)).encode()
    return LineIndex(b"\n".join([*lines, b""]), b"\n")


def special_lines(segment: LogSegment) -> Sequence[int]:
    """Positions of the lines that must be read one by one; cached in the segment."""
    if segment.special is None:
        if segment.data.count(b"\n") == len(segment):
            segment.special = array("I", sorted(_find_special(_plain_data(segment.data))))
        else:  # a body with a newline of its own
            segment.special = range(len(segment))
    return segment.special


def _find_special(data: bytes) -> set[int]:
    """Positions of the lines with a control, or a character that is not always shown as it is."""
    characters = [control for control in _CONTROLS if control in data]
    if not data.isascii():
        others = set(data.translate(None, _ASCII).decode("utf-8", "surrogatepass"))
        characters += [
            character.encode("utf-8", "surrogatepass")
            for character in others
            if not is_standalone(character)
        ]
    if not characters:
        return set()
    any_of_them = regex.compile(b"|".join(map(regex.escape, characters)))
    return set(lines_matching(LineIndex(data, b"\n"), any_of_them))


def _plain_data(data: bytes) -> bytes:
    """The data without silent sequences, and carriage returns that overwrite nothing."""
    if b"\x1b" in data:
        data = _SILENT.sub(b"", data)
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n")
    if b"\r" in data or b"\x1b" in data:
        data = _LINE_START.sub(b"", _LINE_END.sub(b"\n", data))
    return data
