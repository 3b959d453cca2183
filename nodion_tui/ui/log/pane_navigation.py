"""Log pane: navigation and display keys."""

from dataclasses import replace

from textual.widget import Widget

from nodion_tui.model.run import Run
from nodion_tui.monitor.log.session import LogSession
from nodion_tui.monitor.monitor import Monitor
from nodion_tui.ui.log.excerpt import Excerpt
from nodion_tui.ui.log.render.display_options import DisplayOptions
from nodion_tui.ui.log.view import LogView
from nodion_tui.ui.log.viewport.viewport import LogViewport

_SCROLL_COLUMNS = 8
"""Columns per horizontal scroll step."""


class LogNavigation(Widget):
    """Actions that scroll, move the cursor and change display options."""

    options: DisplayOptions
    session: LogSession | None = None
    """The log shown."""
    monitor: Monitor | None = None
    """The monitor of the profile, set by the screen that contains the pane."""
    view: LogView
    """The widget that shows the lines."""

    @property
    def viewport(self) -> LogViewport | None:
        """The viewport of the log; None if no log is shown."""
        return self.view.viewport

    @property
    def shown_run(self) -> Run | None:
        """The run whose log is shown; None if unknown."""
        raise NotImplementedError

    def offer_save(self, excerpt: Excerpt | None) -> None:
        """Offer to save an excerpt, or the whole log, that is too large for the clipboard."""
        raise NotImplementedError

    def show_message(self, text: str) -> None:
        """Show a short-lived message; implemented by the pane."""
        raise NotImplementedError

    def action_log_cursor_up(self) -> None:
        """Move the cursor one entry up."""
        self._move(-1)

    def action_log_cursor_down(self) -> None:
        """Move the cursor one entry down; past the end, follow again."""
        self._move(1)

    def action_log_page_up(self) -> None:
        """Scroll one page up."""
        self._page(-1.0)

    def action_log_page_down(self) -> None:
        """Scroll one page down."""
        self._page(1.0)

    def action_log_half_page_up(self) -> None:
        """Scroll half a page up."""
        self._page(-0.5)

    def action_log_half_page_down(self) -> None:
        """Scroll half a page down."""
        self._page(0.5)

    def action_log_first(self) -> None:
        """Go to the first line."""
        if viewport := self.viewport:
            viewport.to_start()
            self.view.announce_move()

    def action_log_follow(self) -> None:
        """Go to the newest line and follow."""
        if viewport := self.viewport:
            viewport.to_end()
            self.view.announce_move()

    def action_log_left(self) -> None:
        """Scroll left."""
        self._scroll_columns(-_SCROLL_COLUMNS)

    def action_log_right(self) -> None:
        """Scroll right."""
        self._scroll_columns(_SCROLL_COLUMNS)

    def action_log_line_start(self) -> None:
        """Scroll to the first column."""
        if viewport := self.viewport:
            self._scroll_columns(-viewport.first_column)

    def action_log_line_end(self) -> None:
        """Scroll to the end of the longest line on screen."""
        if viewport := self.viewport:
            viewport.scroll_to_line_end()
            self.view.announce_move()

    def action_log_wrap(self) -> None:
        """Toggle wrapping of long lines."""
        self.set_options(replace(self.options, wrap=not self.options.wrap))

    def action_log_stamps(self) -> None:
        """Switch to the next timestamp format."""
        self.set_options(replace(self.options, timestamps=self.options.timestamps.next))

    def action_log_pretty(self) -> None:
        """Toggle abbreviation of structured lines."""
        self.set_options(replace(self.options, pretty=not self.options.pretty))

    def set_options(self, options: DisplayOptions) -> None:
        """Apply display options to this log and all others."""
        self.options = options
        if viewport := self.viewport:
            viewport.set_options(options)
        self.view.announce_move()

    def _move(self, entries: int) -> None:
        if viewport := self.viewport:
            viewport.move_cursor(entries)
            self.view.announce_move()

    def _page(self, pages: float) -> None:
        if viewport := self.viewport:
            viewport.scroll_pages(pages)
            self.view.announce_move()

    def _scroll_columns(self, columns: int) -> None:
        if viewport := self.viewport:
            viewport.scroll_columns(columns)
            self.view.announce_move()
