"""Reads the logs of the runs in a merged log, and merges them, while that is on the screen."""

import asyncio

from nodion_tui.model.errors import NodionError
from nodion_tui.model.run import RunKey
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.monitor.merged.merged_log import MergedLog
from nodion_tui.monitor.merged.merged_runs import MergedRuns
from nodion_tui.monitor.monitor import Monitor
from nodion_tui.monitor.wall.feed import WallFeed


class MergedReader:
    """Starts and stops the reading.

    Args:
        runs: whose logs are read.
        log: where they are merged.
        monitor: where they are read.
    """

    def __init__(self, runs: MergedRuns, log: MergedLog, monitor: Monitor) -> None:
        self._runs = runs
        self._log = log
        self._monitor = monitor
        self._feed: WallFeed | None = None
        self._task: asyncio.Task[None] | None = None
        self.failure = ""
        """Why nothing is read any more; empty if all is well."""

    @property
    def poll_seconds(self) -> float:
        """Seconds between two pages of a log that is polled."""
        return self._feed.poll_seconds if self._feed else 0.0

    @property
    def is_reading(self) -> bool:
        """Whether logs are being read."""
        return self._task is not None

    def problem(self, key: RunKey) -> NodionError | None:
        """Why the log of a run could not be polled last."""
        return self._feed.problems.get(key) if self._feed else None

    def start(self) -> None:
        """Start reading, unless logs are being read or reading has failed since `stop`."""
        if self._task is None:
            poller = self._monitor.poller
            self._feed = WallFeed(
                self._runs,
                self._monitor.logs.get,
                poller.acquire_request,
                per_minute=poller.per_minute,
            )
            self._task = asyncio.create_task(self._read(self._feed))

    def wake(self) -> None:
        """React to changed modes."""
        if self._feed is not None:
            self._feed.wake()

    def stop(self) -> None:
        """Stop reading, and forget a failure."""
        if self._task is not None:
            self._task.cancel()
        self._feed, self._task, self.failure = None, None, ""

    async def _read(self, feed: WallFeed) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(feed.run())
                group.create_task(self._log.merge())
        except Exception as error:  # noqa: BLE001 - shown; it must not end the app
            self.failure = sanitize(f"reader stopped: {error!r}")
