"""A proxy that holds the stream back: pages instead, said so, and back to live when it speaks."""

import asyncio
from contextlib import aclosing
from itertools import groupby

from nodion_tui.api.events import Lines, Notice, Opened
from nodion_tui.api.follow import LogFollower
from nodion_tui.api.link import Timing
from tests.api.conftest import KEY, Connect, Follow
from tests.support.hostile import Exchange, HostileServer


async def held_back(exchange: Exchange) -> None:
    """The head, and then nothing that comes through; the run writes on."""
    await exchange.head()
    writing = asyncio.get_running_loop().create_task(_write(exchange.server))
    await exchange.silence()
    writing.cancel()


async def no_head(exchange: Exchange) -> None:
    await exchange.silence()


async def _write(server: HostileServer) -> None:
    while server.written < server.total:
        await asyncio.sleep(0.02)
        server.written += 1


async def test_two_silent_connections_lead_to_pages_and_a_byte_back_to_live(
    follow: Follow,
) -> None:
    async def late(exchange: Exchange) -> None:
        """Held back as well, until lines have come by pages."""
        server = exchange.server
        await exchange.head()
        before = server.written
        while server.written < before + 10 or server.count("page") < 12:
            server.written = min(server.written + 1, server.total - 20)
            await asyncio.sleep(0.02)
        await exchange.lines(exchange.after)
        await exchange.state()

    async with HostileServer(200) as server:
        server.plan("stream", held_back, held_back, late)
        followed = await follow(server)
    assert followed.indexes == list(range(200))
    assert followed.ended.complete
    assert followed.notices == [
        "the stream stays silent: reading by pages until it speaks",
        "the stream is live again",
    ]
    by_pages, live = (followed.events.index(Notice(notice)) for notice in followed.notices)
    paged = [event for event in followed.events[by_pages:live] if isinstance(event, Lines)]
    assert paged
    assert not any(event.live for event in paged)
    assert followed.of(Lines)[-1].live
    assert len(followed.lost) == 2


async def test_a_silence_that_lasts_is_told_once(follow: Follow) -> None:
    """Silent connections are replaced again and again; pages come meanwhile, and no more marks."""
    async with HostileServer(100) as server:
        server.always("stream", held_back)

        async def end_when_seen(exchange: Exchange) -> None:
            if server.count("stream") == 6:
                server.finish()
            await exchange.answer(200, {"run": server.run()})

        server.always("run", end_when_seen)
        followed = await follow(
            server, timing=Timing(silence=0.1, tick=0.02, pages=0.02, settle=0.02)
        )
    assert len(followed.lost) == 2
    assert len(followed.opened) == 3
    assert len(followed.notices) == 1
    assert followed.indexes == list(range(server.written))
    assert followed.ended.complete


async def test_lines_do_not_wait_for_a_head_that_never_comes(follow: Follow) -> None:
    async def writes_without_head(exchange: Exchange) -> None:
        await held_back_without_head(exchange)

    async def held_back_without_head(exchange: Exchange) -> None:
        writing = asyncio.get_running_loop().create_task(_write(exchange.server))
        await exchange.silence()
        writing.cancel()

    async with HostileServer(20) as server:
        server.plan("stream", no_head, no_head)
        server.always("stream", writes_without_head)

        async def end_when_written(exchange: Exchange) -> None:
            if server.written == server.total:
                server.finish()
            await exchange.answer(200, {"run": server.run()})

        server.always("run", end_when_written)
        followed = await follow(server)
    assert followed.indexes == list(range(20))
    assert followed.ended.complete
    assert followed.opened == [Opened(resumed=False)]
    assert len(followed.lost) == 2


async def test_a_stream_that_lives_is_not_called_silent_later(follow: Follow) -> None:
    """Two stalls with an hour of life between them are not two in a row."""

    async def lives_then_stalls(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.lines(exchange.after, exchange.after + 10)
        for _ in range(10):
            await exchange.send(b": ping\n\n")
            await asyncio.sleep(0.05)
        await exchange.silence()

    async with HostileServer(40) as server:
        server.plan("stream", lives_then_stalls, lives_then_stalls)
        followed = await follow(server, timing=Timing(silence=0.2, tick=0.05, settle=0.05))
    assert followed.indexes == list(range(40))
    assert followed.notices == []
    assert len(followed.lost) == 2


async def test_a_loop_that_was_blocked_is_not_the_servers_silence(connect: Connect) -> None:
    """A terminal that is not read for a minute blocks everything: no false loss comes of it."""

    def block() -> None:
        import time

        time.sleep(0.5)  # blocks on purpose

    async with HostileServer(20) as server:

        async def two_halves(exchange: Exchange) -> None:
            await exchange.head()
            await exchange.lines(0, 10)
            asyncio.get_running_loop().call_later(0.01, block)
            await asyncio.sleep(0.02)
            await exchange.lines(10)
            await exchange.state()

        server.plan("stream", two_halves)
        timing = Timing(silence=0.3, tick=0.1, settle=0.05)
        follower = LogFollower(connect(server), KEY, timing=timing)
        async with aclosing(follower.events()) as events:
            kinds = [kind.__name__ for kind, _ in groupby([type(event) async for event in events])]
    assert kinds == ["Paged", "Opened", "Lines", "Ended"]
