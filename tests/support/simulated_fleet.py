"""A simulated fleet of runners behind the real poll schedule; the clock is a number.

Of the runners a third starts like cron, at intervals of minutes, hours and days with jitter; a
third at random; a third never. The service answers each request after a moment.
"""

import random
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from nodion_tui.model.run import Run, RunRecord
from nodion_tui.model.runner import Runner
from nodion_tui.monitor.insight.arrivals import expected_runs
from nodion_tui.monitor.insight.executions import learn_rhythms
from nodion_tui.monitor.polling.schedule import PREFERRED_IN_A_ROW, PollSchedule
from nodion_tui.monitor.runs.changes import RUNNER_LIST

BEGIN = datetime(2026, 1, 15, tzinfo=UTC)
LATENCY = 0.15
HOUR, DAY = 3600.0, 86_400.0
_PERIODS = (600.0, 1800.0, HOUR, 6 * HOUR, DAY)
_MEAN_GAPS = (HOUR, 4 * HOUR, 12 * HOUR, DAY)
_DURATIONS = (20.0, 60.0, 180.0)
_KNOWN = 40
"""Runs that are learnt from."""


@dataclass
class SimulatedRunner:
    """The runs of a runner, past ones included."""

    name: str
    created: Sequence[float]
    """Seconds after the simulation began, ascending."""
    seconds: float
    """How long a run takes."""

    def is_running(self, now: float) -> bool:
        """Whether the newest run has not ended."""
        known = bisect_right(self.created, now)
        return bool(known) and now < self.created[known - 1] + self.seconds

    def newest(self, now: float) -> list[Run]:
        """The newest runs that a list shows, newest first."""
        known = bisect_right(self.created, now)
        return [
            RunRecord(
                id=str(number),
                runner_id=self.name,
                status="succeeded",
                created_at=BEGIN + timedelta(seconds=self.created[number]),
            ).run
            for number in range(known - 1, max(-1, known - _KNOWN), -1)
        ]


@dataclass
class Seen:
    """What came of the polls; times in seconds."""

    delays: list[float] = field(default_factory=list)
    """From the creation of each run until it was seen."""
    oldest: float = 0.0
    """Greatest age that any list had."""

    def share(self, share: float) -> float:
        """The delay that this share of the runs did not exceed."""
        return sorted(self.delays)[int(len(self.delays) * share)]


class InTurn(PollSchedule):
    """Expects nothing: two lists with running runs, then the oldest of the others."""

    def _choose(self, due: list[str], now: float) -> str:
        preferred = [target for target in due if target in self._preferred]
        rest = [target for target in due if target not in self._preferred]
        turn = self._request_count % (PREFERRED_IN_A_ROW + 1)
        if preferred and (not rest or turn < PREFERRED_IN_A_ROW):
            return max(preferred, key=lambda target: self._overdue(target, now))
        return min(rest, key=lambda target: self._lists[target].asked_at)


def fleet(luck: random.Random, count: int, seconds: float) -> list[SimulatedRunner]:
    """A third like cron, a third at random, a third silent."""
    kinds = (_like_cron, _at_random, lambda *_: iter(()))
    return [
        SimulatedRunner(
            f"r{number}",
            list(kinds[number % 3](luck, number // 3, seconds)),
            luck.choice(_DURATIONS),
        )
        for number in range(count)
    ]


def _like_cron(luck: random.Random, number: int, seconds: float) -> Iterator[float]:
    period = _PERIODS[number % len(_PERIODS)]
    start, jitter = -30 * period - luck.random() * period, luck.choice((2.0, 15.0, period / 20))
    while start < seconds:
        yield start + luck.uniform(0, jitter)
        start += period


def _at_random(luck: random.Random, number: int, seconds: float) -> Iterator[float]:
    mean_gap = _MEAN_GAPS[number % len(_MEAN_GAPS)]
    at = -15 * mean_gap
    while (at := at + luck.expovariate(1 / mean_gap)) < seconds:
        yield at


def watch(
    runners: Sequence[SimulatedRunner],
    seconds: float,
    *,
    per_minute: int = 60,
    schedule_type: type[PollSchedule] = PollSchedule,
) -> Seen:
    """Poll a fleet for this long.

    Args:
        runners: the fleet; every list was read when the simulation begins.
        seconds: simulated time.
        per_minute: the request budget.
        schedule_type: `InTurn` to compare with.
    """
    schedule, seen = schedule_type(per_minute, 0.0), Seen()
    asked = {runner.name: [0.0] for runner in runners}
    by_name = {runner.name: runner for runner in runners}
    running: set[str] = set()
    schedule.set_runners(by_name)
    for runner in runners:
        schedule.request_sent(runner.name, 0.0)
        _answer(schedule, runner, 0.0, running)
    now = 0.0
    while now < seconds:
        target, wait = schedule.next_target(now)
        if target is None:
            now += wait
            continue
        schedule.request_sent(target, now)
        now += LATENCY
        if target == RUNNER_LIST:
            schedule.request_succeeded(target)
            continue
        asked[target].append(now)
        _answer(schedule, by_name[target], now, running)
    for name, times in asked.items():
        _record(seen, by_name[name], times)
    return seen


def _answer(schedule: PollSchedule, runner: SimulatedRunner, now: float, running: set[str]) -> None:
    """Take the answer of a list: what is running is preferred, what is expected is learnt."""
    schedule.request_succeeded(runner.name)
    running.discard(runner.name)
    if runner.is_running(now):
        running.add(runner.name)
    schedule.set_preferred(selected=(), running=running)
    runs, clock = runner.newest(now), BEGIN + timedelta(seconds=now)
    rhythms = learn_rhythms(runs, Runner(id=runner.name)).values()
    schedule.expect(runner.name, expected_runs(runs, rhythms, clock).at(now))


def _record(seen: Seen, runner: SimulatedRunner, times: Sequence[float]) -> None:
    for earlier, later in pairwise(times):
        seen.oldest = max(seen.oldest, later - earlier)
        news = runner.created[
            bisect_right(runner.created, earlier) : bisect_right(runner.created, later)
        ]
        seen.delays += [later - created for created in news]
