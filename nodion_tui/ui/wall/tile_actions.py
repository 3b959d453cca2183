"""Keys of the wall: from tile to tile, or through the log of the zoomed one."""

from collections.abc import Callable

from nodion_tui.ui.log.viewport.bookmarks import toggle_bookmark
from nodion_tui.ui.log.viewport.viewport import LogViewport
from nodion_tui.ui.wall.grid import neighbour, tile_regions
from nodion_tui.ui.wall.tile_pages import TilePages

_COLUMNS = 8
"""Columns to scroll sideways."""

Scroll = Callable[[LogViewport], None]
"""Scrolls a log."""


class TileActions:
    """Actions of the keys that move or scroll.

    Args:
        pages: the tiles to move between.
        size: returns columns and rows of the board.
        show: shows the page; called after another one was turned to, and after a zoom.
        show_cursor: shows the cursor; called after it has moved.
        scroll: scrolls the log of the current tile, if there is one.
    """

    def __init__(
        self,
        pages: TilePages,
        size: Callable[[], tuple[int, int]],
        *,
        show: Callable[[], None],
        show_cursor: Callable[[], None],
        scroll: Callable[[Scroll], None],
    ) -> None:
        self._pages = pages
        self._size = size
        self._show = show
        self._show_cursor = show_cursor
        self._scroll = scroll

    def action_zoom(self) -> None:
        """Show the current tile on the whole board, or all tiles again."""
        self._pages.toggle_zoom()
        self._show()

    def action_follow(self) -> None:
        """Follow the end of the log again."""
        self._scroll(LogViewport.to_end)

    def action_mark(self) -> None:
        """Mark the newest line of the tile, or that under the cursor of a zoomed one."""
        self._scroll(toggle_bookmark)

    def action_up(self) -> None:
        """Go to the tile above; zoomed: scroll a line up."""
        self._step(0, -1, lambda viewport: viewport.move_cursor(-1))

    def action_down(self) -> None:
        """Go to the tile below; zoomed: scroll a line down."""
        self._step(0, 1, lambda viewport: viewport.move_cursor(1))

    def action_left(self) -> None:
        """Go to the tile on the left; zoomed: scroll left."""
        self._step(-1, 0, lambda viewport: viewport.scroll_columns(-_COLUMNS))

    def action_right(self) -> None:
        """Go to the tile on the right; zoomed: scroll right."""
        self._step(1, 0, lambda viewport: viewport.scroll_columns(_COLUMNS))

    def action_next_tile(self) -> None:
        """Go to the next tile, cyclically; zoomed: show its log."""
        self._cycle(1)

    def action_previous_tile(self) -> None:
        """Go to the previous tile."""
        self._cycle(-1)

    def action_first(self) -> None:
        """Go to the first tile; zoomed: to the first line."""
        self._move_to(0, LogViewport.to_start)

    def action_last(self) -> None:
        """Go to the last tile; zoomed: to the end."""
        self._move_to(len(self._pages.keys), LogViewport.to_end)

    def action_page_down(self) -> None:
        """Show the next page of tiles; zoomed: scroll a page down."""
        self._turn(1)

    def action_page_up(self) -> None:
        """Show the previous page of tiles; zoomed: scroll a page up."""
        self._turn(-1)

    def _step(self, across: int, down: int, scroll: Scroll) -> None:
        regions = tile_regions(len(self._pages.keys), *self._size())
        self._move_to(neighbour(regions, self._pages.cursor, across, down), scroll)

    def _move_to(self, index: int, scroll: Scroll) -> None:
        """Go to the tile at an index; zoomed: scroll its log instead."""
        if self._pages.zoomed is not None:
            self._scroll(scroll)
        else:
            self._pages.move_to(index)
            self._show_cursor()

    def _cycle(self, by: int) -> None:
        self._pages.cycle(by)
        if self._pages.zoomed is not None:
            self._show()
        else:
            self._show_cursor()

    def _turn(self, by: int) -> None:
        if self._pages.zoomed is not None:
            self._scroll(lambda viewport: viewport.scroll_pages(float(by)))
        else:
            self._pages.turn(by)
            self._show()
