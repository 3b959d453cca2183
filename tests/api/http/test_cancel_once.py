"""Repeated cancels leave no open connection, on either side."""

import asyncio
from collections.abc import Coroutine
from contextlib import aclosing, suppress
from typing import Any

import pytest

from nodion_tui.api.follow.follower import LogFollower
from nodion_tui.api.http.cancel_once import CancelOnceTasks, ClientClosed
from nodion_tui.api.http.transport import Timeouts
from nodion_tui.model.errors import NodionError
from tests.api.conftest import KEY, Connect
from tests.support.hostile import Exchange, HostileServer, until

_TIMES = 40


async def hang(exchange: Exchange) -> None:
    await exchange.silence()


async def endless(exchange: Exchange) -> None:
    await exchange.head()
    await exchange.lines(0, 5)
    await exchange.silence()


async def cancelled(work: Coroutine[Any, Any, object], *, after: float, times: int) -> None:
    """Starts a coroutine and cancels it repeatedly, as closing two screens at once does."""
    task = asyncio.create_task(work)
    await asyncio.sleep(after)
    for _ in range(times):
        task.cancel()
        await asyncio.sleep(0)
    with suppress(asyncio.CancelledError, NodionError):
        await task


async def drain(follower: LogFollower) -> None:
    async with aclosing(follower.events()) as events:
        async for _ in events:
            pass


async def test_a_task_is_cancelled_once_however_often_its_caller_is() -> None:
    tidied = asyncio.Event()
    keeper = CancelOnceTasks()

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.01)  # as closing a connection does
            tidied.set()

    await cancelled(keeper.run(work()), after=0.001, times=3)
    async with asyncio.timeout(1):
        await tidied.wait()


async def test_closing_fails_waiting_and_new_callers() -> None:
    keeper = CancelOnceTasks()
    waiting = asyncio.create_task(keeper.run(asyncio.sleep(60)))
    await asyncio.sleep(0)
    await keeper.aclose()
    with pytest.raises(ClientClosed):
        await waiting
    with pytest.raises(ClientClosed):
        await keeper.run(asyncio.sleep(60))


@pytest.mark.parametrize("times", [1, 2, 3])
async def test_abandoned_streams(times: int, connect: Connect) -> None:
    async with HostileServer(10) as server:
        server.always("stream", endless)
        client = connect(server)
        for turn in range(_TIMES):
            work = drain(LogFollower(client, KEY))
            await cancelled(work, after=turn % 8 / 1000, times=times)
        await client.list_runners()
        await client.aclose()
        await until(lambda: server.open_connections == 0)


@pytest.mark.parametrize("times", [1, 2, 3])
async def test_abandoned_requests(times: int, connect: Connect) -> None:
    async with HostileServer(10) as server:
        server.always("runs", hang)
        client = connect(server, timeouts=Timeouts(connect=1, read=1, total=1))
        for turn in range(_TIMES):
            work = client.list_runs(KEY.runner_id)
            await cancelled(work, after=turn % 4 / 1000, times=times)
        await until(lambda: server.open_connections <= 1)
        assert (await client.list_runners()).items


async def test_closing_the_client_ends_everything(connect: Connect) -> None:
    async with HostileServer(10) as server:
        server.always("stream", endless)
        server.always("runs", hang)
        client = connect(server)
        work: list[asyncio.Task[Any]] = [
            asyncio.create_task(drain(LogFollower(client, KEY))) for _ in range(5)
        ]
        work += [asyncio.create_task(client.list_runs(KEY.runner_id)) for _ in range(5)]
        await until(lambda: server.count("stream") == 5 and server.count("runs") == 5)
        await client.aclose()
        await until(lambda: server.open_connections == 0)
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)


async def test_concurrent_closes_both_wait_until_all_is_closed(connect: Connect) -> None:
    """As when a worker ends with its app."""
    async with HostileServer(10) as server:
        client = connect(server)
        await asyncio.gather(*(client.list_runners() for _ in range(4)))  # each stays open
        first = asyncio.create_task(client.aclose())
        await asyncio.sleep(0)
        await client.aclose()
        await asyncio.sleep(0)
        assert first.done()


async def test_a_pool_whose_connections_are_leaked_is_replaced(connect: Connect) -> None:
    async with HostileServer(10) as server:
        server.always("runs", hang)
        client = connect(server, timeouts=Timeouts(connect=10, read=10, total=20, pool=0.1))
        held = [asyncio.create_task(client.list_runs(str(n))) for n in range(20)]
        await until(lambda: server.count("runs") == 20)
        assert (await client.list_runners()).items
        for task in held:
            task.cancel()
        await asyncio.gather(*held, return_exceptions=True)


async def test_many_streams_do_not_starve_requests(connect: Connect) -> None:
    async with HostileServer(10) as server:
        server.always("stream", endless)
        client = connect(server)
        work = [asyncio.create_task(drain(LogFollower(client, KEY))) for _ in range(25)]
        await until(lambda: server.count("stream") == 25)
        async with asyncio.timeout(10):
            for _ in range(10):
                await client.list_runs(KEY.runner_id)
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)
