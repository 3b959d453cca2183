"""Fixtures for a follower against a hostile server, with shortened times."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest

from nodion_tui.api.client import NodionClient
from nodion_tui.api.follow.connection import FollowTiming
from nodion_tui.api.follow.events import (
    FollowEvent,
    LogNotice,
    NewLines,
    RunEnded,
    RunUpdate,
    StreamLost,
    StreamOpened,
)
from nodion_tui.api.follow.follower import LogFollower
from nodion_tui.api.http.transport import Timeouts
from nodion_tui.config import Profile, Secret
from nodion_tui.model.errors import NodionError
from nodion_tui.model.run import RunKey
from tests.support.hostile import RUN_ID, RUNNER_ID, HostileServer
from tests.support.virtual_time import virtual_time_loop

KEY = RunKey(RUNNER_ID, RUN_ID)
PRODUCTION = FollowTiming()
QUICK = FollowTiming(silence=0.3, tick=0.05, page_interval=0.05, late_line_wait=0.05)


@dataclass
class Followed:
    """The events that a follower yielded."""

    events: list[FollowEvent] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    """Time of each event, in seconds of the loop's clock."""
    slept: list[float] = field(default_factory=list)
    """Every requested sleep in seconds; none was slept."""
    error: NodionError | None = None

    @property
    def indexes(self) -> list[int]:
        """Indexes of the lines in the order received."""
        lines = [line for event in self.of(NewLines) for line in event.lines]
        return [int(line.id.partition("-")[0], 16) for line in lines]

    @property
    def bodies(self) -> list[str]:
        return [line.body for event in self.of(NewLines) for line in event.lines]

    @property
    def ended(self) -> RunEnded:
        assert isinstance(self.events[-1], RunEnded), self.events[-1]
        return self.events[-1]

    @property
    def lost(self) -> list[StreamLost]:
        return self.of(StreamLost)

    @property
    def opened(self) -> list[StreamOpened]:
        return self.of(StreamOpened)

    @property
    def notices(self) -> list[str]:
        return [event.text for event in self.of(LogNotice)]

    @property
    def runs_seen(self) -> int:
        return len(self.of(RunUpdate))

    def of(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

    def when(self, kind: type[Any]) -> list[float]:
        """Times of all events of a type."""
        timed_events = zip(self.times, self.events, strict=True)
        return [time for time, event in timed_events if isinstance(event, kind)]

    async def take(self, follower: LogFollower) -> None:
        """Follows to the end or to a permanent error."""
        loop = asyncio.get_running_loop()
        try:
            async with aclosing(follower.events()) as events:
                async for event in events:
                    self.events.append(event)
                    self.times.append(loop.time())
        except NodionError as error:
            self.error = error


Follow = Callable[..., Awaitable[Followed]]
Connect = Callable[..., NodionClient]


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    """Creates clients of a server and closes them."""
    clients: list[NodionClient] = []

    def to(
        server: HostileServer,
        *,
        timeouts: Timeouts | None = None,
        port: int | None = None,
        **profile: Any,
    ) -> NodionClient:
        url = server.url if port is None else f"http://127.0.0.1:{port}/v1"
        settings = {"api_url": url, "key": Secret("test-key"), **profile}
        clients.append(NodionClient(Profile(**settings), timeouts=timeouts))
        return clients[-1]

    yield to
    for client in clients:
        await client.aclose()


@pytest.fixture
def follow(connect: Connect) -> Follow:
    """Follows the server's run to its end or to a permanent error."""

    async def to_the_end(server: HostileServer, **options: Any) -> Followed:
        followed = Followed()

        async def no_sleep(seconds: float) -> None:
            followed.slept.append(seconds)
            await asyncio.sleep(0)

        options = {"timing": QUICK, "sleep": no_sleep, **options}
        # An endless loop may swallow the exception that the test time-out raises.
        async with asyncio.timeout(60):
            await followed.take(LogFollower(connect(server), KEY, **options))
        return followed

    return to_the_end


async def follow_for_hours(
    server: HostileServer, seed: int = 1, timing: FollowTiming = PRODUCTION
) -> Followed:
    """Follows to the end with production timing, in an event loop with virtual time."""
    followed, clock = Followed(), virtual_time_loop().clock
    luck = Random(seed)  # noqa: S311  # the same luck every time
    async with NodionClient(Profile(api_url=server.url), wall_clock=clock.wall) as client:
        await followed.take(LogFollower(client, KEY, clock=clock, rng=luck.random, timing=timing))
    return followed
