"""A simulated year of scheduled runs with jitter and missed runs, judged by their rhythm.

The clock is a number: nothing waits. The random source is seeded by the caller.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from nodion_tui.monitor.insight.rhythm import Rhythm

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
YEAR = timedelta(days=365)
_HISTORY = 60
"""Newest runs that are known of a runner, as a service forgets old ones."""


@dataclass
class Judged:
    """What was told of the due runs of runners that are regular."""

    due: int = 0
    false_alarms: int = 0
    """Runs that came, and had been told to be overdue."""
    missed: int = 0
    """Runs that did not come."""
    found: int = 0
    """Of those, the ones told to be overdue before the next run."""


def judge(
    period: timedelta, luck: random.Random, *, jitter: float, miss: float, span: timedelta = YEAR
) -> Judged:
    """Judge one runner.

    Args:
        period: of its schedule.
        luck: seeded.
        jitter: each run is late or early by at most this share of the period.
        miss: share of the runs that do not come.
        span: the simulated time.
    """
    judged, known = Judged(), list[datetime]()
    missing = 0
    for moment in _moments(period, luck, jitter, span):
        if len(known) > 1 and luck.random() < miss:
            missing += 1
            continue
        rhythm = Rhythm.learn(known[-_HISTORY:])
        if rhythm is not None:
            is_told = rhythm.overdue_by(moment) is not None
            judged.due += missing + 1
            judged.missed += bool(missing)
            judged.found += bool(missing) and is_told
            judged.false_alarms += is_told and not missing
        known.append(moment)
        missing = 0
    return judged


def _moments(
    period: timedelta, luck: random.Random, jitter: float, span: timedelta
) -> Iterator[datetime]:
    for number in range(int(span / period)):
        yield BEGIN + period * (number + luck.uniform(-jitter, jitter))


def judge_fleet(
    luck: random.Random, *, hourly: int, six_hourly: int, daily: int, weekly: int
) -> Judged:
    """The sum over this many runners of each period, with 10 % jitter and 1 % of missed runs."""
    total = Judged()
    counts = {1: hourly, 6: six_hourly, 24: daily, 168: weekly}
    for hours, count in counts.items():
        for _ in range(count):
            one = judge(timedelta(hours=hours), luck, jitter=0.1, miss=0.01)
            for name, value in vars(one).items():
                setattr(total, name, getattr(total, name) + value)
    return total
