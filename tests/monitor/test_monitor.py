import asyncio
import time
from collections.abc import Callable

from nodion_tui.config import Profile
from nodion_tui.model.run import RunStatus
from nodion_tui.model.trigger import TriggerRequest
from nodion_tui.monitor.monitor import Monitor
from nodion_tui.monitor.runs.changes import RUNNER_LIST


async def test_a_run_that_writes_while_listed_as_pending_is_polled_next(
    profile: Profile, runner_id: Callable[[str], str]
) -> None:
    monitor = Monitor(profile)
    await monitor.start()
    schedule = monitor.accounts.first.poller._schedule
    try:
        await monitor.accounts.first.poller._fetch(RUNNER_LIST)
        schedule.set_runners(runner.id for runner in monitor.runs.runners)
        for target in (RUNNER_LIST, *(runner.id for runner in monitor.runs.runners)):
            schedule.request_sent(target, time.monotonic())
            schedule.request_succeeded(target)
        run = await monitor.run_control.trigger(runner_id("Until stopped"), TriggerRequest())
        assert run.status == RunStatus.PENDING
        assert schedule.next_target(time.monotonic())[0] is None

        session = monitor.logs.get(run.key)
        written = asyncio.Event()
        session.subscribe(lambda state: written.set() if state.lines else None)
        reading = asyncio.create_task(session.run())
        async with asyncio.timeout(10):
            await written.wait()
        assert schedule.next_target(time.monotonic())[0] == run.runner_id
        reading.cancel()
        await asyncio.wait((reading,))
    finally:
        await monitor.aclose()
