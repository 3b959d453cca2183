"""P8: requests per minute with few and many runners, and maximum age of a visible row.

The requests are told, not judged: at a service on loopback there is no budget. `ends` has one.
Runs the installed program for a while, all sizes at once, and analyses the requests at the service.
Reading a log is a user request, not a poll.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from itertools import pairwise

from nodion_tui.monitor.monitor import DEFAULT_REQUESTS
from nodion_tui.monitor.polling.list_ages import STALE_CYCLES, STALE_SECONDS
from nodion_tui.monitor.polling.schedule import PollSchedule
from tests.bench.fleet import Plan, list_of
from tests.bench.measure import Effort, Measure, at_most
from tests.bench.program import dashboard
from tests.bench.service import Seen, service
from tests.support.canned import runner

ROW = "P8"
RUNNERS = (1, 50, 500)
_RUNNING = 10
"""Visible active runs, each of another runner if there are enough."""
_MINUTE = 60.0


def measure(effort: Effort) -> Sequence[Measure]:
    """The requests of the busiest minute; the oldest active row relative to the limit."""
    seconds = effort.of(150, 75)
    plans = [Plan(runners=count, runs=12, running=_RUNNING) for count in RUNNERS]
    with ExitStack() as stack:
        services = [stack.enter_context(service(plan)) for plan in plans]
        for each in services:
            stack.enter_context(dashboard(each.url))
        time.sleep(seconds)
        seen = [each.seen() for each in services]
    return [
        measured for plan, one in zip(plans, seen, strict=True) for measured in _judged(plan, one)
    ]


def _judged(plan: Plan, seen: Seen) -> Iterator[Measure]:
    polls = [(at, path) for at, path in seen.requests if "/logs" not in path]
    whose = f"{plan.runners} runner{'s' if plan.runners > 1 else ''}"
    requests = (busiest([at for at, _ in polls]),)
    yield Measure(ROW, f"{whose}: requests in the busiest minute, with the start", "", requests)
    fresh = STALE_SECONDS + STALE_CYCLES * cycle(plan.runners, min(plan.runners, _RUNNING))
    yield at_most(ROW, f"{whose}: oldest running row", "s", (_oldest(plan, polls),), fresh)


def busiest(moments: Sequence[float]) -> int:
    """The number of times within the busiest minute."""
    return max(sum(at <= each < at + _MINUTE for each in moments) for at in moments)


def cycle(runners: int, running: int) -> float:
    """Promised seconds between two answers for a list with active runs."""
    schedule = PollSchedule(DEFAULT_REQUESTS, 0.0)
    names = [str(number) for number in range(runners)]
    schedule.set_runners(names)
    schedule.set_preferred(selected=(), running=names[:running])
    return schedule.expected_interval(names[0])


def _oldest(plan: Plan, polls: Sequence[tuple[float, str]]) -> float:
    """The longest time between two requests for a list with active runs."""
    gaps = [0.0]
    for number in range(min(plan.runners, _RUNNING)):
        path = list_of(runner(number, "")["id"])
        asked = [at for at, asked_for in polls if asked_for == path]
        gaps += [later - at for at, later in pairwise(asked)]
    return max(gaps)
