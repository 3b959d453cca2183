"""The tiles on screen: each keeps its run, the grid says where it stands."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from textual import on
from textual.content import Content
from textual.geometry import NULL_OFFSET, Region, Size, Spacing
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.message import Message
from textual.widget import Widget

from nodion_tui.model.run import RunKey
from nodion_tui.monitor.log.session import LogSession
from nodion_tui.ui.log.paint_throttle import FRAMES_PER_SECOND, PaintThrottle
from nodion_tui.ui.log.render.display_options import DisplayOptions, TimestampMode
from nodion_tui.ui.paint.theme import Glyphs
from nodion_tui.ui.wall.grid import capacity, neighbour, tile_regions
from nodion_tui.ui.wall.tile import WallTile

_NO_MARGIN = Spacing()
_FRAME_BYTES = 2_500
"""What one frame sends, about; further tiles wait for the next one. Frames are small and come twice
as often as those of a single log: a key waits for less."""
_STAMPS_FROM = 72
"""Columns of a tile from which on there is room for times."""


class TileLayout(Layout):
    """Puts the children of a board where its grid says."""

    name = "tiles"

    def arrange(
        self,
        parent: Widget,
        children: list[Widget],
        size: Size,
        greedy: bool = True,  # noqa: ARG002, FBT001, FBT002 - Textual's signature
    ) -> ArrangeResult:
        """Textual: a placement for each child."""
        assert isinstance(parent, TileBoard)  # noqa: S101 - it is made for that alone
        order = sorted(children, key=parent.index_of)
        return [
            WidgetPlacement(region, NULL_OFFSET, _NO_MARGIN, child)
            for child, region in zip(order, tile_regions(len(order), *size), strict=True)
        ]


class TileBoard(Widget, can_focus=True):
    """Tiles side by side, painted together at a pace that a terminal can follow.

    Args:
        glyphs: the signs to paint with.
        session_of: a run's log.
        tell: brings the edges of a tile up to date.
    """

    DEFAULT_CSS = """
    TileBoard {
        height: 1fr;
        content-align: center middle;
        text-align: center;
        color: $text-muted;
    }
    """

    class Grew(Message):
        """Some logs have grown."""

        def can_replace(self, message: Message) -> bool:
            """One of several in a row is enough."""
            return isinstance(message, TileBoard.Grew)

    def __init__(
        self,
        glyphs: Glyphs,
        session_of: Callable[[RunKey], LogSession],
        tell: Callable[[WallTile], None],
    ) -> None:
        super().__init__()
        self._tile_layout = TileLayout()
        self._glyphs = glyphs
        self._session_of = session_of
        self._tell = tell
        self._tiles: dict[RunKey, WallTile] = {}
        self._free: list[WallTile] = []
        self._order: tuple[RunKey, ...] = ()
        self._grown: dict[WallTile, None] = {}  # in the order in which they grew
        self._pace = PaintThrottle(self, self._paint, 2 * FRAMES_PER_SECOND)
        self._options = DisplayOptions(timestamps=TimestampMode.OFF)
        self._message = ""
        self.zoomed: RunKey | None = None
        """The run whose tile has all of the board."""
        self.cursor = 0
        """Of the tile under the cursor. Not the focus: a move of that repaints the whole screen."""

    @property
    def layout(self) -> Layout:
        """Textual: how the tiles are placed."""
        return self._tile_layout

    def render(self) -> Content:
        """Textual: what is said while there is no tile."""
        return Content("" if self._order else self._message)

    def set_message(self, message: str) -> None:
        """Say something else while there is no tile."""
        if message != self._message:
            self._message = message
            self.refresh()

    @property
    def capacity(self) -> int:
        """How many tiles there is room for."""
        return capacity(*self.size)

    @property
    def tiles(self) -> Sequence[WallTile]:
        """Those that show a run, in their order."""
        return [self._tiles[key] for key in self._order]

    @property
    def current_tile(self) -> WallTile | None:
        """The tile under the cursor."""
        return self._tiles[self._order[self.cursor]] if self._order else None

    def index_of(self, tile: Widget) -> int:
        """The place of a tile in the order of the board."""
        assert isinstance(tile, WallTile)  # noqa: S101 - it has no other children
        return self._order.index(tile.key) if tile.key in self._order else len(self._order)

    def show(self, keys: Sequence[RunKey], zoomed: RunKey | None = None) -> None:
        """Show the tails of these runs, in this order.

        Args:
            keys: not more than `capacity`.
            zoomed: the one that has all of the board.
        """
        if (tuple(keys), zoomed) == (self._order, self.zoomed):
            return
        under = self._order[self.cursor] if self._order else None
        for key in self._tiles.keys() - set(keys):
            self._let_go(key)
        for key in keys:
            if key not in self._tiles:
                self._take_on(key)
        self._order = tuple(keys)
        self.move_to(self._order.index(under) if under in self._order else self.cursor)
        self._zoom(zoomed)
        self._look_closely()
        self.refresh(layout=True)

    def toggle_wrap(self) -> None:
        """Wrap long lines in all tiles, or no longer."""
        self._options = replace(self._options, wrap=not self._options.wrap)
        self._use_options()

    def move_to(self, place: int) -> None:
        """Put the cursor on a tile, as near as there is one."""
        self.cursor = max(0, min(place, len(self._order) - 1))
        for at, tile in enumerate(self.tiles):
            if tile.is_current != (at == self.cursor):
                tile.is_current = at == self.cursor
                self._tell(tile)

    def move_beside(self, across: int, down: int) -> None:
        """Put the cursor on the tile beside it, if there is one."""
        self.move_to(neighbour(self._regions(), self.cursor, across, down))

    def on_resize(self) -> None:
        """Textual: other columns may have room for times, or none."""
        self._look_closely()

    @on(WallTile.Clicked)
    def _clicked(self, event: WallTile.Clicked) -> None:
        self.move_to(self.index_of(event.tile))

    @on(Grew)
    def _take_in(self) -> None:
        self._pace.request()

    def _look_closely(self) -> None:
        """Show times before the lines where every tile has room for them."""
        widths = [self.size.width] if self.zoomed else [each.width for each in self._regions()]
        is_wide = min(widths, default=0) >= _STAMPS_FROM
        self._options = replace(
            self._options, timestamps=TimestampMode.LOCAL if is_wide else TimestampMode.OFF
        )
        self._use_options()

    def _use_options(self) -> None:
        for tile in self._tiles.values():
            tile.set_options(self._options)

    def _regions(self) -> list[Region]:
        return tile_regions(len(self._order), *self.size)

    def _take_on(self, key: RunKey) -> None:
        tile = self._free.pop() if self._free else self._new_tile()
        tile.set_options(self._options)
        tile.show(self._session_of(key))
        tile.display = True
        self._tiles[key] = tile
        self._told(tile)

    def _new_tile(self) -> WallTile:
        tile = WallTile(self._glyphs, self._told)
        self.mount(tile)
        return tile

    def _let_go(self, key: RunKey) -> None:
        tile = self._tiles.pop(key)
        tile.zoom(zoomed=False)
        tile.close_log()
        tile.display = False
        self._grown.pop(tile, None)
        self._free.append(tile)

    def _zoom(self, key: RunKey | None) -> None:
        self.zoomed = key
        for at, tile in self._tiles.items():
            tile.display = key is None or at == key
            tile.zoom(zoomed=at == key)

    def _told(self, tile: WallTile) -> None:
        self._grown[tile] = None
        if not self._pace.is_scheduled:
            self.post_message(self.Grew())

    def _paint(self) -> int:
        """Paint some of the tiles that have grown, so that keys are answered in between."""
        sent = 0
        for tile in list(self._grown):
            if sent >= _FRAME_BYTES:
                self.post_message(self.Grew())
                break
            del self._grown[tile]
            if tile.display:
                sent += tile.repaint()
                self._tell(tile)
        return sent
