"""The wall screen: the tails of the logs of all running runs, side by side."""

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
"""Step of the age, in seconds, for up to a number of tiles; larger steps need fewer repaints."""
_LONGEST_STEP = 30


class WallScreen(ModeScreen):
    """Tiles of running runs; no log is read while another screen is active.

    Args:
        glyphs: the glyph set to draw with.
        keymap: command id → keys, for rebound commands.
        streams: maximum number of logs that are streamed at once.
        grace: seconds that an ended run stays on the wall.
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
        self._board = TileBoard(glyphs, self._session_of, self._update_tile)
        self._status_bar = WallStatusBar(glyphs)

    def compose_body(self) -> Iterable[Widget]:
        """The tiles, and the status bar under them."""
        yield self._board
        yield self._status_bar

    def on_mount(self) -> None:
        """Textual: focus the board."""
        self._board.focus()

    def on_screen_suspend(self) -> None:
        """Textual: stop reading logs while another screen is active."""
        self._stop_reading()

    def on_resize(self, _event: events.Resize) -> None:
        """Textual: the number of tiles depends on the size."""
        self.call_after_refresh(self._update_tiles)

    def restart(self) -> None:
        """Reset the screen to the current monitor."""
        self._stop_reading()
        self._wall.clear()
        self._first = 0
        self._update_tiles()

    def apply_changes(self, runner_ids: AbstractSet[str], *, runners: bool) -> None:
        """Add and remove runs."""
        del runner_ids, runners
        self._update_runs()

    def tick(self) -> None:
        """Add and remove runs, and update their age."""
        self._update_runs()

    def is_available(self, command: Command) -> bool:
        """Whether a command is applicable now; the footer shows no others."""
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
        """Show the run of the current tile in the dashboard."""
        tile = self._board.current_tile
        if tile is not None and tile.key is not None:
            self.post_message(OpenRun(tile.key))

    def action_zoom(self) -> None:
        """Show the current tile on the whole board, or all tiles again."""
        tile = self._board.current_tile
        if self._board.zoomed is not None:
            self._zoom(None)
        elif tile is not None:
            self._zoom(tile.key)

    async def action_leave(self) -> None:
        """Leave the zoom, or else switch to the dashboard."""
        if self._board.zoomed is not None:
            self._zoom(None)
        else:
            await super().action_leave()

    def action_follow(self) -> None:
        """Follow the end of the log again."""
        self._scroll(lambda viewport: viewport.to_end())

    def action_wrap(self) -> None:
        """Turn line wrapping on or off."""
        self._board.toggle_wrap()

    def action_dismiss_ended(self) -> None:
        """Remove ended runs from the wall."""
        if self._wall.dismiss_ended():
            self._update_tiles()

    def action_up(self) -> None:
        """Go to the tile above; zoomed: scroll a line up."""
        self._step(0, -1, lambda viewport: viewport.move_cursor(-1))

    def action_down(self) -> None:
        """Go to the tile below; zoomed: scroll a line down."""
        self._step(0, 1, lambda viewport: viewport.move_cursor(1))

    def action_left(self) -> None:
        """Go to the tile on the left; zoomed: scroll left."""
        self._step(-1, 0, lambda viewport: viewport.scroll_columns(-8))

    def action_right(self) -> None:
        """Go to the tile on the right; zoomed: scroll right."""
        self._step(1, 0, lambda viewport: viewport.scroll_columns(8))

    def action_next_tile(self) -> None:
        """Go to the next tile, cyclically; zoomed: show its log."""
        self._cycle(1)

    def action_previous_tile(self) -> None:
        """Go to the previous tile."""
        self._cycle(-1)

    def action_first(self) -> None:
        """Go to the first tile; zoomed: to the first line."""
        if self._board.zoomed is None:
            self._board.move_to(0)
        else:
            self._scroll(lambda viewport: viewport.to_start())

    def action_last(self) -> None:
        """Go to the last tile; zoomed: to the end."""
        if self._board.zoomed is None:
            self._board.move_to(len(self._board.tiles))
        else:
            self.action_follow()

    def action_page_down(self) -> None:
        """Show the next page of tiles; zoomed: scroll a page down."""
        if self._board.zoomed is None:
            self._turn_page(1)
        else:
            self._scroll(lambda viewport: viewport.scroll_pages(1.0))

    def action_page_up(self) -> None:
        """Show the previous page of tiles; zoomed: scroll a page up."""
        if self._board.zoomed is None:
            self._turn_page(-1)
        else:
            self._scroll(lambda viewport: viewport.scroll_pages(-1.0))

    @on(Worker.StateChanged)
    def _report_reader_error(self, event: Worker.StateChanged) -> None:
        """Show an internal error of the reader, which must not end the app; resuming retries."""
        if event.worker.group == "wall" and event.state is WorkerState.ERROR:
            error = event.worker.error
            self._failure = sanitize(f"log reader stopped: {error!r}")
            self._update_tiles()

    def _update_tile(self, tile: WallTile) -> None:
        """Update the edges of a tile."""
        run = self.monitor.runs.run(tile.key) if self.monitor and tile.key else None
        if run is not None:
            count = len(self._board.tiles)
            step = next((step for max_tiles, step in _STEPS if count <= max_tiles), _LONGEST_STEP)
            tile.update_edges(run, self._name_of(run), self._feed_state(run.key), self.now(), step)

    def _update_all_tiles(self) -> None:
        for tile in self._board.tiles:
            self._update_tile(tile)

    def _update_runs(self) -> None:
        """Update the set of runs on the wall."""
        monitor = self.monitor
        if monitor is not None:
            runs = (monitor.runs.run(key) for key in monitor.runs.active)
            active = [run for run in runs if run is not None]
            self._wall.update(active, monitor.runs.run, time.monotonic())
        self._update_tiles()

    def _update_tiles(self) -> None:
        """Show the tiles of the current page and read their logs."""
        if not self.is_mounted:
            return
        runs, room = self._wall.runs, self._board.capacity
        self._first = max(0, min(self._first, (len(runs) - 1) // room * room))
        zoomed = self._board.zoomed if self._board.zoomed in runs else None
        self._show_tiles(runs[self._first : self._first + room], zoomed)

    def _zoom(self, zoomed: RunKey | None) -> None:
        """Zoom a tile, or none."""
        runs, room = self._wall.runs, self._board.capacity
        self._show_tiles(runs[self._first : self._first + room], zoomed)

    def _show_tiles(self, keys: tuple[RunKey, ...], zoomed: RunKey | None) -> None:
        self._board.set_message(self._empty_text())
        self._board.show(keys, zoomed)
        self._wall.set_visible((zoomed,) if zoomed else keys, zoomed)
        self._update_feed()
        self._update_all_tiles()
        self._status_bar.show(self._stats(len(keys)))

    def _stop_reading(self) -> None:
        self.workers.cancel_group(self, "wall")
        self._feed, self._failure = None, ""

    def _update_feed(self) -> None:
        """Start the reader, or notify it of changes, while this screen is active."""
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

    def _stats(self, shown: int) -> WallStats:
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

    def _feed_state(self, key: RunKey) -> FeedState:
        feed = self._wall.feeds.get(key, FeedMode.IDLE)
        if self._feed is None or feed is not FeedMode.POLL:
            return FeedState(feed)
        problem = self._feed.problems.get(key)
        return FeedState(
            feed, self._feed.poll_seconds, errors.short_text(problem) if problem else ""
        )

    def _session_of(self, key: RunKey) -> LogSession:
        assert self.monitor is not None  # noqa: S101 - runs come from it
        return self.monitor.logs.get(key)

    def _name_of(self, run: Run) -> str:
        runner = self.monitor.runs.runner(run.runner_id) if self.monitor else None
        return runner.label if runner else short_id(run.runner_id)

    def _step(self, across: int, down: int, scroll: Callable[[LogViewport], None]) -> None:
        if self._board.zoomed is not None:
            self._scroll(scroll)
        else:
            self._board.move_beside(across, down)

    def _cycle(self, by: int) -> None:
        tiles = self._board.tiles
        if not tiles:
            return
        self._board.move_to((self._board.cursor + by) % len(tiles))
        if self._board.zoomed is not None and self._board.current_tile is not None:
            self._zoom(self._board.current_tile.key)

    def _turn_page(self, by: int) -> None:
        first = self._first + by * self._board.capacity
        if 0 <= first < len(self._wall.runs):
            self._first = first
            self._update_tiles()
            self._board.move_to(0)

    def _scroll(self, scroll: Callable[[LogViewport], None]) -> None:
        """Scroll the log of the current tile."""
        tile = self._board.current_tile
        if tile is not None and tile.viewport is not None:
            scroll(tile.viewport)
            tile.repaint()
            self._update_tile(tile)

    def _empty_text(self) -> str:
        if self.monitor is None:
            return self.waiting
        runs = self.monitor.runs
        count = len(runs.runners)
        loaded = sum(runs.freshness(runner.id).fetched_at is not None for runner in runs.runners)
        if loaded < count:
            return f"Nothing is running in {loaded} of {count} runners; loading the others."
        return "Nothing is running.\n\nThe log of a run appears here as soon as it starts."
