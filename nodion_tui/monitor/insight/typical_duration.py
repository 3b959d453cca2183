"""How long does a run usually take, and is this one slower?

Judged by earlier successful runs that executed the same: same runner, argv, command and entrypoint.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple

from nodion_tui.model.run import Run, RunStatus, newest_first
from nodion_tui.monitor.insight.statistics import quantile

SAMPLE = 20
"""Successful runs that are looked at, the newest ones."""
LOOK_BACK = 500
"""Runs before the one in question among which those are looked for, whatever they executed."""
MIN_RUNS = 3
"""Under this many nothing is called usual."""
SLOW_FACTOR = 1.2
"""Times the median: what stays under it is not called slower, however even the others were."""
SLOW_MARGIN = timedelta(seconds=5)


class RunSignature(NamedTuple):
    """What a run executes; runs that share it are compared with each other."""

    runner_id: str
    argv: tuple[str, ...]
    command: str | None
    entrypoint: str | None


@dataclass(frozen=True, slots=True)
class TypicalDuration:
    """The durations of earlier successful runs."""

    durations: tuple[timedelta, ...]
    """Ascending; never empty."""

    @property
    def runs(self) -> int:
        """How many runs it was taken from."""
        return len(self.durations)

    @property
    def p50(self) -> timedelta:
        """The median."""
        return quantile(self.durations, 0.5) or timedelta()

    @property
    def p90(self) -> timedelta:
        """What nine of ten stay under."""
        return quantile(self.durations, 0.9) or timedelta()

    @property
    def slow_after(self) -> timedelta:
        """What is longer than this is slower than usual."""
        p50 = self.p50
        return max(self.p90, p50 * SLOW_FACTOR, p50 + SLOW_MARGIN)


@dataclass(frozen=True, slots=True)
class DurationEstimate:
    """A run held against what is usual."""

    elapsed: timedelta
    """Its duration, so far if it is running."""
    typical: TypicalDuration
    remaining: timedelta | None
    """Of a running one: the median of what those that took longer than this had left; None where
    none took longer, or it has ended."""
    slower: bool
    """Whether it takes, or took, longer than usual."""

    @property
    def progress(self) -> float:
        """Share of the way to its likely end, 0 to 1; 1 where it is overdue or has ended."""
        if self.remaining is None:
            return 1.0
        whole = self.elapsed + self.remaining
        return self.elapsed / whole if whole else 1.0


def run_signature(run: Run) -> RunSignature:
    """What the run executes."""
    return RunSignature(run.runner_id, run.argv, run.command, run.entrypoint)


def typical_duration(
    run: Run, runs: Sequence[Run], *, sample: int = SAMPLE
) -> TypicalDuration | None:
    """What `run` may be expected to take.

    Args:
        run: the run in question; it and runs created after it are left out.
        runs: of the same runner, newest first.
        sample: how many successful runs to look at.

    Returns:
        None where fewer than three runs of the same have succeeded.
    """
    wanted = run_signature(run)
    found: list[timedelta] = []
    begin = bisect_left(runs, newest_first(run)[0], key=lambda other: newest_first(other)[0])
    for other in islice(runs, begin, begin + LOOK_BACK):
        if len(found) == sample:
            break
        if run_signature(other) == wanted and _is_before(other, run):
            found += _success(other)
    return TypicalDuration(tuple(sorted(found))) if len(found) >= MIN_RUNS else None


def estimate_duration(
    run: Run, usual: TypicalDuration | None, now: datetime
) -> DurationEstimate | None:
    """How a run stands against what is usual.

    Args:
        run: running or ended.
        usual: of its execution.
        now: the server's clock.

    Returns:
        None where nothing is usual yet, or it has not started.
    """
    elapsed = run.duration(now)
    if usual is None or elapsed is None:
        return None
    remaining = None if run.is_final else _remaining(usual.durations, elapsed)
    return DurationEstimate(elapsed, usual, remaining, elapsed > usual.slow_after)


def _remaining(durations: tuple[timedelta, ...], elapsed: timedelta) -> timedelta | None:
    longer = durations[bisect_right(durations, elapsed) :]
    end = quantile(longer, 0.5)
    return None if end is None else end - elapsed


def _success(run: Run) -> tuple[timedelta, ...]:
    """Its duration, if it succeeded and is known."""
    if run.status != RunStatus.SUCCEEDED or run.completed_at is None or run.started_at is None:
        return ()
    return (max(run.completed_at - run.started_at, timedelta()),)


def _is_before(other: Run, run: Run) -> bool:
    if other.id == run.id:
        return False
    if other.created_at is None or run.created_at is None:
        return True
    return other.created_at <= run.created_at
