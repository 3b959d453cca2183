"""A proxy that buffers the stream: page polling with a notice, and live again when data arrives."""

import asyncio
from itertools import groupby, pairwise

from nodion_tui.api.follow.events import LogNotice, NewLines, StreamLost, StreamOpened
from tests.api.conftest import follow_for_hours
from tests.support.hostile import Exchange, HostileServer
from tests.support.virtual_time import in_virtual_time, virtual_time_loop


async def held_back(exchange: Exchange) -> None:
    """Sends the head and no data, while the run continues to write."""
    await exchange.head()
    await no_head(exchange)


async def no_head(exchange: Exchange) -> None:
    """Sends nothing, while the run continues to write."""
    writing = asyncio.get_running_loop().create_task(_write(exchange.server))
    await exchange.silence()
    writing.cancel()


async def _write(server: HostileServer) -> None:
    while server.written < server.total:
        await asyncio.sleep(1)
        server.written += 1


@in_virtual_time
async def test_two_silent_connections_lead_to_pages_and_a_byte_back_to_live() -> None:
    async def late(exchange: Exchange) -> None:
        """Also delayed, for 33 s."""
        server = exchange.server
        await exchange.head()
        for _ in range(33):
            await asyncio.sleep(1)
            server.written += 1
        await exchange.lines(exchange.after)
        await exchange.state()

    async with HostileServer(200) as server:
        server.plan("stream", held_back, held_back, late)
        followed = await follow_for_hours(server)
    assert followed.indexes == list(range(200))
    assert followed.ended.complete
    assert followed.notices == [
        "the stream is silent: polling log pages instead",
        "the stream is live again",
    ]
    assert followed.when(LogNotice)[0] <= 93
    by_pages, live = (followed.events.index(LogNotice(notice)) for notice in followed.notices)
    paged = [event for event in followed.events[by_pages:live] if isinstance(event, NewLines)]
    assert paged
    assert not any(event.live for event in paged)
    assert followed.of(NewLines)[-1].live
    assert len(followed.lost) == 2


@in_virtual_time
async def test_a_lasting_silence_is_reported_once() -> None:
    """Silent connections are replaced repeatedly; pages deliver lines without more notices."""
    async with HostileServer(400) as server:
        server.always("stream", held_back)

        async def end_when_seen(exchange: Exchange) -> None:
            if server.count("stream") == 6:
                server.finish()
            await exchange.answer(200, {"run": server.run()})

        server.always("run", end_when_seen)
        followed = await follow_for_hours(server)
    assert len(followed.lost) == 2
    assert len(followed.opened) == 3
    assert len(followed.notices) == 1
    by_pages = [at for at in followed.when(NewLines) if at > followed.when(LogNotice)[0]]
    assert max(after - before for before, after in pairwise(by_pages)) <= 7
    assert followed.indexes == list(range(server.written))
    assert followed.ended.complete


@in_virtual_time
async def test_lines_do_not_wait_for_a_head_that_never_comes() -> None:
    async with HostileServer(120) as server:
        server.always("stream", no_head)

        async def end_when_written(exchange: Exchange) -> None:
            if server.written == server.total:
                server.finish()
            await exchange.answer(200, {"run": server.run()})

        server.always("run", end_when_written)
        followed = await follow_for_hours(server)
    assert followed.indexes == list(range(120))
    assert followed.ended.complete
    assert followed.opened == [StreamOpened(resumed=False)]
    assert len(followed.lost) == 2


@in_virtual_time
async def test_a_live_stream_is_not_reported_as_silent_later() -> None:
    """Two stalls with an hour of data between them are not consecutive."""

    async def lives_then_stalls(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.lines(exchange.after, exchange.after + 10)
        for _ in range(5):
            await asyncio.sleep(15)
            await exchange.send(b": ping\n\n")
        await exchange.silence()

    async with HostileServer(40) as server:
        server.plan("stream", lives_then_stalls, lives_then_stalls)
        followed = await follow_for_hours(server)
    assert followed.indexes == list(range(40))
    assert followed.notices == []
    assert len(followed.of(StreamLost)) == 2


@in_virtual_time
async def test_a_blocked_loop_is_not_silence_of_the_server() -> None:
    """A terminal that is not read for minutes blocks the loop without causing a false loss."""
    loop = virtual_time_loop()

    async def two_halves(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.lines(0, 10)
        loop.call_later(1, loop.block, 300)
        await asyncio.sleep(2)
        await exchange.lines(10)
        await exchange.state()

    async with HostileServer(20) as server:
        server.plan("stream", two_halves)
        followed = await follow_for_hours(server)
    assert followed.times[-1] > 300
    kinds = [kind.__name__ for kind, _ in groupby(map(type, followed.events))]
    assert kinds == ["HistoryRead", "StreamOpened", "NewLines", "StateReceived", "RunEnded"]
