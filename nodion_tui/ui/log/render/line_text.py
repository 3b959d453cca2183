"""Sanitizes one log line for the screen, incrementally.

A line may be ten megabytes long while only a window of it is shown, so it is read from the left
no further than the requested columns. The result is sanitized: colour as a `Pen`, every other
sequence, control and hidden character as a visible marker, tabs as spaces, and the last state of a
progress bar drawn with carriage returns.
"""

import re
import time
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple, Self

from rich.cells import cell_len, get_character_cell_size, split_graphemes, split_text

from nodion_tui.model.sanitize import HIDDEN_CHARACTERS, is_clean, sanitize, sanitized_pieces
from nodion_tui.ui.log.render.sgr import DEFAULT_PEN, Pen, apply_sgr

TAB_SIZE = 8
"""Columns between tab stops."""

_CHUNK = 1024
"""Characters of ordinary text per read, initially."""

_LARGEST_CHUNK = 65_536
"""Characters per read after that much of the line: scrolling far right stays fast."""

_MAX_WRAPPED_SEGMENTS = 10_000
"""Segments of a line that are wrapped: where each letter has its own colour, the layout of more
becomes noticeably slow."""

_PEN_SEARCH_CHARACTERS = 65_536
"""Characters before a carriage return that are searched for SGR sequences still in force."""

_SPECIAL = re.compile(f"[{HIDDEN_CHARACTERS}]")
_SGR = re.compile(r"\x1b\[([0-9;:]*)m")
_SEQUENCE = re.compile(
    r"\x1b(?:\[[0-?]{0,64}[ -/]{0,8}[@-~]"
    r"|[\]PX^_][ -~\xa0-\ud7ff\ue000-\ufeff]{0,256}(?:\x07|\x1b\\)?"
    r"|[ -/]{0,8}[0-~]"
    r"|\x1b{0,255})"
)
"""An escape sequence as delimited by ECMA-48, bounded; at least one or several ESC."""

_CONTROLS = re.compile(f"(?:(?![\\x1b\\t])[{HIDDEN_CHARACTERS}]){{1,256}}")
_PERHAPS_WIDE = re.compile("[\u1100-\U0010ffff]")
"""No character before Hangul has two columns."""
_ASCII_AHEAD = re.compile("[ -~]|$")


class TextRole(StrEnum):
    """Role of a segment that determines its style."""

    TEXT = "text"
    MARK = "mark"
    """Visible marker of a control sequence or hidden character."""
    FAINT = "faint"
    LEVEL = "level"
    """The log level of a structured line."""
    KEY = "key"
    VALUE = "value"
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
    """A marker line of the program: lost, resumed, ended."""
    BAD_END = "bad-end"
    """The marker line of a failed run's end."""


class LineSegment(NamedTuple):
    """Visible text of one style."""

    text: str
    pen: Pen = DEFAULT_PEN
    role: TextRole = TextRole.TEXT


class LineText:
    """The visible form of a line, addressed by column from 0."""

    __slots__ = ("_ends", "_pen", "_position", "_segments", "_single", "_source", "overwritten")

    def __init__(self, body: str) -> None:
        self._source, self._pen, self.overwritten = _last_state(body)
        self._position = 0
        self._segments: list[LineSegment] = []
        self._ends: list[int] = []
        self._single: list[bool] = []
        """Whether each character of a segment has one column."""

    @classmethod
    def from_segments(cls, segments: Iterable[LineSegment]) -> Self:
        """A line of segments, such as a structured line's fields; their text is sanitized here."""
        line = cls("")
        for segment in segments:
            line._add(segment._replace(text=sanitize(segment.text)))
        return line

    @property
    def characters(self) -> int:
        """Length of the line as sent, in characters; only the last state of a progress bar."""
        return len(self._source)

    @property
    def width(self) -> int:
        """Columns of the whole line; reads it to the end."""
        while self._read():
            pass
        return self._width_read

    def measure_within(self, seconds: float) -> int:
        """Columns of the line as far as it can be read within this time."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self._read():
            pass
        return self._width_read

    def reaches(self, column: int) -> bool:
        """Whether the line extends to this column or beyond."""
        while self._width_read <= column and self._read():
            pass
        return self._width_read > column

    def slice(self, start: int, end: int) -> list[LineSegment]:
        """The segments between two columns; half of a wide character becomes a space."""
        if not self.reaches(start):
            return []
        self.reaches(end - 1)
        shown: list[LineSegment] = []
        index = bisect_right(self._ends, start)
        while index < len(self._segments):
            segment = self._segments[index]
            left = self._ends[index - 1] if index else 0
            if left >= end:
                break
            width = self._ends[index] - left
            single = self._single[index]
            text = _crop(segment.text, start - left, end - left, width, single=single)
            shown.append(segment._replace(text=text))
            index += 1
        return shown

    def text(self, start: int, end: int) -> str:
        """The visible text between two columns."""
        return "".join(segment.text for segment in self.slice(start, end))

    def wrap_end(self, limit: int) -> int:
        """The column up to which the line is wrapped: at maximum `limit` and the line's end."""
        while (
            self._width_read < limit
            and len(self._segments) < _MAX_WRAPPED_SEGMENTS
            and self._read()
        ):
            pass
        if len(self._segments) > _MAX_WRAPPED_SEGMENTS:
            limit = min(limit, self._ends[_MAX_WRAPPED_SEGMENTS - 1])
        return min(limit, self._width_read)

    def row_starts(self, width: int, limit: int) -> Sequence[int]:
        """Start columns of the rows when wrapped to `width`, up to column `limit`."""
        self.reaches(limit)
        end = min(self._width_read, limit)
        if all(self._single):
            return range(0, max(end, 1), width)
        starts = [0]
        for left, right in self._graphemes():
            if right > starts[-1] + width:
                if left >= limit:
                    break
                starts.append(left)
        return starts

    @property
    def _width_read(self) -> int:
        return self._ends[-1] if self._ends else 0

    def _graphemes(self) -> Iterator[tuple[int, int]]:
        left = 0
        for segment in self._segments:
            for _, _, cells in split_graphemes(segment.text)[0]:
                yield left, left + cells
                left += cells

    def _read(self) -> bool:
        """Read the next segment; False at the end of the line."""
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
        """End and text of the next segment; empty text: an SGR sequence (mark) or ordinary text."""
        if source[position] == "\t":
            return position + 1, " " * (TAB_SIZE - self._width_read % TAB_SIZE), False
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

    def _add(self, segment: LineSegment, width: int | None = None) -> None:
        text = segment.text
        if text:
            columns = cell_len(text) if width is None else width
            self._ends.append(self._width_read + columns)
            self._segments.append(segment)
            self._single.append(columns == len(text) and not _has_wide(text))

    def _finish(self) -> None:
        if self.overwritten:
            self._add(LineSegment(" ␍", DEFAULT_PEN, TextRole.MARK))


def progress_states(body: str, maximum: int) -> list[str]:
    """The last states of a progress bar, in order; other lines have a single state."""
    parts = body.rstrip("\r\n").rsplit("\r", maximum)
    return [state for state in parts[-maximum:] if state]


def _last_state(body: str) -> tuple[str, Pen, bool]:
    """The text after the last carriage return, the pen in force there, and whether there is one."""
    body = body.rstrip("\r\n")
    cut = body.rfind("\r") + 1
    if not cut:
        return body, DEFAULT_PEN, False
    pen = DEFAULT_PEN
    for sgr in _SGR.finditer(body, max(0, cut - _PEN_SEARCH_CHARACTERS), cut):
        pen = apply_sgr(sgr[1], pen) or pen
    return body[cut:], pen, True


def _whole_clusters(source: str, end: int) -> int:
    """A chunk's end, moved right so that no grapheme cluster is split."""
    ahead = _ASCII_AHEAD.search(source, end, end + 64)
    return ahead.start() if ahead else end


def _crop(text: str, start: int, end: int, width: int, *, single: bool) -> str:
    if start <= 0 and end >= width:
        return text
    if single:
        return text[max(start, 0) : end]
    if end < width:
        text = split_text(text, end)[0]
    return split_text(text, start)[1] if start > 0 else text


def _has_wide(text: str) -> bool:
    """Whether a character has two columns; one without width may make up for it."""
    if text.isascii() or not _PERHAPS_WIDE.search(text):
        return False
    return any(get_character_cell_size(character) != 1 for character in set(text))
