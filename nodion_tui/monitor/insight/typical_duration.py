"""Typical duration of a run, and whether a run is slower.

Based on earlier successful runs with the same signature: runner, argv, command and entrypoint.
`now` is the server's clock.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple

import msgspec

from nodion_tui.model.run import Run, RunStatus, newest_first
from nodion_tui.monitor.insight.statistics import quantile

SAMPLE = 20
"""Maximum number of successful runs examined, newest first."""
LOOK_BACK = 500
"""Earlier runs searched for those, whatever their signature."""
MIN_RUNS = 3
"""With fewer runs nothing is typical."""
SLOW_FACTOR = 1.2
"""Multiple of the median; a shorter run is never slow, however little the others vary."""
SLOW_MARGIN = timedelta(seconds=5)


class RunSignature(NamedTuple):
    """What a run executes; runs with an equal signature are compared with each other."""

    runner_id: str
    argv: tuple[str, ...]
    command: str | None
    entrypoint: str | None


class TypicalDuration(msgspec.Struct, frozen=True):
    """The durations of earlier successful runs."""

    durations: tuple[timedelta, ...]
    """Ascending; never empty."""

    @property
    def runs(self) -> int:
        """Number of runs in the sample."""
        return len(self.durations)

    @property
    def p50(self) -> timedelta:
        """The median."""
        return quantile(self.durations, 0.5) or timedelta()

    @property
    def p90(self) -> timedelta:
        """The 90th percentile."""
        return quantile(self.durations, 0.9) or timedelta()

    @property
    def slow_after(self) -> timedelta:
        """A longer run is slower than usual."""
        p50 = self.p50
        return max(self.p90, p50 * SLOW_FACTOR, p50 + SLOW_MARGIN)


class DurationEstimate(msgspec.Struct, frozen=True):
    """A run compared with the typical duration."""

    elapsed: timedelta
    """Its duration, so far if it is running."""
    typical: TypicalDuration
    remaining: timedelta | None
    """Of a running one: median of what the longer runs of the sample had left; None if none
    took longer, or it has ended.
    """
    slower: bool
    """Whether it takes, or took, longer than usual."""

    @property
    def progress(self) -> float:
        """Elapsed share of the estimated duration, 0 to 1; 1 if overdue or ended."""
        if self.remaining is None:
            return 1.0
        total = self.elapsed + self.remaining
        return self.elapsed / total if total else 1.0


def run_signature(run: Run) -> RunSignature:
    """The run's signature."""
    return RunSignature(run.runner_id, run.argv, run.command, run.entrypoint)


def typical_duration(
    run: Run, runs: Sequence[Run], *, sample: int = SAMPLE
) -> TypicalDuration | None:
    """The typical duration of a run.

    Args:
        run: the run; it and runs created after it are ignored.
        runs: of the same runner, newest first.
        sample: maximum number of successful runs.

    Returns:
        None if fewer than three runs with the same signature have succeeded.
    """
    signature = run_signature(run)
    durations: list[timedelta] = []
    begin = bisect_left(runs, newest_first(run)[0], key=lambda other: newest_first(other)[0])
    for other in islice(runs, begin, begin + LOOK_BACK):
        if len(durations) == sample:
            break
        if run_signature(other) == signature and _is_before(other, run):
            durations += _successful_duration(other)
    return TypicalDuration(tuple(sorted(durations))) if len(durations) >= MIN_RUNS else None


def estimate_duration(
    run: Run, usual: TypicalDuration | None, now: datetime
) -> DurationEstimate | None:
    """Compare a run with the typical duration; None without one, or if it has not started."""
    elapsed = run.duration(now)
    if usual is None or elapsed is None:
        return None
    remaining = None if run.is_final else _remaining(usual.durations, elapsed)
    return DurationEstimate(elapsed, usual, remaining, elapsed > usual.slow_after)


def _remaining(durations: tuple[timedelta, ...], elapsed: timedelta) -> timedelta | None:
    longer = durations[bisect_right(durations, elapsed) :]
    end = quantile(longer, 0.5)
    return None if end is None else end - elapsed


def _successful_duration(run: Run) -> tuple[timedelta, ...]:
    """Its duration, if it succeeded and the times are known."""
    if run.status != RunStatus.SUCCEEDED or run.completed_at is None or run.started_at is None:
        return ()
    return (max(run.completed_at - run.started_at, timedelta()),)


def _is_before(other: Run, run: Run) -> bool:
    if other.id == run.id:
        return False
    if other.created_at is None or run.created_at is None:
        return True
    return other.created_at <= run.created_at
