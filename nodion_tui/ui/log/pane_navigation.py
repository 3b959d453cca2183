"""The keys that move in a log."""

from dataclasses import replace

from textual.widget import Widget

from nodion_tui.model.run import Run
from nodion_tui.monitor.log.session import LogSession
from nodion_tui.monitor.monitor import Monitor
from nodion_tui.ui.log.excerpt import Excerpt
from nodion_tui.ui.log.render.display_options import DisplayOptions
from nodion_tui.ui.log.view import LogView
from nodion_tui.ui.log.viewport.viewport import LogViewport

_SIDEWAYS = 8
"""Columns that one press scrolls sideways."""


class LogNavigation(Widget):
    """Actions on a log's window and cursor, and on how its lines are shown."""

    options: DisplayOptions
    session: LogSession | None = None
    """The log that is shown."""
    monitor: Monitor | None = None
    """What else is known of runs; whoever puts the pane on a screen sets it."""
    view: LogView
    """The lines."""

    @property
    def reader(self) -> LogViewport | None:
        """Where the person is in the log; None where none is shown."""
        return self.view.viewport

    @property
    def shown_run(self) -> Run | None:
        """The run whose log is shown, as far as it is known."""
        raise NotImplementedError

    def offer_saving(self, part: Excerpt | None) -> None:
        """Offer to save what is too large for the clipboard: a part of the log, or all of it."""
        raise NotImplementedError

    def show_message(self, text: str) -> None:
        """Tell something in passing, where it disturbs nobody. The pane says where."""
        raise NotImplementedError

    def action_log_cursor_up(self) -> None:
        """One entry up."""
        self._move(-1)

    def action_log_cursor_down(self) -> None:
        """One entry down; past the end it is followed again."""
        self._move(1)

    def action_log_page_up(self) -> None:
        """A window up."""
        self._page(-1.0)

    def action_log_page_down(self) -> None:
        """A window down."""
        self._page(1.0)

    def action_log_half_page_up(self) -> None:
        """Half a window up."""
        self._page(-0.5)

    def action_log_half_page_down(self) -> None:
        """Half a window down."""
        self._page(0.5)

    def action_log_first(self) -> None:
        """To the first line."""
        if reader := self.reader:
            reader.to_start()
            self.view.moved()

    def action_log_follow(self) -> None:
        """To the newest line, and stay there."""
        if reader := self.reader:
            reader.to_end()
            self.view.moved()

    def action_log_left(self) -> None:
        """Sideways, to the left."""
        self._sideways(-_SIDEWAYS)

    def action_log_right(self) -> None:
        """Sideways, to the right."""
        self._sideways(_SIDEWAYS)

    def action_log_line_start(self) -> None:
        """Sideways, to the first column."""
        if reader := self.reader:
            self._sideways(-reader.left)

    def action_log_line_end(self) -> None:
        """Sideways, to where the longest line on screen ends."""
        if reader := self.reader:
            reader.to_line_end()
            self.view.moved()

    def action_log_wrap(self) -> None:
        """Wrap long lines, or show each on one row."""
        self.set_options(replace(self.options, wrap=not self.options.wrap))

    def action_log_stamps(self) -> None:
        """The next form of the times before the lines."""
        self.set_options(replace(self.options, timestamps=self.options.timestamps.next))

    def action_log_pretty(self) -> None:
        """Structured lines in short, or as they were sent."""
        self.set_options(replace(self.options, pretty=not self.options.pretty))

    def set_options(self, options: DisplayOptions) -> None:
        """Look at this log and the ones to come in another way."""
        self.options = options
        if reader := self.reader:
            reader.set_options(options)
        self.view.moved()

    def _move(self, entries: int) -> None:
        if reader := self.reader:
            reader.move_cursor(entries)
            self.view.moved()

    def _page(self, windows: float) -> None:
        if reader := self.reader:
            reader.scroll_pages(windows)
            self.view.moved()

    def _sideways(self, columns: int) -> None:
        if reader := self.reader:
            reader.scroll_columns(columns)
            self.view.moved()
