"""The text of a whole segment, and the line at an offset in it."""

from bisect import bisect_right
from collections.abc import Iterator
from typing import TYPE_CHECKING, Generic, TypeVar

import regex

from nodion_tui.monitor.log.segment import LogSegment

if TYPE_CHECKING:
    from array import array

_SGR = regex.compile(rb"\x1b\[[0-9;:]*m")
_SGR_TEXT = regex.compile(r"\x1b\[[0-9;:]*m")

TextT = TypeVar("TextT", str, bytes)


def body_text(body: bytes) -> str:
    """Decode a body without color escapes, as it is searched."""
    text = body.decode("utf-8", "surrogatepass")
    return _SGR_TEXT.sub("", text) if "\x1b" in text else text


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


def has_one_line_per_entry(segment: LogSegment) -> bool:
    """Whether no body of a segment contains a newline of its own."""
    return segment.data.count(b"\n") == len(segment)


def searchable_lines(segment: LogSegment) -> LineIndex[bytes] | None:
    """A segment's lines without color escapes; None if they cannot be searched as one text."""
    if b"\x1b" not in segment.data:
        return LineIndex(segment.data, b"\n", segment.ends)
    if not has_one_line_per_entry(segment):
        return None
    return LineIndex(_SGR.sub(b"", segment.data, concurrent=True), b"\n")
