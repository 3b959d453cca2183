"""A window of rows on a log, and the navigation between rows.

Positions are indexes of the buffer, which never change, so new or dropped lines move nothing.
Navigation costs as much as the rows it passes, however long the log is. Where the date changes
between two lines, the later one has a row of its own above it.
"""

import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from nodion_tui.monitor.log.patterns.runner_patterns import PatternsAt, no_patterns
from nodion_tui.monitor.log.shown_log import LogEntries
from nodion_tui.ui.log.render.display_options import DisplayOptions
from nodion_tui.ui.log.render.entry_layout import RowSlice
from nodion_tui.ui.log.render.layout_cache import LayoutCache
from nodion_tui.ui.log.viewport.day_rows import DayRows
from nodion_tui.ui.log.viewport.row_labels import NoLabels, RowLabels
from nodion_tui.ui.log.viewport.visible_entries import VisibleEntries

_READ_AHEAD_SECONDS = 0.2
"""Seconds spent on reading the visible lines to find the end of the longest."""


@dataclass(frozen=True, order=True, slots=True)
class EntryRow:
    """A row of an entry."""

    index: int
    row: int = 0
    """Row of the entry's layout, or `DAY_ROW`."""


class RowWindow:
    """`height` rows of `width` columns of a log, starting at the row `top`."""

    def __init__(
        self,
        buffer: LogEntries,
        options: DisplayOptions | None = None,
        patterns_at: PatternsAt = no_patterns,
    ) -> None:
        self.buffer = buffer
        self.entries = VisibleEntries(buffer)
        self.layouts = LayoutCache(buffer, patterns_at)
        self.options = options or DisplayOptions()
        self.layouts.set_options(self.options)
        self.height = 1
        self.width = 80
        self.top = EntryRow(buffer.first)
        self.first_column = 0
        """Horizontal scroll offset in columns; always 0 when wrapped."""
        self.labels: RowLabels = NoLabels()
        """What stands before the lines of each run."""
        self.days = DayRows(buffer, self.entries)
        """Timestamps, and the rows with dates."""

    @property
    def wrap(self) -> int | None:
        """Columns of a wrapped row; None where lines extend beyond the window."""
        return max(self.width, 2) if self.options.wrap else None

    @property
    def at_end(self) -> bool:
        """Whether the newest row is on screen."""
        return self.top >= self.last_top()

    def visible_rows(self) -> list[EntryRow]:
        """The rows on screen, from the top; fewer than `height` at the end of a short log."""
        return list(islice(self.rows_from(self.top), self.height))

    def offset_of(self, index: int) -> int | None:
        """The screen row where an entry starts; None if it is not on screen."""
        for offset, entry_row in enumerate(self.visible_rows()):
            if entry_row.index == index:
                return offset
        return None

    def scrollbar_thumb(self) -> range:
        """The rows that the scrollbar thumb covers; empty if the whole log is on screen."""
        count = len(self.entries)
        page = self.visible_rows()
        if not page or (self.top == EntryRow(self.entries.index_at(0)) and self.at_end):
            return range(0)
        first = self.entries.position_of(page[0].index)
        shown = self.entries.position_of(page[-1].index) - first + 1
        size = max(1, round(self.height * shown / count))
        free_rows = self.height - size
        if self.at_end:
            return range(free_rows, self.height)
        start = min(round(free_rows * first / max(count - shown, 1)), max(free_rows - 1, 0))
        return range(start, start + size)

    def scroll_columns(self, columns: int) -> None:
        """Scroll right or left, at most to the end of the longest line on screen."""
        if self.options.wrap:
            return
        if columns > 0 and not self._reaches(self.first_column + self.width + columns - 1):
            widest = max(
                (self.row_slice(entry_row).line.width for entry_row in self.visible_rows()),
                default=0,
            )
            self.first_column = max(self.first_column, widest - self.width)
        else:
            self.first_column = max(0, self.first_column + columns)

    def show_columns(self, left: int, right: int) -> None:
        """Scroll horizontally until these columns are on screen, preferably to column 0."""
        room = self.width - 1  # the last column may have the sign of a text that is cut
        if right <= room:
            self.first_column = 0
        elif left < self.first_column or right > self.first_column + room:
            self.first_column = max(0, left - self.width // 3)

    def scroll_to_line_end(self) -> None:
        """Scroll to the end of the longest line on screen, as far as it can be read in time."""
        if not self.options.wrap:
            deadline = time.monotonic() + _READ_AHEAD_SECONDS
            lines = [self.row_slice(entry_row).line for entry_row in self.visible_rows()]
            widest = max(
                (line.measure_within(deadline - time.monotonic()) for line in lines), default=0
            )
            self.first_column = max(0, widest - self.width)

    def row_slice(self, entry_row: EntryRow) -> RowSlice:
        """The part of a line that a row shows; of the line below it for a row with a date."""
        return self.layouts.get(entry_row.index).row_slice(max(entry_row.row, 0), self.wrap)

    def top_row(self, index: int) -> EntryRow:
        """The topmost row of an entry."""
        return EntryRow(index, self.days.first_row(index))

    def _reaches(self, column: int) -> bool:
        return any(
            self.row_slice(entry_row).line.reaches(column) for entry_row in self.visible_rows()
        )

    def nearest_entry(self, index: int) -> int:
        """The entry itself if it is visible, else the next visible one, else the last."""
        return self.entries.index_at(min(self.entries.position_of(index), len(self.entries) - 1))

    def clamp(self, entry_row: EntryRow) -> EntryRow:
        """The row itself, or the nearest existing one."""
        index = self.nearest_entry(entry_row.index)
        if index != entry_row.index:
            return self.top_row(index)
        last = self.layouts.height(index, self.wrap) - 1
        return EntryRow(index, max(min(entry_row.row, last), self.days.first_row(index)))

    def last_top(self) -> EntryRow:
        """The top row of the last full window."""
        if not len(self.entries):
            return self.top
        index = self.entries.index_at(len(self.entries) - 1)
        bottom = EntryRow(index, self.layouts.height(index, self.wrap) - 1)
        return self.above(bottom, self.height - 1)

    def rows_from(self, entry_row: EntryRow) -> Iterator[EntryRow]:
        """The rows from this one to the end."""
        row: int | None = entry_row.row
        for position in range(self.entries.position_of(entry_row.index), len(self.entries)):
            index = self.entries.index_at(position)
            start = self.days.first_row(index) if row is None else row
            for next_row in range(start, self.layouts.height(index, self.wrap)):
                yield EntryRow(index, next_row)
            row = None

    def above(self, entry_row: EntryRow, rows: int) -> EntryRow:
        """The row this many rows higher, or the first one."""
        index, row = entry_row.index, entry_row.row
        position = self.entries.position_of(index)
        while rows > row - self.days.first_row(index):
            if not position:
                return EntryRow(index)
            rows -= row - self.days.first_row(index) + 1
            position -= 1
            index = self.entries.index_at(position)
            row = self.layouts.height(index, self.wrap) - 1
        return EntryRow(index, row - rows)

    def below(self, entry_row: EntryRow, rows: int) -> EntryRow:
        """The row this many rows lower, or the last one."""
        return deque(islice(self.rows_from(entry_row), rows + 1), maxlen=1).pop()
