"""Reads the logs of the wall: streams a few, and polls the others within the budget."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Protocol

from nodion_tui.model.errors import NodionError
from nodion_tui.model.run import RunKey
from nodion_tui.monitor.wall.membership import FeedMode

POLL_SECONDS = 15
"""Polling interval of a log while few are polled."""
BUDGET_SHARE = 3
"""The wall uses one of this many requests of the budget."""


class FedLogs(Protocol):
    """Whose logs are read, and how; see `WallMembership`."""

    @property
    def feeds(self) -> Mapping[RunKey, FeedMode]:
        """Mode of each run."""

    def has_ended(self, key: RunKey) -> bool:
        """Whether a run has ended."""

    def mark_read(self, key: RunKey) -> None:
        """Record that a run's log was read to its end, or cannot be read."""


class FedLog(Protocol):
    """The log of a run, read in either way; see `LogSession`."""

    async def run(self, *, is_open: bool = True) -> None:
        """Read the log until its end, or until cancelled; errors are not raised."""

    async def catch_up(self) -> bool:
        """Fetch the next page of lines; returns whether there is no more for now.

        Raises:
            NodionError: the request failed.
        """


class WallFeed:
    """Reads logs in the mode that is assigned to each; call `wake` when the modes change.

    Args:
        wall: whose logs are read.
        session_of: the log of a run.
        acquire_request: waits until one more request fits into the budget for a runner id.
        per_minute: maximum requests per minute; of several budgets, of the least one.
        min_poll_seconds: minimum seconds between two polls of one log.
        clock: monotonic, in seconds.
    """

    def __init__(
        self,
        wall: FedLogs,
        session_of: Callable[[RunKey], FedLog],
        acquire_request: Callable[[str], Awaitable[None]],
        *,
        per_minute: int,
        min_poll_seconds: float = POLL_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wall = wall
        self._session_of = session_of
        self._acquire_request = acquire_request
        self._seconds_per_poll = 60.0 * BUDGET_SHARE / per_minute
        self._min_poll_seconds = min_poll_seconds
        self._clock = clock
        self._changed = asyncio.Event()
        self._poll_changed = asyncio.Event()
        self._streams: dict[RunKey, asyncio.Task[None]] = {}
        self._polled_at: dict[RunKey, float] = {}
        self.problems: dict[RunKey, NodionError] = {}
        """Error of the last poll, by log."""

    @property
    def poll_seconds(self) -> float:
        """Polling interval of each log: it grows with their number."""
        polled = sum(feed is FeedMode.POLL for feed in self._wall.feeds.values())
        return max(self._min_poll_seconds, float(math.ceil(polled * self._seconds_per_poll)))

    def wake(self) -> None:
        """React to changed modes."""
        self._changed.set()
        self._poll_changed.set()

    async def run(self) -> None:
        """Read logs until cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._poll_logs())
                while True:
                    self._changed.clear()
                    self._update_streams(group)
                    await self._changed.wait()
        finally:
            self._streams.clear()

    def _update_streams(self, group: asyncio.TaskGroup) -> None:
        feeds = self._wall.feeds
        for key, task in list(self._streams.items()):
            if feeds.get(key) is not FeedMode.STREAM:
                del self._streams[key]
                task.cancel()
        for key, feed in feeds.items():
            if feed is FeedMode.STREAM and key not in self._streams:
                self._streams[key] = group.create_task(self._stream(key))

    async def _stream(self, key: RunKey) -> None:
        await self._session_of(key).run(is_open=False)
        self._streams.pop(key, None)
        self._wall.mark_read(key)
        self.wake()

    async def _poll_logs(self) -> None:
        while True:
            self._poll_changed.clear()
            key, delay = self._next()
            if key is None or delay > 0:
                await self._rest(delay)
                continue
            await self._acquire_request(key.runner_id)
            await self._poll_log(key)

    def _next(self) -> tuple[RunKey | None, float]:
        """The log to poll next, and the seconds to wait; those never polled come first."""
        polled = [key for key, feed in self._wall.feeds.items() if feed is FeedMode.POLL]
        self._polled_at = {
            key: polled_at for key, polled_at in self._polled_at.items() if key in polled
        }
        self.problems = {key: error for key, error in self.problems.items() if key in polled}
        key = min(polled, key=lambda key: self._polled_at.get(key, -math.inf), default=None)
        if key is None:
            return None, math.inf
        due = self._polled_at.get(key, -math.inf) + self.poll_seconds
        return key, max(0.0, due - self._clock())

    async def _poll_log(self, key: RunKey) -> None:
        if self._wall.feeds.get(key) is not FeedMode.POLL:
            return
        has_ended = self._wall.has_ended(key)
        try:
            is_complete = await self._session_of(key).catch_up()
        except NodionError as error:
            self.problems[key] = error
            is_complete = True
        else:
            self.problems.pop(key, None)
        # There is more: it is fetched as soon as the others have been polled.
        self._polled_at[key] = self._clock() - (0.0 if is_complete else self.poll_seconds)
        if is_complete and has_ended:
            self._wall.mark_read(key)
            self.wake()

    async def _rest(self, seconds: float) -> None:
        """Wait this long, or until the modes change."""
        with suppress(TimeoutError):
            async with asyncio.timeout(None if math.isinf(seconds) else seconds):
                await self._poll_changed.wait()
