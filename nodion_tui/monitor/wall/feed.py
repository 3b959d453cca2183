"""Reads the logs of the wall: streams as many as it says, polls the others within the budget."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable

from nodion_tui.model.errors import NodionError
from nodion_tui.model.run import RunKey
from nodion_tui.monitor.log.session import LogSession
from nodion_tui.monitor.wall.membership import FeedMode, WallMembership

POLL_SECONDS = 15
"""How often a log is polled while few are."""
BUDGET_SHARE = 3
"""One in so many requests of the budget is for the wall."""


class WallFeed:
    """Does what a `Wall` says, until cancelled; `heed` tells it that the wall says something else.

    Args:
        wall: whose logs are read.
        session_of: a run's log.
        turn: waits until one more request fits into the budget.
        per_minute: requests a minute that the whole program may send.
        shortest: seconds between two polls of one log, at least.
        clock: monotonic, in seconds.
    """

    def __init__(
        self,
        wall: WallMembership,
        session_of: Callable[[RunKey], LogSession],
        acquire_request: Callable[[], Awaitable[None]],
        *,
        per_minute: int,
        min_poll_seconds: float = POLL_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wall = wall
        self._session_of = session_of
        self._turn = acquire_request
        self._a_poll = 60.0 * BUDGET_SHARE / per_minute
        self._shortest = min_poll_seconds
        self._clock = clock
        self._stir = asyncio.Event()
        self._poll_stir = asyncio.Event()
        self._streams: dict[RunKey, asyncio.Task[None]] = {}
        self._polled_at: dict[RunKey, float] = {}
        self.problems: dict[RunKey, NodionError] = {}
        """Why the last poll of a log failed."""

    @property
    def poll_seconds(self) -> float:
        """How often each polled log is asked for: the more there are, the seldomer."""
        polled = sum(feed is FeedMode.POLL for feed in self._wall.feeds.values())
        return max(self._shortest, float(math.ceil(polled * self._a_poll)))

    @property
    def streaming(self) -> int:
        """Logs that are being streamed."""
        return len(self._streams)

    def wake(self) -> None:
        """The wall says something else."""
        self._stir.set()
        self._poll_stir.set()

    async def run(self) -> None:
        """Read until cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._poll())
                while True:
                    self._stir.clear()
                    self._stream_as_told(group)
                    await self._stir.wait()
        finally:
            self._streams.clear()

    def _stream_as_told(self, group: asyncio.TaskGroup) -> None:
        feeds = self._wall.feeds
        for key, task in list(self._streams.items()):
            if feeds.get(key) is not FeedMode.STREAM:
                del self._streams[key]
                task.cancel()
        for key, feed in feeds.items():
            if feed is FeedMode.STREAM and key not in self._streams:
                self._streams[key] = group.create_task(self._stream(key))

    async def _stream(self, key: RunKey) -> None:
        await self._session_of(key).run()
        self._streams.pop(key, None)
        self._wall.mark_read(key)
        self.wake()

    async def _poll(self) -> None:
        while True:
            self._poll_stir.clear()
            key, wait = self._next()
            if key is None or wait > 0:
                await self._rest(wait)
                continue
            await self._turn()
            await self._ask(key)

    def _next(self) -> tuple[RunKey | None, float]:
        """Which log is polled next, and in how many seconds; those never polled come first."""
        polled = [key for key, feed in self._wall.feeds.items() if feed is FeedMode.POLL]
        self._polled_at = {key: at for key, at in self._polled_at.items() if key in polled}
        self.problems = {key: why for key, why in self.problems.items() if key in polled}
        key = min(polled, key=lambda key: self._polled_at.get(key, -math.inf), default=None)
        if key is None:
            return None, math.inf
        due = self._polled_at.get(key, -math.inf) + self.poll_seconds
        return key, max(0.0, due - self._clock())

    async def _ask(self, key: RunKey) -> None:
        if self._wall.feeds.get(key) is not FeedMode.POLL:
            return
        over = self._wall.has_ended(key)
        try:
            is_all = await self._session_of(key).catch_up()
        except NodionError as error:
            self.problems[key] = error
            is_all = True
        else:
            self.problems.pop(key, None)
        # More is there: it is asked for as soon as the others have had their turn.
        self._polled_at[key] = self._clock() - (0.0 if is_all else self.poll_seconds)
        if is_all and over:
            self._wall.mark_read(key)
            self.wake()

    async def _rest(self, seconds: float) -> None:
        """Wait so long, or until the wall says something else."""
        try:
            async with asyncio.timeout(None if math.isinf(seconds) else seconds):
                await self._poll_stir.wait()
        except TimeoutError:
            return
