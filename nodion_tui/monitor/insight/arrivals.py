"""When the next run of a runner is expected, from its rhythms and its last runs."""

import math
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from nodion_tui.model.run import Run
from nodion_tui.monitor.insight.rhythm import Rhythm
from nodion_tui.monitor.runs.expected_runs import ExpectedRuns

SAMPLE = 10
"""Newest runs that tell how often runs come."""
_SPREAD = 2.5
"""Multiple of the distance from the median gap to the 90th percentile in which a run is due."""
_MARGIN = timedelta(seconds=2)
"""A run is due at least this much earlier and later."""
_NO_RUN_PERIOD = timedelta(days=30)
"""How rarely a runner that never ran is expected to run."""


def expected_runs(runs: Sequence[Run], rhythms: Iterable[Rhythm], now: datetime) -> ExpectedRuns:
    """What is expected of a runner, in seconds from now.

    Args:
        runs: its runs, newest first.
        rhythms: of its executions.
        now: the service's clock.
    """
    rate = _rate(runs, now)
    due = [(rhythm.due_at, _tolerance(rhythm)) for rhythm in rhythms]
    windows = [
        ((moment - tolerance - now).total_seconds(), (moment + tolerance - now).total_seconds())
        for moment, tolerance in due
        if moment + tolerance > now
    ]
    return ExpectedRuns(*min(windows, default=(math.inf, math.inf)), rate)


def _tolerance(rhythm: Rhythm) -> timedelta:
    return (rhythm.p90 - rhythm.period) * _SPREAD + _MARGIN


def _rate(runs: Sequence[Run], now: datetime) -> float:
    """Runs in a second: the newest ones over the time since the oldest of them."""
    created = [run.created_at for run in runs[:SAMPLE] if run.created_at is not None]
    if not created:
        return 1 / _NO_RUN_PERIOD.total_seconds()
    return len(created) / max(1.0, (now - created[-1]).total_seconds())
