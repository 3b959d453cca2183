"""Keys that scroll a log and move its cursor."""

from collections.abc import Callable

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

    def action_log_cursor_up(self, log: OpenLog) -> None:
        """Move the cursor one entry up."""
        log.viewport.move_cursor(-1)
        self._moved()

    def action_log_cursor_down(self, log: OpenLog) -> None:
        """Move the cursor one entry down; past the end, follow again."""
        log.viewport.move_cursor(1)
        self._moved()

    def action_log_page_up(self, log: OpenLog) -> None:
        """Scroll one page up."""
        self._scroll_pages(log, -1.0)

    def action_log_page_down(self, log: OpenLog) -> None:
        """Scroll one page down."""
        self._scroll_pages(log, 1.0)

    def action_log_half_page_up(self, log: OpenLog) -> None:
        """Scroll half a page up."""
        self._scroll_pages(log, -0.5)

    def action_log_half_page_down(self, log: OpenLog) -> None:
        """Scroll half a page down."""
        self._scroll_pages(log, 0.5)

    def action_log_follow(self, log: OpenLog) -> None:
        """Go to the newest line and follow."""
        log.viewport.to_end()
        self._moved()

    def action_log_left(self, log: OpenLog) -> None:
        """Scroll left."""
        self._scroll_columns(log, -_SCROLL_COLUMNS)

    def action_log_right(self, log: OpenLog) -> None:
        """Scroll right."""
        self._scroll_columns(log, _SCROLL_COLUMNS)

    def action_log_line_start(self, log: OpenLog) -> None:
        """Scroll to the first column."""
        self._scroll_columns(log, -log.viewport.first_column)

    def action_log_line_end(self, log: OpenLog) -> None:
        """Scroll to the end of the longest line on screen."""
        log.viewport.scroll_to_line_end()
        self._moved()

    def _scroll_pages(self, log: OpenLog, pages: float) -> None:
        log.viewport.scroll_pages(pages)
        self._moved()

    def _scroll_columns(self, log: OpenLog, columns: int) -> None:
        log.viewport.scroll_columns(columns)
        self._moved()
