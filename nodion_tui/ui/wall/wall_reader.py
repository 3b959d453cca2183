"""Reads the logs of the wall while it is on the screen, and tells how."""

import asyncio
from typing import NamedTuple

from nodion_tui.model.run import RunKey
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.monitor.monitor import Monitor
from nodion_tui.monitor.wall.feed import WallFeed
from nodion_tui.monitor.wall.membership import FeedMode, WallMembership
from nodion_tui.ui.session import error_text as errors
from nodion_tui.ui.wall.status_bar import WallStats
from nodion_tui.ui.wall.tile_text import FeedState


class _Reading(NamedTuple):
    feed: WallFeed
    task: asyncio.Task[None]


class WallReader:
    """Starts and stops the feed of a wall.

    Args:
        wall: whose logs are read.
        monitor: where they are read.
    """

    def __init__(self, wall: WallMembership, monitor: Monitor) -> None:
        self._wall = wall
        self._monitor = monitor
        self._reading: _Reading | None = None
        self._failure = ""

    @property
    def is_reading(self) -> bool:
        """Whether logs are being read."""
        return self._reading is not None

    def start(self) -> None:
        """Start reading, unless logs are being read or reading has failed since `stop`."""
        if self._reading is None:
            monitor = self._monitor
            feed = WallFeed(
                self._wall,
                monitor.logs.get,
                monitor.poller.acquire_request,
                per_minute=monitor.poller.per_minute,
            )
            self._reading = _Reading(feed, asyncio.create_task(self._read(feed)))

    def wake(self) -> None:
        """React to changed modes."""
        if self._reading is not None:
            self._reading.feed.wake()

    def stop(self) -> None:
        """Stop reading, and forget a failure."""
        if self._reading is not None:
            self._reading.task.cancel()
        self._reading, self._failure = None, ""

    def stats(self, first: int, shown: int) -> WallStats:
        """How many logs are read, and how.

        Args:
            first: index of the first visible tile.
            shown: number of visible tiles.
        """
        ended = self._wall.ended
        # What a run writes after its end is read, but it is not live.
        modes = [mode for key, mode in self._wall.feeds.items() if key not in ended]
        return WallStats(
            running=len(modes),
            ended=len(ended),
            streamed=modes.count(FeedMode.STREAM),
            polled=modes.count(FeedMode.POLL),
            poll_seconds=self._reading.feed.poll_seconds if self._reading else 0.0,
            first=first,
            shown=shown,
            failure=self._failure,
        )

    def feed_state(self, key: RunKey) -> FeedState:
        """How the log of a run is read."""
        mode = self._wall.feeds.get(key, FeedMode.IDLE)
        if self._reading is None or mode is not FeedMode.POLL:
            return FeedState(mode)
        feed = self._reading.feed
        problem = feed.problems.get(key)
        return FeedState(mode, feed.poll_seconds, errors.short_text(problem) if problem else "")

    async def _read(self, feed: WallFeed) -> None:
        try:
            await feed.run()
        except Exception as error:  # noqa: BLE001 - shown; it must not end the app
            self._failure = sanitize(f"log reader stopped: {error!r}")
