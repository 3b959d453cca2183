"""A suspended machine: detected by two clocks, followed by an immediate reconnect."""

import asyncio

import pytest

from nodion_tui.api.follow.suspend_aware_sleep import ClockPair, SuspendAwareSleep
from tests.api.conftest import Follow
from tests.support.hostile import Exchange, HostileServer


class Clocks:
    """The clocks of a machine; `sleep` suspends it."""

    def __init__(self) -> None:
        self.elapsed = 0.0
        self.suspended = 0.0

    def as_clock(self) -> ClockPair:
        return ClockPair(
            wall=lambda: 1_768_467_600.0 + self.elapsed + self.suspended,
            monotonic=lambda: self.elapsed,
        )


async def test_an_hour_of_suspend_reconnects_at_once_and_loses_nothing(follow: Follow) -> None:
    clocks = Clocks()

    async def dies_in_sleep(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.lines(0, 30)
        await asyncio.sleep(0.02)
        exchange.server.written += 20
        clocks.suspended += 3600.0
        await exchange.silence()

    async with HostileServer(100) as server:
        server.plan("stream", dies_in_sleep)
        followed = await follow(server, clock=clocks.as_clock())
    assert followed.indexes == list(range(100))
    assert [(lost.reason, lost.retry_in) for lost in followed.lost] == [
        ("this machine was suspended", 0.0)
    ]
    assert followed.slept == []


async def test_suspend_during_a_sleep_ends_the_sleep() -> None:
    clocks = Clocks()
    rests: list[float] = []

    async def sleep(seconds: float) -> None:
        rests.append(seconds)
        clocks.elapsed += seconds
        if len(rests) == 2:
            clocks.suspended += 60.0

    assert await SuspendAwareSleep(clocks.as_clock(), sleep).sleep(300.0)
    assert rests == [2.0, 2.0]


async def test_a_sleep_without_suspend_has_full_length() -> None:
    clocks = Clocks()

    async def sleep(seconds: float) -> None:
        clocks.elapsed += seconds

    assert not await SuspendAwareSleep(clocks.as_clock(), sleep).sleep(12.5)
    assert clocks.elapsed == pytest.approx(12.5)
