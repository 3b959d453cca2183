"""Keys that scroll a log and move its cursor."""

from collections.abc import Callable
from functools import partialmethod

from nodion_tui.ui.log.open_log import OpenLog

_SCROLL_COLUMNS = 8
"""Columns per horizontal scroll step."""


class LogNavigation:
    """Actions that scroll and move the cursor.

    Args:
        moved: repaints the log.
    """

    def __init__(self, moved: Callable[[], None]) -> None:
        self._moved = moved

    def action_log_follow(self, log: OpenLog) -> None:
        """Go to the newest line and follow."""
        log.viewport.to_end()
        self._moved()

    def action_log_line_start(self, log: OpenLog) -> None:
        """Scroll to the first column."""
        self._scroll_columns(log, -log.viewport.first_column)

    def action_log_line_end(self, log: OpenLog) -> None:
        """Scroll to the end of the longest line on screen."""
        log.viewport.scroll_to_line_end()
        self._moved()

    def _move_cursor(self, log: OpenLog, entries: int) -> None:
        """Move the cursor; past the end, follow again."""
        log.viewport.move_cursor(entries)
        self._moved()

    def _scroll_pages(self, log: OpenLog, pages: float) -> None:
        log.viewport.scroll_pages(pages)
        self._moved()

    def _scroll_columns(self, log: OpenLog, columns: int) -> None:
        log.viewport.scroll_columns(columns)
        self._moved()

    action_log_cursor_up = partialmethod(_move_cursor, entries=-1)
    action_log_cursor_down = partialmethod(_move_cursor, entries=1)
    action_log_page_up = partialmethod(_scroll_pages, pages=-1.0)
    action_log_page_down = partialmethod(_scroll_pages, pages=1.0)
    action_log_half_page_up = partialmethod(_scroll_pages, pages=-0.5)
    action_log_half_page_down = partialmethod(_scroll_pages, pages=0.5)
    action_log_left = partialmethod(_scroll_columns, columns=-_SCROLL_COLUMNS)
    action_log_right = partialmethod(_scroll_columns, columns=_SCROLL_COLUMNS)
