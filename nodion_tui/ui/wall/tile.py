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
from nodion_tui.ui.log.border import Words
from nodion_tui.ui.log.render.options import Options, Stamps
from nodion_tui.ui.log.status_text import message
from nodion_tui.ui.log.viewport.position import Reader
from nodion_tui.ui.paint.theme import Glyphs
from nodion_tui.ui.wall import tile_text as words
from nodion_tui.ui.wall.tile_frame import TileEdge, TileView
from nodion_tui.ui.wall.tile_text import Supply


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
        self._options = Options(stamps=Stamps.OFF)
        self._tell_again: Callable[[], None] | None = None
        self.is_chosen = False
        """Whether the cursor of the board is on it."""

    def compose(self) -> ComposeResult:
        """Textual: upper edge, lines, lower edge."""
        yield from (self._upper, self.view, self._lower)

    def on_unmount(self) -> None:
        """Textual: leave the log."""
        self.leave()

    @property
    def key(self) -> RunKey | None:
        """The run that it shows."""
        return self._session.key if self._session else None

    @property
    def reader(self) -> Reader | None:
        """Where the person is in the log."""
        return self.view.reader

    def show(self, session: LogSession) -> None:
        """Show the tail of another log."""
        self.leave()
        self._session = session
        self._unsubscribe = session.subscribe(self._told)
        self.view.open(Reader(session.buffer, self._options))

    def leave(self) -> None:
        """Show no log."""
        if self._unsubscribe is not None:
            self._unsubscribe()
        self._session = self._unsubscribe = self._run = self._tell_again = None
        self.view.open(None)

    def zoom(self, *, zoomed: bool) -> None:
        """Read the log at large, or be one of many again, at the end of the log."""
        if self.view.is_zoomed and not zoomed and self.reader is not None:
            self.reader.to_end()
        self.view.is_zoomed = zoomed

    def set_options(self, options: Options) -> None:
        """Look at logs in another way."""
        self._options = options
        if self.reader is not None and self.reader.options != options:
            self.reader.set_options(options)
            self.view.repaint()

    def tell(self, run: Run, name: str, supply: Supply, now: datetime, step: int) -> None:
        """Bring the edges up to date; what is the same is not painted.

        Args:
            run: as it is known now.
            name: of its runner.
            supply: where its lines come from.
            now: the server's clock.
            step: seconds in which its age is counted.
        """
        self._run = run
        self._tell_again = partial(self.tell, run, name, supply, now, step)
        if self._session is None or self.reader is None:
            return
        state = self._session.state
        look = words.frame_of(run, focused=self.is_chosen)
        for part in (self._upper, self.view, self._lower):
            part.frame_as(look)
        self._upper.focus_on(focused=self.is_chosen)
        sign = (Words(self._glyphs.cursor, "bar"),) if self.is_chosen else ()
        left = words.heading(run, name, self.size.width, self._glyphs)
        self._upper.say((*sign, *left), words.age(run, now, step))
        place = words.position(run, state, self.reader, supply, self._glyphs)
        self._lower.say((place,), words.facts(state, supply))

    def paint(self) -> int:
        """Bring the lines up to date; tells about how many bytes that sends."""
        reader, session = self.reader, self._session
        if reader is None or session is None:
            return 0
        self.view.marks.started_at = self._run.started_at if self._run else None
        reader.settle()
        self.view.message = message(session, self._run, "", None)
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
