"""A monitor that is closed by two tasks at once, as at the end of the app."""

import asyncio

from nodion_tui.config import Profile, Secret
from nodion_tui.model.run import RunKey
from nodion_tui.monitor.monitor import Monitor
from tests.support.hostile import RUN_ID, RUNNER_ID, Exchange, HostileServer, until


async def endless(exchange: Exchange) -> None:
    await exchange.head()
    await exchange.silence()


async def test_closing_from_two_tasks_closes_once() -> None:
    async with HostileServer(10) as server:
        server.always("stream", endless)
        monitor = Monitor(Profile(api_url=server.url, key=Secret("key")))
        before = asyncio.all_tasks()
        polling = asyncio.create_task(monitor.run())
        await until(lambda: monitor.started)
        reading = asyncio.create_task(monitor.logs.get(RunKey(RUNNER_ID, RUN_ID)).run())
        await until(lambda: server.count("stream") >= 1)
        polling.cancel()
        await asyncio.sleep(0)
        await monitor.aclose()
        ours = asyncio.all_tasks() - before - {polling, reading}
        remaining = [task.get_coro() for task in ours if "Hostile" not in repr(task.get_coro())]
        assert not [work for work in remaining if "LogStream" in repr(work)]
        await asyncio.gather(polling, reading, return_exceptions=True)
