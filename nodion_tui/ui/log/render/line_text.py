"""One log line in the cells of the screen, incrementally.

What a line says is read by `monitor.log.line.reader`, from the left and no further than the
requested columns, as a line may be ten megabytes long. Here it is laid out in columns: tabs reach
the next tab stop, emoji clusters are split as terminals disagree about their width, and a mark
tells that a progress bar was overwritten. Places in the shown text and columns are converted into
each other.
"""

import time
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple, Self

from rich.cells import cell_len, get_character_cell_size, split_graphemes, split_text

from nodion_tui.model.text.sanitize import is_clean, sanitize
from nodion_tui.monitor.log.line.pen import DEFAULT_PEN, Pen
from nodion_tui.monitor.log.line.reader import (
    Piece,
    ReadLine,
    read_line,
    read_verbatim,
    visible_text,
)
from nodion_tui.monitor.log.line.states import OVERWRITTEN_MARK
from nodion_tui.ui.log.render.text_columns import CellRun, TextColumns, perhaps_wide

TAB_SIZE = 8
"""Columns between tab stops."""

_WIDE_CHUNK = 1024
"""Characters per segment of text that is not ASCII; the columns of its characters are counted."""

_MAX_WRAPPED_SEGMENTS = 10_000
"""Segments of a line that are wrapped: where each letter has its own colour, the layout of more
becomes noticeably slow."""


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
    RUN_1 = "run-1"
    """Names of runs where a log has the lines of many; one after the other."""
    RUN_2 = "run-2"
    RUN_3 = "run-3"
    RUN_4 = "run-4"
    RUN_5 = "run-5"
    RUN_6 = "run-6"


class LineSegment(NamedTuple):
    """Visible text of one style."""

    text: str
    pen: Pen = DEFAULT_PEN
    role: TextRole = TextRole.TEXT


class LineText:
    """The visible form of a line, addressed by column from 0.

    Args:
        body: as sent.
        pen: in force at its beginning.
    """

    __slots__ = (
        *("_ends", "_length_read", "_pieces", "_segments", "_single", "_texts"),
        *("characters", "overwritten"),
    )

    def __init__(self, body: str, pen: Pen = DEFAULT_PEN) -> None:
        self._begin(read_line(body, pen))

    def _begin(self, line: ReadLine) -> None:
        self._pieces = line.pieces
        self.characters = line.length
        """Length of the line as sent, in characters; only the last state of a progress bar."""
        self.overwritten = line.overwritten
        self._segments: list[LineSegment] = []
        self._texts: list[str] = []
        """The shown text of each segment; empty for what is only on the screen."""
        self._length_read = 0
        self._ends: list[int] = []
        self._single: list[bool] = []
        """Whether each character of a segment is shown as it is, in one column."""

    @classmethod
    def verbatim(cls, state: str) -> Self:
        """A state of a line, with its moves as marks."""
        line = cls("")
        line._begin(read_verbatim(state))
        return line

    @classmethod
    def from_segments(cls, segments: Iterable[LineSegment]) -> Self:
        """A line of segments, such as a structured line's fields; their text is sanitized here."""
        line = cls("")
        for segment in segments:
            text = visible_text(segment.text)
            line._add(text, segment._replace(text=sanitize(text)))
        return line

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

    def head(self, length: int) -> str:
        """The first characters of the shown text: at least `length`, if it has as many."""
        while self._length_read < length and self._read():
            pass
        return "".join(self._texts)

    def columns(self, start: int, end: int) -> TextColumns:
        """The shown text between two columns, and where its characters are."""
        self.reaches(end - 1)
        index = bisect_right(self._ends, start)
        runs: list[CellRun] = []
        while start < end and index < len(self._segments):
            left = self._ends[index - 1] if index else 0
            if left >= end:
                break
            single = self._single[index]
            runs.append(CellRun(self._texts[index], left, self._ends[index], single=single))
            index += 1
        return TextColumns(runs, start, end)

    def whole_columns(self, start: int, end: int) -> tuple[int, int]:
        """Two columns, moved apart where they are inside a character."""
        left, right = self.columns(start, end).span
        return (min(start, left), max(end, right)) if left < right else (start, end)

    def shown_text(self, start: int, end: int) -> str:
        """The shown text between two columns, to be copied; a wide character is never halved."""
        return self.columns(start, end).text if self.reaches(start) else ""

    def _graphemes(self) -> Iterator[tuple[int, int]]:
        left = 0
        for segment in self._segments:
            for _, _, cells in split_graphemes(segment.text)[0]:
                yield left, left + cells
                left += cells

    def _read(self) -> bool:
        """Read the next piece; False at the end of the line."""
        piece = next(self._pieces, None)
        if piece is not None:
            self._lay_out(piece)
            return True
        if self.overwritten and (not self._segments or self._segments[-1] != _OVERWRITTEN):
            self._add("", _OVERWRITTEN)
            return True
        return False

    def _lay_out(self, piece: Piece) -> None:
        """Add the segments of a piece: text, and tabs as spaces to the next tab stop."""
        role = TextRole.MARK if piece.is_mark else TextRole.TEXT
        for number, text in enumerate(piece.text.split("\t")):
            if number:
                gap = " " * (TAB_SIZE - self._width_read % TAB_SIZE)
                self._add("\t", LineSegment(gap, piece.pen, role))
            size = _WIDE_CHUNK if not text.isascii() and is_clean(text) else max(len(text), 1)
            for start in range(0, len(text), size):
                part = text[start : start + size]
                self._add(part, LineSegment(sanitize(part), piece.pen, role))

    def _add(self, text: str, segment: LineSegment) -> None:
        drawn = segment.text
        if not drawn:
            return
        width = len(drawn) if drawn.isascii() else cell_len(drawn)
        self._ends.append(self._width_read + width)
        self._segments.append(segment)
        self._texts.append(text)
        self._length_read += len(text)
        self._single.append(text == drawn and width == len(drawn) and not _has_wide(drawn))


_OVERWRITTEN = LineSegment(OVERWRITTEN_MARK, DEFAULT_PEN, TextRole.MARK)


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
    if text.isascii() or not perhaps_wide(text):
        return False
    return any(get_character_cell_size(character) != 1 for character in set(text))
