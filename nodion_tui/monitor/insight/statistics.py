"""Statistics of a runner's runs: counts, success rate, durations and cost over a period.

`now` is the server's clock.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta, tzinfo
from itertools import islice

import msgspec

from nodion_tui.model.run import (
    COMPLETED,
    FINAL_STATUSES,
    UPDATED,
    Run,
    RunKey,
    RunStatus,
    micros_of,
)
from nodion_tui.model.runner import Runner
from nodion_tui.monitor.runs.time_range import MAX_RUN_DURATION, created_since

SPARK_LEVELS = 8


def quantile(ordered: Sequence[timedelta], share: float) -> timedelta | None:
    """The value below which `share` of the others are, interpolated between neighbours.

    Args:
        ordered: ascending.
        share: from 0 (the smallest) to 1 (the largest); 0.5 is the median.

    Returns:
        None for an empty sequence.
    """
    if not ordered:
        return None
    position = share * (len(ordered) - 1)
    below = int(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)


class RunStatistics(msgspec.Struct, frozen=True):
    """Aggregated figures of one runner's runs."""

    runs: int
    succeeded: int
    failed: int
    canceled: int
    active: int
    """Not ended."""
    p50: timedelta | None
    """Median duration of those that succeeded or failed."""
    p95: timedelta | None
    cost: float | None
    """In the currency of the price; None if the price is unknown."""
    other: int = 0
    """Ended with a status that is not documented."""

    @property
    def success_rate(self) -> float | None:
        """Succeeded runs as a share of succeeded and failed ones; None if there are none."""
        finished = self.succeeded + self.failed
        return self.succeeded / finished if finished else None


class SparkBar(msgspec.Struct, frozen=True):
    """One run in a sparkline."""

    key: RunKey
    status: str
    duration: timedelta | None
    level: int
    """Duration relative to the longest one shown: 0 to 7; 0 if it has none."""


def summarize(
    runs: Sequence[Run], runner: Runner | None, *, since: datetime, now: datetime
) -> RunStatistics:
    """Statistics of those of a runner's runs, newest first, that were created from `since` on."""
    return summarize_all(created_since(runs, since), runner, now=now)


def summarize_all(runs: Iterable[Run], runner: Runner | None, *, now: datetime) -> RunStatistics:
    """Statistics of all of these runs of one runner."""
    counts: Counter[str] = Counter()
    total, active, spent = 0, 0, timedelta()
    durations: list[timedelta] = []
    for run in runs:
        total += 1
        duration = run.duration(now) or timedelta()
        spent += duration
        if run.is_final:
            counts[run.status] += 1
        else:
            active += 1
        if run.status in {RunStatus.SUCCEEDED, RunStatus.FAILED} and run.started_at is not None:
            durations.append(duration)
    durations.sort()
    return RunStatistics(
        runs=total,
        succeeded=counts[RunStatus.SUCCEEDED],
        failed=counts[RunStatus.FAILED],
        canceled=counts[RunStatus.CANCELED],
        active=active,
        p50=quantile(durations, 0.5),
        p95=quantile(durations, 0.95),
        cost=_price(spent, runner),
        other=counts.total() - sum(counts[status] for status in FINAL_STATUSES),
    )


def run_cost(run: Run, runner: Runner | None, now: datetime) -> float | None:
    """Cost of a run, so far if it is running; None if the price is unknown."""
    return _price(run.duration(now) or timedelta(), runner)


def failed_today(
    runs: Sequence[Run], *, now: datetime, zone: tzinfo | None = None
) -> tuple[Run, ...]:
    """The runs that failed since midnight in a zone (None: the local one); all newest first."""
    local_now = now.astimezone(zone)
    naive_midnight = datetime.combine(local_now.date(), time())
    midnight = naive_midnight.astimezone() if zone is None else naive_midnight.replace(tzinfo=zone)
    return failed_since(runs, midnight)


def failed_since(runs: Sequence[Run], moment: datetime) -> tuple[Run, ...]:
    """The runs that failed at or after a moment of the server's clock; all newest first."""
    since, failed = micros_of(moment), RunStatus.FAILED
    return tuple(
        [
            run
            for run in created_since(runs, moment - MAX_RUN_DURATION)
            if run.status == failed
            and (run.micros(COMPLETED) or run.micros(UPDATED) or since) >= since
        ]
    )


def sparkline(runs: Iterable[Run], count: int, now: datetime) -> tuple[SparkBar, ...]:
    """The first `count` of a runner's runs, newest first, with the newest at the right end."""
    last_runs = list(islice(runs, count))[::-1]
    durations = [run.duration(now) for run in last_runs]
    longest = max(filter(None, durations), default=timedelta())
    return tuple(
        SparkBar(run.key, run.status, duration, _level(duration, longest))
        for run, duration in zip(last_runs, durations, strict=True)
    )


def _level(duration: timedelta | None, longest: timedelta) -> int:
    if not duration:
        return 0
    return min(int(duration / longest * SPARK_LEVELS), SPARK_LEVELS - 1)


def _price(spent: timedelta, runner: Runner | None) -> float | None:
    instance = runner.instance_type if runner else None
    if instance is None or instance.price_second is None:
        return None
    return instance.price_second * spent.total_seconds()
