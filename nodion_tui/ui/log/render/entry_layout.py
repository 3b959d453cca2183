"""Layout of a log entry: the rows that it takes on screen."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime
from itertools import accumulate
from typing import NamedTuple

from nodion_tui.monitor.log.buffer import EntryKind
from nodion_tui.ui.log.render.line_text import LineSegment, LineText, TextRole

WRAP_LIMIT = 65_536
"""Columns of a line that are wrapped; unwrapped rows and saved files have the rest."""

_NOTE_LENGTH = 1_000_000
"""Length in characters from which a partly shown line states its length."""


class RowSlice(NamedTuple):
    """The part of a line that a row shows."""

    line_index: int
    """Line of the entry, from 0."""
    line: LineText
    start: int
    """First column."""
    stop: int | None
    """Column after the last one; None: to the end of the line."""


def length_note(line: LineText, width: int) -> tuple[LineSegment, ...]:
    """The length note at the end of a partly shown very long line, if it fits."""
    text = f" … {line.characters:,} characters"
    if line.characters < _NOTE_LENGTH or width < 2 * len(text):
        return ()
    return (LineSegment(text, role=TextRole.FAINT),)


class EntryLayout:
    """One entry: one line, or several if it is expanded.

    Args:
        kind: line or kind of marker.
        lines: at least one.
        at: time of writing.
        role: role of text without its own colours.
        look: words of a pattern's look, which is over all colours of the line.
    """

    __slots__ = ("_ends", "_wrap", "_wrapped_lines", "at", "kind", "lines", "look", "role")

    def __init__(
        self,
        kind: EntryKind,
        lines: Sequence[LineText],
        at: datetime | None = None,
        role: TextRole = TextRole.TEXT,
        look: frozenset[str] = frozenset(),
    ) -> None:
        self.kind = kind
        self.lines = lines
        self.at = at
        self.role = role
        self.look = look
        self._wrap = 0
        self._wrapped_lines: list[tuple[int, LineText, Sequence[int]]] = []
        self._ends: list[int] = []

    @property
    def is_line(self) -> bool:
        """Whether it is a line of the run, not a marker."""
        return self.kind is EntryKind.LINE

    def height(self, wrap: int | None) -> int:
        """Number of rows.

        Args:
            wrap: columns of a wrapped row; None: one row per line.
        """
        if wrap is None:
            return len(self.lines)
        self._lay_out(wrap)
        return self._ends[-1]

    def row_slice(self, row: int, wrap: int | None) -> RowSlice:
        """The content of row `row` of `height(wrap)`."""
        if wrap is None:
            return RowSlice(row, self.lines[row], 0, None)
        self._lay_out(wrap)
        position = bisect_right(self._ends, row)
        number, line, starts = self._wrapped_lines[position]
        row -= self._ends[position - 1] if position else 0
        stop = starts[row + 1] if row + 1 < len(starts) else starts[row] + wrap
        return RowSlice(number, line, starts[row], stop)

    def row_of_column(self, number: int, column: int, wrap: int | None) -> int:
        """The row that shows a column of line `number`."""
        if wrap is None:
            return number
        self._lay_out(wrap)
        position = next(
            position for position, wrapped in enumerate(self._wrapped_lines) if wrapped[0] == number
        )
        starts = self._wrapped_lines[position][2]
        return self._ends[position] - len(starts) + max(0, bisect_right(starts, column) - 1)

    def _lay_out(self, wrap: int) -> None:
        if self._wrap == wrap:
            return
        self._wrap = wrap
        self._wrapped_lines = []
        for number, line in enumerate(self.lines):
            end = line.wrap_end(WRAP_LIMIT)
            self._wrapped_lines.append((number, line, line.row_starts(wrap, end)))
            if line.reaches(end):
                self._wrapped_lines.append((number, _wrap_limit_note(line), (0,)))
        self._ends = list(accumulate(len(starts) for *_, starts in self._wrapped_lines))


def _wrap_limit_note(line: LineText) -> LineText:
    """The note under a line that is too long to be wrapped completely."""
    text = f"… {line.characters:,} characters in total; w shows them on one row"
    return LineText.from_segments([LineSegment(text, role=TextRole.FAINT)])
