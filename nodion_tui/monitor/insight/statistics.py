"""How do a runner's runs fare? Counts, success rate, durations and cost over a stretch of time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from itertools import islice

from nodion_tui.model.run import Run, RunKey, RunStatus
from nodion_tui.model.runner import Runner
from nodion_tui.monitor.runs.time_range import MAX_RUN_DURATION, created_since

SPARK_LEVELS = 8


def quantile(ordered: Sequence[timedelta], share: float) -> timedelta | None:
    """The value that `share` of the others stay under, interpolated between neighbours.

    Args:
        ordered: ascending.
        share: from 0 (the smallest) to 1 (the largest); 0.5 is the median.

    Returns:
        None where there is nothing.
    """
    if not ordered:
        return None
    position = share * (len(ordered) - 1)
    below = int(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)


@dataclass(frozen=True, slots=True)
class RunStatistics:
    """What the runs of one runner amount to."""

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
    """In the currency of the price; None where the price is unknown."""

    @property
    def success_rate(self) -> float | None:
        """Of those that succeeded or failed, 0 to 1; None where none did."""
        ended = self.succeeded + self.failed
        return self.succeeded / ended if ended else None


@dataclass(frozen=True, slots=True)
class SparkBar:
    """One run in a small chart of the last ones."""

    key: RunKey
    status: str
    duration: timedelta | None
    level: int
    """Duration against the longest one shown: 0 to 7; 0 where it has none."""


def summarize(
    runs: Sequence[Run], runner: Runner | None, *, since: datetime, now: datetime
) -> RunStatistics:
    """The runs that were created from `since` on.

    Args:
        runs: of one runner, newest first.
        runner: knows the price.
        since: aware.
        now: the server's clock.
    """
    return summarize_all(created_since(runs, since), runner, now=now)


def summarize_all(runs: Iterable[Run], runner: Runner | None, *, now: datetime) -> RunStatistics:
    """All of these runs, which are of one runner."""
    count = dict.fromkeys((RunStatus.SUCCEEDED, RunStatus.FAILED, RunStatus.CANCELED), 0)
    total, active, spent = 0, 0, timedelta()
    durations: list[timedelta] = []
    for run in runs:
        total += 1
        duration = run.duration(now) or timedelta()
        spent += duration
        if run.is_final:
            count[RunStatus(run.status)] += 1
        else:
            active += 1
        if _ended_by_itself(run) and run.started_at is not None:
            durations.append(duration)
    durations.sort()
    return RunStatistics(
        runs=total,
        succeeded=count[RunStatus.SUCCEEDED],
        failed=count[RunStatus.FAILED],
        canceled=count[RunStatus.CANCELED],
        active=active,
        p50=quantile(durations, 0.5),
        p95=quantile(durations, 0.95),
        cost=_price(spent, runner),
    )


def run_cost(run: Run, runner: Runner | None, now: datetime) -> float | None:
    """What a run cost, so far if it is running; None where the price is unknown."""
    return _price(run.duration(now) or timedelta(), runner)


def failed_today(
    runs: Sequence[Run], *, now: datetime, zone: tzinfo | None = None
) -> tuple[Run, ...]:
    """The runs that failed since midnight, newest first.

    Args:
        runs: newest first.
        now: the server's clock.
        zone: whose midnight; None is the local one.
    """
    here = now.astimezone(zone)
    naive = datetime.combine(here.date(), time())
    midnight = naive.astimezone() if zone is None else naive.replace(tzinfo=zone)
    return failed_since(runs, midnight)


def failed_since(runs: Sequence[Run], moment: datetime) -> tuple[Run, ...]:
    """The runs that failed at or after a moment, newest first.

    Args:
        runs: newest first.
        moment: aware, on the server's clock.
    """
    return tuple(
        run
        for run in created_since(runs, moment - MAX_RUN_DURATION)
        if run.status == RunStatus.FAILED
        and (run.completed_at or run.updated_at or moment) >= moment
    )


def sparkline(runs: Iterable[Run], count: int, now: datetime) -> tuple[SparkBar, ...]:
    """The last `count` runs for a small chart, the newest at the right end.

    Args:
        runs: of one runner, newest first.
        count: how many.
        now: the server's clock.
    """
    last = list(islice(runs, count))[::-1]
    durations = [run.duration(now) for run in last]
    longest = max(filter(None, durations), default=timedelta())
    return tuple(
        SparkBar(run.key, run.status, duration, _level(duration, longest))
        for run, duration in zip(last, durations, strict=True)
    )


def _level(duration: timedelta | None, longest: timedelta) -> int:
    if not duration:
        return 0
    return min(int(duration / longest * SPARK_LEVELS), SPARK_LEVELS - 1)


def _ended_by_itself(run: Run) -> bool:
    return run.status in {RunStatus.SUCCEEDED, RunStatus.FAILED}


def _price(spent: timedelta, runner: Runner | None) -> float | None:
    instance = runner.instance_type if runner else None
    if instance is None or instance.price_second is None:
        return None
    return instance.price_second * spent.total_seconds()
