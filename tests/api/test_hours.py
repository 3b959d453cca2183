"""What is promised in seconds, with the timing that people have: hours, pressed together."""

import asyncio
import functools
from collections.abc import Callable, Coroutine
from contextlib import aclosing
from dataclasses import dataclass, field
from email.utils import formatdate
from itertools import pairwise
from random import Random
from typing import Any, ParamSpec

import pytest

from nodion_tui.api.client import NodionClient
from nodion_tui.api.events import Ended, FollowEvent, Lines, Lost, Notice, Opened
from nodion_tui.api.follow import LogFollower
from nodion_tui.config import Profile
from tests.api.conftest import KEY
from tests.api.faults import refuse
from tests.support.hostile import Exchange, HostileServer
from tests.support.hours import hours, pressed_together

P = ParamSpec("P")


def in_hours(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Run a test in a loop of its own whose clock jumps."""

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        pressed_together(test(*args, **kwargs))

    return run


@dataclass
class Diary:
    """What a follower told, and when, in seconds since it began."""

    entries: list[tuple[float, FollowEvent]] = field(default_factory=list)

    def when(self, *kinds: type[Any]) -> list[float]:
        """The moments at which events of these kinds came."""
        return [at for at, event in self.entries if isinstance(event, kinds)]

    @property
    def lost(self) -> list[Lost]:
        return [event for _, event in self.entries if isinstance(event, Lost)]

    @property
    def lines(self) -> int:
        """How many lines came; they are in order, each once."""
        found = [
            each for _, event in self.entries if isinstance(event, Lines) for each in event.lines
        ]
        indexes = [int(each.id.partition("-")[0], 16) for each in found]
        assert indexes == list(range(len(indexes)))
        return len(indexes)


async def follow(server: HostileServer, seed: int = 1) -> Diary:
    """Follow the server's run to its end with the timing that people have."""
    diary, loop = Diary(), hours()
    luck = Random(seed)  # noqa: S311  # the same luck every time
    profile = Profile(api_url=server.url)
    async with NodionClient(profile, wall=loop.clock.wall) as client:
        follower = LogFollower(client, KEY, clock=loop.clock, rng=luck.random)
        async with aclosing(follower.events()) as events:
            async for event in events:
                diary.entries.append((loop.time(), event))
    return diary


async def silent(exchange: Exchange) -> None:
    """Some lines, and then not a byte."""
    await exchange.head()
    await exchange.lines(exchange.after, exchange.after + 5)
    await exchange.silence()


@in_hours
async def test_silence_is_a_loss_after_45_seconds() -> None:
    async with HostileServer(30) as server:
        server.plan("stream", silent)
        diary = await follow(server)
    assert diary.when(Lost) == [pytest.approx(45, abs=2)]
    assert diary.lines == 30


@in_hours
async def test_an_hour_of_pings_is_no_loss() -> None:
    async def pings(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.lines(0, 5)
        for _ in range(240):
            await asyncio.sleep(15)
            await exchange.send(b": ping\n\n")
        await exchange.lines(5)
        await exchange.state()

    async with HostileServer(30) as server:
        server.plan("stream", pings)
        diary = await follow(server)
        assert server.count("stream") == 1
    assert diary.when(Ended) == [pytest.approx(3600, abs=2)]
    assert not diary.lost
    assert diary.lines == 30


@in_hours
async def test_a_long_outage_is_asked_about_seldom_and_not_in_step_with_others() -> None:
    """Sixty attempts, each after a wait within the bounds; no shorter than was said."""
    async with HostileServer(10) as server:
        server.plan("stream", *[refuse(503)] * 60)
        server.plan("page", *[refuse(503)] * 60)
        diary = await follow(server)
    waits = [lost.retry_in for lost in diary.lost]
    assert len(waits) >= 60
    assert all(0.25 <= wait <= 30 for wait in waits)
    assert sum(waits) == pytest.approx(diary.when(Ended)[0], abs=5)
    assert 12 <= sum(waits[10:]) / len(waits[10:]) <= 18
    assert max(waits[10:]) > 25


@in_hours
async def test_a_date_to_come_back_at_is_kept_to_half_a_second() -> None:
    loop = hours()

    async def later(exchange: Exchange) -> None:
        now = loop.clock.wall()
        when = formatdate(now + 20, usegmt=True)
        await exchange.answer(503, {}, Date=formatdate(now, usegmt=True), Retry_After=when)

    async with HostileServer(10) as server:
        server.plan("stream", later)
        diary = await follow(server)
    assert diary.lost[0].retry_in == pytest.approx(20, abs=0.5)
    assert diary.when(Opened)[-1] - diary.when(Lost)[0] == pytest.approx(20, abs=0.5)


@pytest.mark.parametrize("asleep_while", ["streaming", "waiting"])
@in_hours
async def test_after_an_hour_of_sleep_it_is_live_within_3_seconds(asleep_while: str) -> None:
    loop, woke = hours(), 0.0

    def sleep() -> None:
        nonlocal woke
        loop.suspend(3600)
        woke = loop.time()
        server.written += 20

    async def dies_in_sleep(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.lines(0, 5)
        loop.call_later(5.3, sleep)
        await exchange.silence()

    async def away(exchange: Exchange) -> None:
        loop.call_later(5.3, sleep)
        await exchange.answer(503, {}, Retry_After="200")

    async with HostileServer(60) as server:
        server.plan("stream", dies_in_sleep if asleep_while == "streaming" else away)
        diary = await follow(server)
    assert woke
    assert diary.when(Opened)[-1] - woke <= 3
    assert diary.lines == 60


@in_hours
async def test_a_proxy_that_holds_back_costs_90_seconds_and_says_so() -> None:
    async def held_back(exchange: Exchange) -> None:
        """The run writes a line every second, of which the stream brings none."""
        writing = asyncio.create_task(write(exchange.server))
        await exchange.head()
        await exchange.silence()
        writing.cancel()

    async def write(server: HostileServer) -> None:
        while server.written < server.total:
            await asyncio.sleep(1)
            server.written += 1

    async with HostileServer(200) as server:
        server.plan("stream", *[held_back] * 8)
        diary = await follow(server)
    said = [at for at, event in diary.entries if isinstance(event, Notice)]
    assert said[0] <= 93
    by_pages = [at for at in diary.when(Lines) if said[0] < at < said[1]]
    assert max(after - before for before, after in pairwise(by_pages)) <= 6
    assert diary.lines == 200


async def ends_without_state(exchange: Exchange) -> None:
    await exchange.head()
    await exchange.lines(exchange.after)
    exchange.server.finish()


async def late_lines(exchange: Exchange) -> None:
    await exchange.head()
    await exchange.lines(exchange.after, 20)
    await exchange.state()
    exchange.server.written = 30
    await exchange.silence()


def over_before(server: HostileServer) -> None:
    server.written = server.total
    server.finish()


@pytest.mark.parametrize(
    "prepare",
    [
        lambda server: server.plan("stream", ends_without_state),
        lambda server: server.plan("stream", late_lines),
        over_before,
    ],
    ids=["end without state", "state before late lines", "over before opening"],
)
@in_hours
async def test_an_end_settles_within_2_seconds(prepare: Callable[[HostileServer], None]) -> None:
    async with HostileServer(30) as server:
        prepare(server)
        diary = await follow(server)
    (ended,) = [event for _, event in diary.entries if isinstance(event, Ended)]
    assert ended.complete
    assert diary.lines == 30
    assert diary.when(Ended)[0] <= 2
