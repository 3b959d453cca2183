"""An entry of a log as the rows that it takes on screen."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime
from itertools import accumulate
from typing import NamedTuple

from nodion_tui.monitor.log.buffer import EntryKind
from nodion_tui.ui.log.render.line_text import LineSegment, LineText, TextRole

WRAP_LIMIT = 65_536
"""Columns of one line that are wrapped; the rest is there on one row, and when saved."""

_LARGE = 1_000_000
"""Characters from which on a line says how long it is where a part of it is shown."""


class RowSlice(NamedTuple):
    """What a row of a block shows."""

    number: int
    """Which line of the block, from 0."""
    line: LineText
    start: int
    """Its first column."""
    stop: int | None
    """The column after its last; None where the row goes on as far as the line does."""


def size_note(line: LineText, width: int) -> tuple[LineSegment, ...]:
    """What ends a row that shows a part of a very long line, where there is room for it."""
    text = f" … {line.characters:,} characters"
    if line.characters < _LARGE or width < 2 * len(text):
        return ()
    return (LineSegment(text, role=TextRole.FAINT),)


class EntryLayout:
    """One entry: a line of its own, or several when it is expanded.

    Args:
        kind: line, or which mark.
        lines: at least one.
        at: when it was written.
        role: the look of text that brings none of its own.
    """

    __slots__ = ("_ends", "_laid", "_wrap", "at", "kind", "lines", "role")

    def __init__(
        self,
        kind: EntryKind,
        lines: Sequence[LineText],
        at: datetime | None = None,
        role: TextRole = TextRole.TEXT,
    ) -> None:
        self.kind = kind
        self.lines = lines
        self.at = at
        self.role = role
        self._wrap = 0
        self._laid: list[tuple[int, LineText, Sequence[int]]] = []
        self._ends: list[int] = []

    @property
    def is_line(self) -> bool:
        """Whether the run wrote it."""
        return self.kind is EntryKind.LINE

    def height(self, wrap: int | None) -> int:
        """Rows that it takes.

        Args:
            wrap: columns of a row when wrapped; None: one row a line.
        """
        if wrap is None:
            return len(self.lines)
        self._lay_out(wrap)
        return self._ends[-1]

    def spot(self, row: int, wrap: int | None) -> RowSlice:
        """What row `row` of `height(wrap)` shows."""
        if wrap is None:
            return RowSlice(row, self.lines[row], 0, None)
        self._lay_out(wrap)
        place = bisect_right(self._ends, row)
        number, line, starts = self._laid[place]
        row -= self._ends[place - 1] if place else 0
        stop = starts[row + 1] if row + 1 < len(starts) else starts[row] + wrap
        return RowSlice(number, line, starts[row], stop)

    def row_at(self, number: int, column: int, wrap: int | None) -> int:
        """The row that shows a column of line `number`."""
        if wrap is None:
            return number
        self._lay_out(wrap)
        place = next(place for place, laid in enumerate(self._laid) if laid[0] == number)
        starts = self._laid[place][2]
        return self._ends[place] - len(starts) + max(0, bisect_right(starts, column) - 1)

    def _lay_out(self, wrap: int) -> None:
        if self._wrap == wrap:
            return
        self._wrap = wrap
        self._laid = []
        for number, line in enumerate(self.lines):
            end = line.wraps_to(WRAP_LIMIT)
            self._laid.append((number, line, line.rows(wrap, end)))
            if line.reaches(end):
                self._laid.append((number, _cut(line), (0,)))
        self._ends = list(accumulate(len(starts) for *_, starts in self._laid))


def _cut(line: LineText) -> LineText:
    """The row under a line that is too long to be wrapped whole."""
    text = f"… {line.characters:,} characters in all; on one row (w) all of them are there"
    return LineText.of([LineSegment(text, role=TextRole.FAINT)])
