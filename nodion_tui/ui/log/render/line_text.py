"""One log line made fit for the screen, a piece at a time.

A line may be ten megabytes long and only a window of it is ever looked at, so it is read from the
left no further than the columns that are asked for. What comes out is inert: colour as a `Pen`,
every other sequence, control and hidden character as visible marks, tabs as spaces, and of a
progress bar drawn with carriage returns the last state.
"""

import re
import time
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple, Self

from rich.cells import cell_len, split_graphemes, split_text

from nodion_tui.model.sanitize import HIDDEN_CHARACTERS, is_clean, sanitize, sanitized_pieces
from nodion_tui.ui.log.render.sgr import PLAIN, Pen, apply_sgr

TAB = 8
"""Columns between tab stops."""

_CHUNK = 1024
"""Characters of ordinary text that are read at once, at first."""

_LARGEST_CHUNK = 65_536
"""The same, once that much has been read: who goes far to the right goes fast."""

_MOST_WRAPPED = 10_000
"""Pieces of one line that are wrapped: where each letter has a colour of its own, laying out a
screenful of screenfuls takes long enough to be felt."""

_CARRIED = 65_536
"""Characters before a carriage return that are searched for a colour still in force."""

_SPECIAL = re.compile(f"[{HIDDEN_CHARACTERS}]")
_SGR = re.compile(r"\x1b\[([0-9;:]*)m")
_SEQUENCE = re.compile(
    r"\x1b(?:\[[0-?]{0,64}[ -/]{0,8}[@-~]"
    r"|[\]PX^_][ -~\xa0-\ud7ff\ue000-\ufeff]{0,256}(?:\x07|\x1b\\)?"
    r"|[ -/]{0,8}[0-~]"
    r"|\x1b{0,255})"
)
"""An escape sequence as ECMA-48 delimits it, bounded; at least the ESC, or a row of them."""

_CONTROLS = re.compile(f"(?:(?![\\x1b\\t])[{HIDDEN_CHARACTERS}]){{1,256}}")
_ASCII_AHEAD = re.compile("[ -~]|$")


class TextRole(StrEnum):
    """What a piece of text is, where that decides its look."""

    TEXT = "text"
    MARK = "mark"
    """Stands for something that a terminal would have obeyed or hidden."""
    FAINT = "faint"
    LEVEL = "level"
    """The word that names a structured line's level."""
    KEY = "key"
    VALUE = "value"
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
    """A line of ours: lost, resumed, ended."""
    BAD_END = "bad-end"
    """The line of ours that tells of a failure."""


class LineSegment(NamedTuple):
    """Visible text of one look."""

    text: str
    pen: Pen = PLAIN
    role: TextRole = TextRole.TEXT


class LineText:
    """The visible form of a line, addressed by column from 0."""

    __slots__ = ("_ends", "_pen", "_pieces", "_position", "_source", "overwritten")

    def __init__(self, body: str) -> None:
        self._source, self._pen, self.overwritten = _last_state(body)
        self._position = 0
        self._pieces: list[LineSegment] = []
        self._ends: list[int] = []

    @classmethod
    def of(cls, parts: Iterable[LineSegment]) -> Self:
        """A line of parts whose text is cleaned here, such as a structured line's fields."""
        line = cls("")
        for part in parts:
            line._add(part._replace(text=sanitize(part.text)))
        return line

    @property
    def characters(self) -> int:
        """Length of what was sent, in characters; of a progress bar, of its last state."""
        return len(self._source)

    @property
    def width(self) -> int:
        """Columns of the whole line. Reads it to the end."""
        while self._read():
            pass
        return self._known

    def width_within(self, seconds: float) -> int:
        """Columns of the line as far as it can be read in so much time."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self._read():
            pass
        return self._known

    def reaches(self, column: int) -> bool:
        """Whether there is anything at this column or to the right of it."""
        while self._known <= column and self._read():
            pass
        return self._known > column

    def slice(self, start: int, end: int) -> list[LineSegment]:
        """The pieces between two columns; a wide character cut in half becomes a space."""
        if not self.reaches(start):
            return []
        self.reaches(end - 1)
        shown: list[LineSegment] = []
        index = bisect_right(self._ends, start)
        while index < len(self._pieces):
            piece = self._pieces[index]
            left = self._ends[index - 1] if index else 0
            if left >= end:
                break
            text = _crop(piece.text, start - left, end - left, self._ends[index] - left)
            shown.append(piece._replace(text=text))
            index += 1
        return shown

    def text(self, start: int, end: int) -> str:
        """The visible text between two columns."""
        return "".join(piece.text for piece in self.slice(start, end))

    def wraps_to(self, limit: int) -> int:
        """The column up to which it is worth wrapping: `limit` or less, the line's end at most."""
        while self._known < limit and len(self._pieces) < _MOST_WRAPPED and self._read():
            pass
        if len(self._pieces) > _MOST_WRAPPED:
            limit = min(limit, self._ends[_MOST_WRAPPED - 1])
        return min(limit, self._known)

    def rows(self, width: int, limit: int) -> Sequence[int]:
        """The column at which each row starts when wrapped to `width`, up to column `limit`."""
        self.reaches(limit)
        end = min(self._known, limit)
        if all(len(piece.text) == piece_width for piece, piece_width in self._measured()):
            return range(0, max(end, 1), width)
        starts = [0]
        for left, right in self._graphemes():
            if right > starts[-1] + width:
                if left >= limit:
                    break
                starts.append(left)
        return starts

    @property
    def _known(self) -> int:
        return self._ends[-1] if self._ends else 0

    def _measured(self) -> Iterator[tuple[LineSegment, int]]:
        left = 0
        for piece, right in zip(self._pieces, self._ends, strict=True):
            yield piece, right - left
            left = right

    def _graphemes(self) -> Iterator[tuple[int, int]]:
        left = 0
        for piece in self._pieces:
            for _, _, cells in split_graphemes(piece.text)[0]:
                yield left, left + cells
                left += cells

    def _read(self) -> bool:
        """Read the next piece; False at the end of the line."""
        source, position = self._source, self._position
        if position >= len(source):
            return False
        self._position, text, mark = self._next(source, position)
        if text:
            self._add(LineSegment(text, self._pen, TextRole.MARK if mark else TextRole.TEXT))
        elif not mark:
            self._plain(source[position : self._position])
        if self._position >= len(source):
            self._finish()
        return True

    def _next(self, source: str, position: int) -> tuple[int, str, bool]:
        """The end of the next piece and its text; no text: a colour (mark) or ordinary text."""
        if source[position] == "\t":
            return position + 1, " " * (TAB - self._known % TAB), False
        if source[position] == "\x1b":
            return self._escape(source, position)
        if controls := _CONTROLS.match(source, position):
            return controls.end(), sanitize(controls.group()), True
        end = position + min(max(_CHUNK, position), _LARGEST_CHUNK)
        special = _SPECIAL.search(source, position, end)
        return special.start() if special else _whole_clusters(source, end), "", False

    def _escape(self, source: str, position: int) -> tuple[int, str, bool]:
        if sgr := _SGR.match(source, position):
            pen = apply_sgr(sgr[1], self._pen)
            if pen is not None:
                self._pen = pen
                return sgr.end(), "", True
        sequence = _SEQUENCE.match(source, position)
        end = sequence.end() if sequence else position + 1
        return end, sanitize(source[position:end]), True

    def _plain(self, text: str) -> None:
        if text.isascii():
            self._add(LineSegment(text, self._pen), len(text))
            return
        if is_clean(text):
            for start in range(0, len(text), _CHUNK):
                self._add(LineSegment(text[start : start + _CHUNK], self._pen))
            return
        for mark, run in groupby(sanitized_pieces(text), key=itemgetter(1)):
            part = "".join(character for character, _ in run)
            self._add(LineSegment(part, self._pen, TextRole.MARK if mark else TextRole.TEXT))

    def _add(self, piece: LineSegment, width: int | None = None) -> None:
        if piece.text:
            self._ends.append(self._known + (cell_len(piece.text) if width is None else width))
            self._pieces.append(piece)

    def _finish(self) -> None:
        if self.overwritten:
            self._add(LineSegment(" ␍", PLAIN, TextRole.MARK))


def states(body: str, most: int) -> list[str]:
    """The last that a progress bar has shown, one after another; other lines are their only one."""
    parts = body.rstrip("\r\n").rsplit("\r", most)
    return [state for state in parts[-most:] if state]


def _last_state(body: str) -> tuple[str, Pen, bool]:
    """What stands after the last carriage return, the pen in force there, and if there is one."""
    body = body.rstrip("\r\n")
    cut = body.rfind("\r") + 1
    if not cut:
        return body, PLAIN, False
    pen = PLAIN
    for sgr in _SGR.finditer(body, max(0, cut - _CARRIED), cut):
        pen = apply_sgr(sgr[1], pen) or pen
    return body[cut:], pen, True


def _whole_clusters(source: str, end: int) -> int:
    """A chunk's end, moved on so that no cluster of characters is cut in two."""
    ahead = _ASCII_AHEAD.search(source, end, end + 64)
    return ahead.start() if ahead else end


def _crop(text: str, start: int, end: int, width: int) -> str:
    if start <= 0 and end >= width:
        return text
    if len(text) == width:
        return text[max(start, 0) : end]
    if end < width:
        text = split_text(text, end)[0]
    return split_text(text, start)[1] if start > 0 else text
