"""The wall: the tails of all running runs side by side."""

import time
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import ClassVar

from textual import events, on, work
from textual.widget import Widget
from textual.worker import Worker, WorkerState

from nodion_tui.model.run import Run, RunKey
from nodion_tui.model.runner import short_id
from nodion_tui.model.sanitize import sanitize
from nodion_tui.monitor.log.session import LogSession
from nodion_tui.monitor.wall.feed import WallFeed
from nodion_tui.monitor.wall.membership import FeedMode, WallMembership
from nodion_tui.ui.chrome.mode_screen import ModeScreen
from nodion_tui.ui.commands.command import Command, Scope
from nodion_tui.ui.commands.registry import bindings
from nodion_tui.ui.log.viewport.viewport import LogViewport
from nodion_tui.ui.paint.theme import Glyphs
from nodion_tui.ui.session import error_text as errors
from nodion_tui.ui.session.messages import OpenRun
from nodion_tui.ui.wall.status_bar import WallStats, WallStatusBar
from nodion_tui.ui.wall.tile import WallTile
from nodion_tui.ui.wall.tile_board import TileBoard
from nodion_tui.ui.wall.tile_text import FeedState

_STEPS = ((2, 1), (8, 5), (16, 10))
"""Up to so many tiles count their age in steps of so many seconds, so that a screen may rest."""
_LONGEST_STEP = 30


class WallScreen(ModeScreen):
    """Tiles of running runs; nothing is read while another screen is in front.

    Args:
        glyphs: the signs to paint with.
        keymap: command id → keys, for commands that are rebound.
        streams: logs that are streamed at once.
        grace: seconds that a run stays after its end.
    """

    CSS_PATH = Path(__file__).with_suffix(".tcss")
    BINDINGS = bindings("wall")
    SCOPES: ClassVar[tuple[Scope, ...]] = ("wall",)

    def __init__(
        self, glyphs: Glyphs, keymap: Mapping[str, str], *, streams: int, grace: float
    ) -> None:
        super().__init__(glyphs, keymap)
        self._wall = WallMembership(streams=streams, grace=grace)
        self._feed: WallFeed | None = None
        self._first = 0
        self._failure = ""
        self._board = TileBoard(glyphs, self._session_of, self._tell_tile)
        self._bar = WallStatusBar(glyphs)

    def compose_body(self) -> Iterable[Widget]:
        """Tiles, and figures under them."""
        yield self._board
        yield self._bar

    def on_mount(self) -> None:
        """Textual: the keys are those of the board."""
        self._board.focus()

    def on_screen_suspend(self) -> None:
        """Textual: another screen is in front: end the streams."""
        self._stop_reading()

    def on_resize(self, _event: events.Resize) -> None:
        """Textual: another size has room for other tiles."""
        self.call_after_refresh(self._show)

    def restart(self) -> None:
        """Show what another monitor knows."""
        self._stop_reading()
        self._wall.clear()
        self._first = 0
        self._show()

    def apply_changes(self, runner_ids: AbstractSet[str], *, runners: bool) -> None:
        """Let runs join and leave."""
        del runner_ids, runners
        self._look()

    def tick(self) -> None:
        """Let runs leave, and count their age."""
        self._look()

    def is_available(self, command: Command) -> bool:
        """What makes no sense on this wall is not in the footer."""
        tiles = self._board.tiles
        match command.id:
            case "app.wall" | "app.back":
                return False
            case "wall.open" | "wall.zoom" | "wall.wrap":
                return bool(tiles)
            case "wall.follow":
                return any(not tile.viewport.follow for tile in tiles if tile.viewport)
            case "wall.next_page":
                return len(tiles) < len(self._wall.runs) and self._board.zoomed is None
            case "wall.dismiss":
                return bool(self._wall.ended)
            case _:
                return True

    def action_open_run(self) -> None:
        """Show the run of the tile in the dashboard."""
        tile = self._board.current_tile
        if tile is not None and tile.key is not None:
            self.post_message(OpenRun(tile.key))

    def action_zoom(self) -> None:
        """Give the tile the whole board, or give it back."""
        tile = self._board.current_tile
        if self._board.zoomed is not None:
            self._arrange(None)
        elif tile is not None:
            self._arrange(tile.key)

    async def action_leave(self) -> None:
        """Out of the zoom, else back to the dashboard."""
        if self._board.zoomed is not None:
            self._arrange(None)
        else:
            await super().action_leave()

    def action_follow(self) -> None:
        """Follow the end of the log again."""
        self._read(lambda reader: reader.to_end())

    def action_wrap(self) -> None:
        """Wrap long lines, or no longer."""
        self._board.toggle_wrap()

    def action_dismiss_ended(self) -> None:
        """Take off what has ended."""
        if self._wall.dismiss_ended():
            self._show()

    def action_up(self) -> None:
        """The tile above; zoomed, a line up."""
        self._step(0, -1, lambda reader: reader.move_cursor(-1))

    def action_down(self) -> None:
        """The tile below; zoomed, a line down."""
        self._step(0, 1, lambda reader: reader.move_cursor(1))

    def action_left(self) -> None:
        """The tile to the left; zoomed, sideways."""
        self._step(-1, 0, lambda reader: reader.scroll_columns(-8))

    def action_right(self) -> None:
        """The tile to the right; zoomed, sideways."""
        self._step(1, 0, lambda reader: reader.scroll_columns(8))

    def action_next_tile(self) -> None:
        """The next tile, round and round; zoomed, its log."""
        self._turn(1)

    def action_previous_tile(self) -> None:
        """The tile before."""
        self._turn(-1)

    def action_first(self) -> None:
        """The first tile; zoomed, the first line."""
        if self._board.zoomed is None:
            self._board.move_to(0)
        else:
            self._read(lambda reader: reader.to_start())

    def action_last(self) -> None:
        """The last tile; zoomed, the end."""
        if self._board.zoomed is None:
            self._board.move_to(len(self._board.tiles))
        else:
            self.action_follow()

    def action_page_down(self) -> None:
        """The next tiles; zoomed, a page down."""
        if self._board.zoomed is None:
            self._page(1)
        else:
            self._read(lambda reader: reader.scroll_pages(1.0))

    def action_page_up(self) -> None:
        """The tiles before; zoomed, a page up."""
        if self._board.zoomed is None:
            self._page(-1)
        else:
            self._read(lambda reader: reader.scroll_pages(-1.0))

    @on(Worker.StateChanged)
    def _reading_changed(self, event: Worker.StateChanged) -> None:
        """A fault of our own must not end the program: it is told, and coming back tries again."""
        if event.worker.group == "wall" and event.state is WorkerState.ERROR:
            error = event.worker.error
            self._failure = sanitize(f"the logs are not read any more: {error!r}")
            self._show()

    def _tell_tile(self, tile: WallTile) -> None:
        """Bring the edges of a tile up to date."""
        run = self.monitor.runs.run(tile.key) if self.monitor and tile.key else None
        if run is not None:
            count = len(self._board.tiles)
            step = next((step for most, step in _STEPS if count <= most), _LONGEST_STEP)
            tile.update_edges(run, self._name_of(run), self._supply(run.key), self.now(), step)

    def _tell_tiles(self) -> None:
        for tile in self._board.tiles:
            self._tell_tile(tile)

    def _look(self) -> None:
        """See how the runs stand."""
        monitor = self.monitor
        if monitor is not None:
            known = (monitor.runs.run(key) for key in monitor.runs.active)
            active = [run for run in known if run is not None]
            self._wall.update(active, monitor.runs.run, time.monotonic())
        self._show()

    def _show(self) -> None:
        """Show the tiles that there is room for, and have their logs read."""
        if not self.is_mounted:
            return
        runs, room = self._wall.runs, self._board.capacity
        self._first = max(0, min(self._first, (len(runs) - 1) // room * room))
        zoomed = self._board.zoomed if self._board.zoomed in runs else None
        self._put(runs[self._first : self._first + room], zoomed)

    def _arrange(self, zoomed: RunKey | None) -> None:
        """Zoom a tile, or none."""
        runs, room = self._wall.runs, self._board.capacity
        self._put(runs[self._first : self._first + room], zoomed)

    def _put(self, keys: tuple[RunKey, ...], zoomed: RunKey | None) -> None:
        self._board.set_message(self._nothing())
        self._board.show(keys, zoomed)
        self._wall.set_visible((zoomed,) if zoomed else keys, zoomed)
        self._heed()
        self._tell_tiles()
        self._bar.show(self._figures(len(keys)))

    def _stop_reading(self) -> None:
        self.workers.cancel_group(self, "wall")
        self._feed, self._failure = None, ""

    def _heed(self) -> None:
        """Have logs read as the wall says, while this screen is in front."""
        if self._feed is not None:
            self._feed.wake()
        elif self.monitor is not None and self.is_current:
            self._feed = WallFeed(
                self._wall,
                self._session_of,
                self.monitor.poller.acquire_request,
                per_minute=self.monitor.poller.per_minute,
            )
            self._read_logs(self._feed)

    @work(group="wall", exclusive=True, exit_on_error=False)
    async def _read_logs(self, feed: WallFeed) -> None:
        await feed.run()

    def _figures(self, shown: int) -> WallStats:
        feeds = list(self._wall.feeds.values())
        ended = len(self._wall.ended)
        return WallStats(
            running=len(feeds) - ended,
            ended=ended,
            streamed=feeds.count(FeedMode.STREAM),
            polled=feeds.count(FeedMode.POLL),
            poll_seconds=self._feed.poll_seconds if self._feed else 0.0,
            first=self._first,
            shown=shown,
            failure=self._failure,
        )

    def _supply(self, key: RunKey) -> FeedState:
        feed = self._wall.feeds.get(key, FeedMode.IDLE)
        if self._feed is None or feed is not FeedMode.POLL:
            return FeedState(feed)
        problem = self._feed.problems.get(key)
        return FeedState(
            feed, self._feed.poll_seconds, errors.short_text(problem) if problem else ""
        )

    def _session_of(self, key: RunKey) -> LogSession:
        assert self.monitor is not None  # noqa: S101 - runs are known through it
        return self.monitor.logs.get(key)

    def _name_of(self, run: Run) -> str:
        runner = self.monitor.runs.runner(run.runner_id) if self.monitor else None
        return runner.label if runner else short_id(run.runner_id)

    def _step(self, across: int, down: int, read: Callable[[LogViewport], None]) -> None:
        if self._board.zoomed is not None:
            self._read(read)
        else:
            self._board.move_beside(across, down)

    def _turn(self, by: int) -> None:
        tiles = self._board.tiles
        if not tiles:
            return
        self._board.move_to((self._board.cursor + by) % len(tiles))
        if self._board.zoomed is not None and self._board.current_tile is not None:
            self._arrange(self._board.current_tile.key)

    def _page(self, by: int) -> None:
        first = self._first + by * self._board.capacity
        if 0 <= first < len(self._wall.runs):
            self._first = first
            self._show()
            self._board.move_to(0)

    def _read(self, move: Callable[[LogViewport], None]) -> None:
        """Move in the log of the tile with the focus."""
        tile = self._board.current_tile
        if tile is not None and tile.viewport is not None:
            move(tile.viewport)
            tile.repaint()
            self._tell_tile(tile)

    def _nothing(self) -> str:
        if self.monitor is None:
            return self.waiting
        runs = self.monitor.runs
        unknown = sum(runs.freshness(each.id).fetched_at is None for each in runs.runners)
        if unknown:
            known, count = len(runs.runners) - unknown, len(runs.runners)
            return f"Nothing is running in {known} of {count} runners; loading the others."
        return "Nothing is running.\n\nThe log of a run appears here as soon as it starts."
