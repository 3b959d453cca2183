"""Keys that select lines. The mouse selects any text."""

from collections.abc import Callable
from functools import partialmethod

from nodion_tui.ui.log.open_log import OpenLog
from nodion_tui.ui.log.viewport.selection import Selection, TextPosition


class LogSelectionActions:
    """Actions that select whole lines.

    Args:
        moved: extends the selection to the cursor, and repaints the log.
    """

    def __init__(self, moved: Callable[[], None]) -> None:
        self._moved = moved

    def action_log_select(self, log: OpenLog) -> None:
        """Start a selection at the cursor, or clear the selection."""
        if len(log.viewport.entries) and not self.end_selection(log):
            self._start(log)
            self._moved()

    def end_selection(self, log: OpenLog) -> bool:
        """Clear the selection; False if there is none."""
        if log.annotations.selection is None:
            return False
        log.annotations.selection = None
        self._moved()
        return True

    def _start(self, log: OpenLog) -> None:
        cursor = TextPosition(log.viewport.cursor)
        log.annotations.selection = Selection(cursor, cursor, whole_lines=True)
        log.viewport.set_cursor(log.viewport.cursor)

    def _extend(self, log: OpenLog, entries: int) -> None:
        if log.annotations.selection is None and len(log.viewport.entries):
            self._start(log)
        log.viewport.move_cursor(entries)
        self._moved()

    action_log_select_up = partialmethod(_extend, entries=-1)
    action_log_select_down = partialmethod(_extend, entries=1)
