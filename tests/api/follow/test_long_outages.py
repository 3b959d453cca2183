"""Time limits with production timing: hours in virtual time."""

import asyncio
from collections.abc import Callable
from email.utils import formatdate

import pytest

from nodion_tui.api.follow.events import Heartbeat, RunEnded, StreamLost, StreamOpened
from nodion_tui.api.follow.quiet import QUIET_TIMING
from tests.api.conftest import follow_for_hours
from tests.api.follow.faults import refuse
from tests.support.hostile import Exchange, HostileServer
from tests.support.virtual_time import in_virtual_time, virtual_time_loop

PING_SECONDS = 15.0
"""As the service does."""


async def silent(exchange: Exchange) -> None:
    """Sends some lines, then no data."""
    await exchange.head()
    await exchange.lines(exchange.after, exchange.after + 5)
    await exchange.silence()


@in_virtual_time
async def test_silence_is_a_loss_after_45_seconds() -> None:
    async with HostileServer(30) as server:
        server.plan("stream", silent)
        followed = await follow_for_hours(server)
    assert followed.when(StreamLost) == [pytest.approx(45, abs=2)]
    assert followed.indexes == list(range(30))


@in_virtual_time
async def test_silence_of_a_quiet_stream_is_a_loss_after_45_seconds() -> None:
    async with HostileServer(30) as server:
        server.plan("stream", silent)
        followed = await follow_for_hours(server, timing=QUIET_TIMING)
    assert followed.when(StreamLost)[0] == pytest.approx(45, abs=2)


def test_a_quiet_stream_wakes_up_with_its_pings_alone() -> None:
    assert QUIET_TIMING.tick > PING_SECONDS + 5


@in_virtual_time
async def test_an_hour_of_pings_is_no_loss() -> None:
    async def pings(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.lines(0, 5)
        for _ in range(240):
            await asyncio.sleep(PING_SECONDS)
            await exchange.send(b": ping\n\n")
        await exchange.lines(5)
        await exchange.state()

    async with HostileServer(30) as server:
        server.plan("stream", pings)
        followed = await follow_for_hours(server)
        assert server.count("stream") == 1
    assert followed.when(RunEnded) == [pytest.approx(3600, abs=2)]
    assert followed.lost == []
    assert len(followed.of(Heartbeat)) >= 239
    assert followed.indexes == list(range(30))


@in_virtual_time
async def test_a_long_outage_is_retried_rarely_and_not_in_step_with_others() -> None:
    """Forty attempts, each after a delay within the bounds and not shorter than announced."""
    async with HostileServer(10) as server:
        server.plan("stream", *[refuse(503)] * 40)
        server.plan("page", *[refuse(503)] * 40)
        followed = await follow_for_hours(server)
    waits = [lost.retry_in for lost in followed.lost]
    assert len(waits) >= 40
    assert all(0.25 <= wait <= 30 for wait in waits)
    assert sum(waits) == pytest.approx(followed.when(RunEnded)[0], abs=5)
    assert 12 <= sum(waits[10:]) / len(waits[10:]) <= 18
    assert max(waits[10:]) > 25


@in_virtual_time
async def test_a_retry_after_date_is_met_to_half_a_second() -> None:
    loop = virtual_time_loop()

    async def later(exchange: Exchange) -> None:
        now = loop.clock.wall()
        when = formatdate(now + 20, usegmt=True)
        await exchange.answer(503, {}, Date=formatdate(now, usegmt=True), Retry_After=when)

    async with HostileServer(10) as server:
        server.plan("stream", later)
        followed = await follow_for_hours(server)
    assert followed.lost[0].retry_in == pytest.approx(20, abs=0.5)
    assert followed.when(StreamOpened)[-1] - followed.when(StreamLost)[0] == pytest.approx(
        20, abs=0.5
    )


@pytest.mark.parametrize("asleep_while", ["streaming", "waiting"])
@in_virtual_time
async def test_after_an_hour_of_suspend_the_log_is_live_within_3_seconds(asleep_while: str) -> None:
    loop, woke = virtual_time_loop(), 0.0

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
        followed = await follow_for_hours(server)
    assert woke
    assert followed.when(StreamOpened)[-1] - woke <= 3
    assert followed.indexes == list(range(60))


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
@in_virtual_time
async def test_an_end_settles_within_2_seconds(prepare: Callable[[HostileServer], None]) -> None:
    async with HostileServer(30) as server:
        prepare(server)
        followed = await follow_for_hours(server)
    assert followed.ended.complete
    assert followed.indexes == list(range(30))
    assert followed.when(RunEnded)[0] <= 2
