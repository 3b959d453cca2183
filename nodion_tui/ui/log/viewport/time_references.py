"""Times that a line's timestamp counts from: that of the line before, or of a mark."""

from collections.abc import Iterable
from datetime import datetime

from nodion_tui.monitor.log.shown_log import LogEntries
from nodion_tui.ui.log.viewport.visible_entries import VisibleEntries

_REACH = 20
"""Entries before a line that are looked at for one that has a time; markers have none."""


def time_before(buffer: LogEntries, entries: VisibleEntries, index: int) -> datetime | None:
    """Time of the visible line before a line; None if there is none."""
    position = entries.position_of(index)
    for earlier in range(position - 1, max(position - _REACH, 0) - 1, -1):
        time = buffer.time(entries.index_at(earlier))
        if time is not None:
            return time
    return None


def time_of_mark(buffer: LogEntries, marks: Iterable[int], index: int) -> datetime | None:
    """Time of the nearest marked line at or above a line, else of the first one below it.

    None if no marked line in memory has a time.
    """
    ordered = sorted(marks)
    above = [mark for mark in reversed(ordered) if mark <= index]
    below = [mark for mark in ordered if mark > index]
    return next((time for mark in (*above, *below) if (time := buffer.time(mark))), None)
