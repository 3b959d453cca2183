"""The board of visible tiles: assigns runs to tiles and lays them out in the grid."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from textual import on
from textual.content import Content
from textual.geometry import NULL_OFFSET, Size, Spacing
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.message import Message
from textual.widget import Widget

from nodion_tui.model.run import RunKey
from nodion_tui.monitor.log.session import LogSession
from nodion_tui.ui.log.paint_throttle import FRAMES_PER_SECOND, PaintThrottle
from nodion_tui.ui.log.render.display_options import DisplayOptions, TimestampMode
from nodion_tui.ui.wall.grid import capacity, tile_regions
from nodion_tui.ui.wall.tile import WallTile
from nodion_tui.ui.wall.tile_actions import Scroll
from nodion_tui.ui.wall.tile_pages import TilePages

_NO_MARGIN = Spacing()
_FRAME_BYTES = 2_500
"""Approximate bytes per frame; further tiles wait for the next one. Frames are smaller and twice
as frequent as those of a single log, so that keys wait less."""
_STAMPS_FROM = 72
"""Minimum columns of a tile to show timestamps."""


class TileLayout(Layout):
    """Places the tiles of a board in its grid."""

    name = "tiles"

    def arrange(
        self,
        parent: Widget,
        children: list[Widget],
        size: Size,
        greedy: bool = True,  # noqa: ARG002, FBT001, FBT002 - Textual's signature
    ) -> ArrangeResult:
        """Textual: the placement of each child."""
        assert isinstance(parent, TileBoard)  # noqa: S101 - used only there
        order = sorted(children, key=parent.index_of)
        return [
            WidgetPlacement(region, NULL_OFFSET, _NO_MARGIN, child)
            for child, region in zip(order, tile_regions(len(order), *size), strict=True)
        ]


class TileBoard(Widget, can_focus=True):
    """Tiles side by side, painted together at a throttled rate.

    Args:
        pages: which runs have a tile, and which tile is current or zoomed.
        update_edges: updates the edges of a tile.
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
            """Queued messages are merged into one."""
            return isinstance(message, TileBoard.Grew)

    def __init__(self, pages: TilePages, update_edges: Callable[[WallTile], None]) -> None:
        super().__init__()
        self._tile_layout = TileLayout()
        self._pages = pages
        self._update_edges = update_edges
        self._tiles: dict[RunKey, WallTile] = {}
        self._free_tiles: list[WallTile] = []
        self._order: tuple[RunKey, ...] = ()
        self._zoomed: RunKey | None = None
        # An ordered set: the first to have grown is painted first.
        self._grown_tiles: dict[WallTile, None] = {}
        self._paint_throttle = PaintThrottle(self, self._paint, 2 * FRAMES_PER_SECOND)
        self._options = DisplayOptions(timestamps=TimestampMode.OFF)
        self._message = ""

    @property
    def layout(self) -> Layout:
        """Textual: the layout of the tiles."""
        return self._tile_layout

    def render(self) -> Content:
        """Textual: the message of an empty board."""
        return Content("" if self._order else self._message)

    def set_message(self, message: str) -> None:
        """Set the message of an empty board."""
        if message != self._message:
            self._message = message
            if not self._order:
                self.refresh()

    @property
    def capacity(self) -> int:
        """Maximum number of tiles."""
        return capacity(*self.size)

    @property
    def tiles(self) -> Sequence[WallTile]:
        """The tiles that show a run, in the order of the board."""
        return [self._tiles[key] for key in self._order]

    @property
    def current_tile(self) -> WallTile | None:
        """The tile under the cursor, which is not the focus: that repaints the whole screen."""
        key = self._pages.current
        return None if key is None else self._tiles.get(key)

    def index_of(self, tile: Widget) -> int:
        """Index of a tile in the order of the board."""
        assert isinstance(tile, WallTile)  # noqa: S101 - the board has no other children
        return self._order.index(tile.key) if tile.key in self._order else len(self._order)

    def show(self, session_of: Callable[[RunKey], LogSession]) -> None:
        """Show the tails of the runs of the page, or the zoomed one alone.

        Args:
            session_of: returns the log session of a run.
        """
        pages = self._pages
        if (pages.keys, pages.zoomed) == (self._order, self._zoomed):
            return
        for key in self._tiles.keys() - set(pages.keys):
            self._release_tile(key)
        for key in pages.keys:
            if key not in self._tiles:
                self._assign_tile(key, session_of(key))
        self._order, self._zoomed = pages.keys, pages.zoomed
        self.show_cursor()
        for key, tile in self._tiles.items():
            tile.display = self._zoomed is None or key == self._zoomed
            tile.zoom(zoomed=key == self._zoomed)
        self._update_timestamps()
        self.refresh(layout=True)

    def clear(self) -> None:
        """Show no tiles."""
        for key in self._order:
            self._release_tile(key)
        self._order, self._zoomed = (), None
        self.refresh(layout=True)

    def show_cursor(self) -> None:
        """Mark the tile under the cursor."""
        for i, tile in enumerate(self.tiles):
            if tile.is_current != (i == self._pages.cursor):
                tile.is_current = i == self._pages.cursor
                self._update_edges(tile)

    def scroll_log(self, scroll: Scroll) -> None:
        """Scroll the log of the current tile."""
        tile = self.current_tile
        if tile is not None and tile.viewport is not None:
            scroll(tile.viewport)
            tile.repaint()
            self._update_edges(tile)

    def toggle_wrap(self) -> None:
        """Turn line wrapping on or off in all tiles."""
        self._options = replace(self._options, wrap=not self._options.wrap)
        self._apply_options()

    def on_resize(self) -> None:
        """Textual: timestamps depend on the width."""
        self._update_timestamps()

    @on(WallTile.Clicked)
    def _move_to_clicked(self, event: WallTile.Clicked) -> None:
        self._pages.move_to(self.index_of(event.tile))
        self.show_cursor()

    @on(Grew)
    def _request_paint(self) -> None:
        self._paint_throttle.request()

    def _update_timestamps(self) -> None:
        """Show timestamps if every tile is wide enough."""
        regions = tile_regions(len(self._order), *self.size)
        widths = [self.size.width] if self._zoomed else [region.width for region in regions]
        is_wide = min(widths, default=0) >= _STAMPS_FROM
        self._options = replace(
            self._options, timestamps=TimestampMode.LOCAL if is_wide else TimestampMode.OFF
        )
        self._apply_options()

    def _apply_options(self) -> None:
        for tile in self._tiles.values():
            tile.set_options(self._options)

    def _assign_tile(self, key: RunKey, session: LogSession) -> None:
        tile = self._free_tiles.pop() if self._free_tiles else self._new_tile()
        tile.set_options(self._options)
        tile.show(session)
        tile.display = True
        self._tiles[key] = tile
        self._tile_grew(tile)

    def _new_tile(self) -> WallTile:
        tile = WallTile(self._tile_grew)
        self.mount(tile)
        return tile

    def _release_tile(self, key: RunKey) -> None:
        tile = self._tiles.pop(key)
        tile.zoom(zoomed=False)
        tile.close_log()
        tile.display = False
        self._grown_tiles.pop(tile, None)
        self._free_tiles.append(tile)

    def _tile_grew(self, tile: WallTile) -> None:
        self._grown_tiles[tile] = None
        if not self._paint_throttle.is_scheduled:
            self.post_message(self.Grew())

    def _paint(self) -> int:
        """Paint some of the tiles that have grown, so that keys are handled in between."""
        sent = 0
        for tile in list(self._grown_tiles):
            if sent >= _FRAME_BYTES:
                self.post_message(self.Grew())
                break
            del self._grown_tiles[tile]
            if tile.display:
                sent += tile.repaint()
                self._update_edges(tile)
        return sent
