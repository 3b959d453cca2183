"""Where the date changes between two visible lines of a log."""

from nodion_tui.monitor.log.shown_log import LogEntries
from nodion_tui.ui.log.render.time_column import TimeColumn
from nodion_tui.ui.log.viewport.visible_entries import VisibleEntries

DAY_ROW = -1
"""Row above an entry that has its date."""


class DayRows:
    """Decides which entries have a row with their date above them.

    A log whose first and newest line have the same date has none, which costs one comparison.

    Args:
        buffer: has the times.
        entries: the visible ones, between which dates are compared.
    """

    def __init__(self, buffer: LogEntries, entries: VisibleEntries) -> None:
        self._buffer = buffer
        self._entries = entries
        self._has_days = False
        self.column = TimeColumn()
        """Format of the timestamps; set it with `set_column`."""

    def set_column(self, column: TimeColumn) -> bool:
        """Apply the format of the timestamps, which decides where a day begins.

        Returns:
            Whether there may be other rows with dates than before.
        """
        before = self._has_days, self.column.mode, self.column.zone
        self.column = column
        first, newest = self._buffer.started_at, self._buffer.newest_at
        self._has_days = column.day(first) != column.day(newest)
        return before != (self._has_days, column.mode, column.zone)

    def first_row(self, index: int) -> int:
        """First row of an entry: `DAY_ROW` if its date differs from that of the entry before."""
        if not self._has_days:
            return 0
        day = self.column.day(self._buffer.time(index))
        position = self._entries.position_of(index)
        if day is None or not position:
            return 0
        before = self.column.day(self._buffer.time(self._entries.index_at(position - 1)))
        return 0 if before is None or before == day else DAY_ROW
