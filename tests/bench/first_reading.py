"""F: seconds until every list of 30 and of 500 runners was read, within a budget of 60 a minute.

The service is on this machine, in a process of its own, but the budget is enforced as for one that
is not.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from nodion_tui.config import Profile, Secret
from nodion_tui.model.backoff import Backoff
from nodion_tui.monitor.monitor import DEFAULT_REQUESTS, Monitor
from nodion_tui.monitor.polling.poller import Poller
from nodion_tui.monitor.runs.changes import Changes
from tests.bench.fleet import Plan
from tests.bench.measure import Effort, Measure, at_most
from tests.bench.service import service

ROW = "F"
_LIMITS: Mapping[int, float] = MappingProxyType({30: 2.0, 500: 30.0})
"""Runners → seconds."""


def measure(effort: Effort) -> Sequence[Measure]:
    """The time from the start to the last list."""
    return [
        at_most(ROW, f"{runners} runners: all lists read", "s", _seconds(runners, effort), limit)
        for runners, limit in _LIMITS.items()
    ]


def _seconds(runners: int, effort: Effort) -> list[float]:
    with service(Plan(runners=runners, runs=12, running=10)) as running:
        return [asyncio.run(_read_all(running.url)) for _ in effort.each]


async def _read_all(url: str) -> float:
    monitor = Monitor(Profile(name="bench", api_url=url, key=Secret("key")))
    monitor.accounts.first.poller = Poller(
        monitor.runs, monitor.accounts.first.client, Backoff(), per_minute=DEFAULT_REQUESTS
    )
    done = asyncio.Event()

    def check(_: Changes) -> None:
        runs = monitor.runs
        if runs.runners and all(runs.freshness(runner.id).is_good for runner in runs.runners):
            done.set()

    monitor.runs.subscribe(check)
    started = time.monotonic()
    task = asyncio.create_task(monitor.run())
    await done.wait()
    seconds = time.monotonic() - started
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await monitor.aclose()
    return seconds
