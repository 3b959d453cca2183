"""The tiles of the wall and the status bar under them."""

from collections.abc import Callable, Iterable
from types import MappingProxyType

from msgspec.structs import replace
from textual.widget import Widget

from nodion_tui.model.run import RunKey
from nodion_tui.monitor.monitor import Monitor
from nodion_tui.monitor.runs.changes import Changes
from nodion_tui.ui.chrome.mode_body import HintsChanged, ModeBody
from nodion_tui.ui.commands.command import Command
from nodion_tui.ui.session.messages import OpenRun
from nodion_tui.ui.wall.status_bar import WallStats, WallStatusBar
from nodion_tui.ui.wall.tile import WallTile
from nodion_tui.ui.wall.tile_actions import TileActions
from nodion_tui.ui.wall.tile_board import TileBoard
from nodion_tui.ui.wall.tile_pages import TilePages
from nodion_tui.ui.wall.tile_run_actions import TileRunActions
from nodion_tui.ui.wall.wall_model import WallModel

_STEPS = ((2, 1), (8, 5), (16, 10))
"""Step of the age, in seconds, for up to a number of tiles; larger steps need fewer repaints."""
_LONGEST_STEP = 30
_ZOOMED = MappingProxyType({"wall.zoom": "unzoom", "wall.leave": ""})
"""Words of the footer while a tile is zoomed: one way back is enough."""


class WallBody(ModeBody):
    """Tiles of running runs; no log is read while another mode is active.

    Args:
        model_of: starts what the wall shows of a monitor.
    """

    def __init__(self, model_of: Callable[[Monitor], WallModel]) -> None:
        self._model_of = model_of
        self._model: WallModel | None = None
        self._pages = pages = TilePages()
        self.board = TileBoard(self._pages, self._update_tile)
        self._status_bar = WallStatusBar()
        self.tile_actions = TileActions(
            self._pages,
            lambda: self.board.size,
            show=lambda: self._acted(self.show),
            show_cursor=lambda: self._acted(self.board.show_cursor),
            scroll=self.board.scroll_log,
        )
        self.run_actions = TileRunActions(
            lambda: self.board.app,
            lambda: pages.current,
            lambda action: self.board.screen.run_worker(action, group="act"),
        )

    def _acted(self, show: Callable[[], None]) -> None:
        """Show what a key has done, in the footer too."""
        show()
        self.board.post_message(HintsChanged())

    def widgets(self) -> Iterable[Widget]:
        """The tiles, and the status bar under them."""
        return (self.board, self._status_bar)

    def restart(self, monitor: Monitor | None, placeholder: str) -> None:
        """Show a monitor, and nothing of the previous one."""
        self.pause()
        self._pages.fill((), 1)
        self.board.clear()
        self.board.set_message(placeholder)
        self._status_bar.show(WallStats())
        self._model = None if monitor is None else self._model_of(monitor)
        self.run_actions.monitor = monitor
        self.show()

    def note_changes(self, changes: Changes) -> None:
        """Show the other states of runs in the dialog of a stop."""
        self.run_actions.update_runs(changes.runs)

    def update(self) -> None:
        """Add and remove runs."""
        self.tick()

    def tick(self) -> None:
        """Add and remove runs, and update their age."""
        if self._model is not None:
            self._model.update_runs()
            self._model.reader.start()
        self.show()

    def pause(self) -> None:
        """Stop reading logs while another mode is active."""
        if self._model is not None:
            self._model.stop()

    def leave(self) -> bool:
        """Leave the zoom."""
        is_zoomed = self._pages.zoomed is not None
        if is_zoomed:
            self.tile_actions.action_zoom()
        return is_zoomed

    @property
    def selected_run(self) -> RunKey | None:
        """The run of the current tile."""
        return self._pages.current

    def is_available(self, command: Command) -> bool:
        """Whether a command is applicable now; the footer shows no others."""
        tiles = self.board.tiles
        match command.id:
            case "app.wall" | "app.back" | "app.dashboard":
                return False
            case "wall.open" | "wall.zoom" | "wall.wrap" | "wall.mark":
                return bool(tiles)
            case "wall.follow":
                return any(not tile.viewport.follow for tile in tiles if tile.viewport)
            case "wall.next_page":
                return self._pages.has_more
            case "wall.dismiss":
                return self._model is not None and bool(self._model.membership.ended)
            case _:
                return self.run_actions.is_available(command.id)

    def worded(self, command: Command) -> Command:
        """A command in the words of the moment, as the footer shows it."""
        if self._pages.zoomed is None or command.id not in _ZOOMED:
            return command
        return replace(command, footer=_ZOOMED[command.id])

    def action_open_run(self) -> None:
        """Show the run of the current tile in the dashboard."""
        if self._pages.current is not None:
            self.board.screen.post_message(OpenRun(self._pages.current))

    def action_wrap(self) -> None:
        """Turn line wrapping on or off."""
        self.board.toggle_wrap()

    def action_dismiss_ended(self) -> None:
        """Remove ended runs from the wall."""
        if self._model is not None and self._model.membership.dismiss_ended():
            self.show()

    def show(self) -> None:
        """Show the tiles of the current page, and have their logs read."""
        if self._model is None:
            return
        model, pages = self._model, self._pages
        pages.fill(model.membership.runs, self.board.capacity)
        self.board.set_message(model.empty_text())
        self.board.show(model.session_of)
        model.membership.set_visible(pages.visible, pages.zoomed)
        model.reader.wake()
        for tile in self.board.tiles:
            self._update_tile(tile)
        self._status_bar.show(model.reader.stats(pages.first, len(pages.keys)))

    def _update_tile(self, tile: WallTile) -> None:
        """Update the edges of a tile."""
        facts = self._model.facts(tile.key) if self._model and tile.key else None
        if facts is not None:
            count = len(self._pages.keys)
            step = next((step for max_tiles, step in _STEPS if count <= max_tiles), _LONGEST_STEP)
            tile.update_edges(facts, step)
