"""A tile of the wall: the tail of the log of one run, in a frame that shows its status."""

from collections.abc import Callable

from rich.style import Style
from textual.app import ComposeResult
from textual.message import Message
from textual.widget import Widget

from nodion_tui.model.run import RunKey
from nodion_tui.monitor.log.session import LogSession
from nodion_tui.monitor.log.state import LogState
from nodion_tui.ui.log.border import BorderText, LogBorder
from nodion_tui.ui.log.render.display_options import DisplayOptions, TimestampMode
from nodion_tui.ui.log.status_text import empty_text
from nodion_tui.ui.log.viewport.viewport import LogViewport
from nodion_tui.ui.paint.widget_styles import WidgetStyles
from nodion_tui.ui.wall import tile_text as text
from nodion_tui.ui.wall.tile_text import TileFacts
from nodion_tui.ui.wall.tile_view import TileView


class WallTile(Widget):
    """Shows one run at a time; the board reuses free tiles for other runs.

    Args:
        grew: called with the tile when its log has grown.
    """

    DEFAULT_CSS = """
    WallTile { layout: vertical; color: $foreground; }
    """

    class Clicked(Message):
        """A tile was clicked."""

        def __init__(self, tile: "WallTile") -> None:
            super().__init__()
            self.tile = tile

    def __init__(self, grew: "Callable[[WallTile], None]") -> None:
        super().__init__()
        self._grew_callback = grew
        self._frame_styles = WidgetStyles(self)
        self.frame = ""
        """Name of the style of the frame."""
        self._upper, self.view, self._lower = LogBorder("top"), TileView(), LogBorder("bottom")
        for framed in (self._upper, self.view, self._lower):
            framed.frame_style = self._frame_style
        self._session: LogSession | None = None
        self._unsubscribe: Callable[[], None] | None = None
        self._facts: TileFacts | None = None
        self._step = 1
        self._options = DisplayOptions(timestamps=TimestampMode.OFF)
        self.is_current = False
        """Whether the cursor of the board is on this tile."""

    def compose(self) -> ComposeResult:
        """Textual: upper edge, lines, lower edge."""
        yield from (self._upper, self.view, self._lower)

    def on_unmount(self) -> None:
        """Textual: unsubscribe from the log."""
        self.close_log()

    @property
    def key(self) -> RunKey | None:
        """The run that is shown."""
        return self._session.key if self._session else None

    @property
    def viewport(self) -> LogViewport | None:
        """The viewport of the log; None if no log is shown."""
        return self.view.viewport if self._session else None

    def show(self, session: LogSession) -> None:
        """Show the tail of a log."""
        self.close_log()
        self._session = session
        self._unsubscribe = session.subscribe(self._log_changed)
        self.view.open(LogViewport(session.buffer, self._options, session.patterns_at))

    def close_log(self) -> None:
        """Show no log."""
        if self._unsubscribe is not None:
            self._unsubscribe()
        self._session = self._unsubscribe = self._facts = None
        self.view.open(None)

    def zoom(self, *, zoomed: bool) -> None:
        """Enable or disable scrolling; the log jumps to its end when it is disabled."""
        if self.view.is_zoomed and not zoomed:
            self.view.viewport.to_end()
        self.view.is_zoomed = zoomed

    def set_options(self, options: DisplayOptions) -> None:
        """Set the display options of the log."""
        self._options = options
        if self.view.viewport.options != options:
            self.view.viewport.set_options(options)
            self.view.repaint()

    def update_edges(self, facts: TileFacts, step: int) -> None:
        """Update the edges; only changes are painted.

        Args:
            facts: what they show.
            step: seconds in which the age of the run is counted.
        """
        self._facts, self._step = facts, step
        if self._session is None:
            return
        state, (run, name, feed_state, now, is_awaited, profile) = self._session.state, facts
        self._set_frame(text.frame_look(run, focused=self.is_current))
        self._upper.set_focused(focused=self.is_current)
        cursor = (BorderText("▌", "bar"),) if self.is_current else ()
        left = text.tile_title(
            run,
            name,
            self.size.width,
            profile=profile,
            zoomed=self.view.is_zoomed,
            is_awaited=is_awaited,
        )
        self._upper.set_text((*cursor, *left), text.tile_age(run, now, step))
        status = text.tile_status(run, state, self.view.viewport, feed_state)
        marks = len(self.view.viewport.buffer.bookmarks)
        self._lower.set_text((status,), text.tile_facts(state, feed_state, marks))

    def repaint(self) -> int:
        """Update the lines; returns the approximate number of bytes that are sent."""
        session = self._session
        if session is None:
            return 0
        run = self._facts.run if self._facts else None
        self.view.annotations.started_at = run.started_at if run else None
        self.view.viewport.sync()
        self.view.placeholder = empty_text(session.state, run)
        return self.view.repaint()

    def notify_style_update(self) -> None:
        """Textual: the theme has changed."""
        super().notify_style_update()
        self._frame_styles.clear()

    def on_resize(self) -> None:
        """Textual: fit the edges to the width."""
        if self._facts is not None:
            self.update_edges(self._facts, self._step)

    def on_mouse_down(self) -> None:
        """Textual: report the click to the board."""
        self.post_message(self.Clicked(self))

    def _set_frame(self, style_name: str) -> None:
        if style_name != self.frame:
            self.frame = style_name
            self.view.frame_changed()
            self._upper.refresh()
            self._lower.refresh()

    def _frame_style(self) -> Style:
        return self._frame_styles.style(self.frame)

    def _log_changed(self, _: LogState) -> None:
        self._grew_callback(self)
