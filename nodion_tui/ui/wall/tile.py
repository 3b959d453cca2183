"""A tile of the wall: the tail of one run's log, in a frame that tells how the run stands."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from textual.app import ComposeResult
from textual.message import Message
from textual.widget import Widget

from nodion_tui.model.run import Run, RunKey
from nodion_tui.monitor.log.session import LogSession
from nodion_tui.monitor.log.state import LogState
from nodion_tui.ui.log.border import BorderText
from nodion_tui.ui.log.render.display_options import DisplayOptions, TimestampMode
from nodion_tui.ui.log.status_text import placeholder
from nodion_tui.ui.log.viewport.viewport import LogViewport
from nodion_tui.ui.paint.theme import Glyphs
from nodion_tui.ui.wall import tile_text as words
from nodion_tui.ui.wall.tile_frame import TileEdge, TileView
from nodion_tui.ui.wall.tile_text import FeedState


class WallTile(Widget):
    """Shows one run at a time; the grid has it show another when it is free again.

    Args:
        glyphs: the signs to paint with.
        grew: called with the tile when its log has grown.
    """

    DEFAULT_CSS = """
    WallTile { layout: vertical; color: $foreground; }
    """

    class Clicked(Message):
        """Somebody clicked on a tile."""

        def __init__(self, tile: "WallTile") -> None:
            super().__init__()
            self.tile = tile

    def __init__(self, glyphs: Glyphs, grew: "Callable[[WallTile], None]") -> None:
        super().__init__()
        self._glyphs = glyphs
        self._grew = grew
        self._upper, self._lower = TileEdge("top"), TileEdge("bottom")
        self.view = TileView()
        self._session: LogSession | None = None
        self._unsubscribe: Callable[[], None] | None = None
        self._run: Run | None = None
        self._options = DisplayOptions(timestamps=TimestampMode.OFF)
        self._tell_again: Callable[[], None] | None = None
        self.is_current = False
        """Whether the cursor of the board is on it."""

    def compose(self) -> ComposeResult:
        """Textual: upper edge, lines, lower edge."""
        yield from (self._upper, self.view, self._lower)

    def on_unmount(self) -> None:
        """Textual: leave the log."""
        self.close_log()

    @property
    def key(self) -> RunKey | None:
        """The run that it shows."""
        return self._session.key if self._session else None

    @property
    def viewport(self) -> LogViewport | None:
        """Where the person is in the log."""
        return self.view.viewport

    def show(self, session: LogSession) -> None:
        """Show the tail of another log."""
        self.close_log()
        self._session = session
        self._unsubscribe = session.subscribe(self._told)
        self.view.open(LogViewport(session.buffer, self._options))

    def close_log(self) -> None:
        """Show no log."""
        if self._unsubscribe is not None:
            self._unsubscribe()
        self._session = self._unsubscribe = self._run = self._tell_again = None
        self.view.open(None)

    def zoom(self, *, zoomed: bool) -> None:
        """Read the log at large, or be one of many again, at the end of the log."""
        if self.view.is_zoomed and not zoomed and self.viewport is not None:
            self.viewport.to_end()
        self.view.is_zoomed = zoomed

    def set_options(self, options: DisplayOptions) -> None:
        """Look at logs in another way."""
        self._options = options
        if self.viewport is not None and self.viewport.options != options:
            self.viewport.set_options(options)
            self.view.repaint()

    def update_edges(
        self, run: Run, name: str, supply: FeedState, now: datetime, step: int
    ) -> None:
        """Bring the edges up to date; what is the same is not painted.

        Args:
            run: as it is known now.
            name: of its runner.
            supply: where its lines come from.
            now: the server's clock.
            step: seconds in which its age is counted.
        """
        self._run = run
        self._tell_again = partial(self.update_edges, run, name, supply, now, step)
        if self._session is None or self.viewport is None:
            return
        state = self._session.state
        look = words.frame_look(run, focused=self.is_current)
        for part in (self._upper, self.view, self._lower):
            part.set_frame_look(look)
        self._upper.set_focused(focused=self.is_current)
        sign = (BorderText(self._glyphs.cursor, "bar"),) if self.is_current else ()
        left = words.tile_title(run, name, self.size.width, self._glyphs)
        self._upper.set_text((*sign, *left), words.tile_age(run, now, step))
        place = words.tile_status(run, state, self.viewport, supply, self._glyphs)
        self._lower.set_text((place,), words.tile_facts(state, supply))

    def repaint(self) -> int:
        """Bring the lines up to date; tells about how many bytes that sends."""
        reader, session = self.viewport, self._session
        if reader is None or session is None:
            return 0
        self.view.annotations.started_at = self._run.started_at if self._run else None
        reader.sync()
        self.view.placeholder = placeholder(session, self._run, "", None)
        return self.view.repaint()

    def on_resize(self) -> None:
        """Textual: the edges are cut to the width."""
        if self._tell_again is not None:
            self._tell_again()

    def on_mouse_down(self) -> None:
        """Textual: tell the board."""
        self.post_message(self.Clicked(self))

    def _told(self, _: LogState) -> None:
        self._grew(self)
