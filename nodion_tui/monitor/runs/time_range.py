"""Runs within a stretch of time, found by bisection instead of reading all of them."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from nodion_tui.model.run import Run, newest_first

MAX_RUN_DURATION = timedelta(days=2)
"""No run lasts longer: the maximum time-out is 24 hours (API reference), the rest is queueing."""


def created_since(runs: Sequence[Run], moment: datetime) -> Sequence[Run]:
    """The runs created at or after a time; all newest first, searched by bisection."""
    return runs[: bisect_right(runs, -moment.timestamp(), key=lambda run: newest_first(run)[0])]


def alive_between(runs: Sequence[Run], start: datetime, end: datetime) -> Iterator[Run]:
    """The runs that were pending or running some time from `start` to `end`; all newest first."""
    for run in created_since(runs, start - MAX_RUN_DURATION):
        started = run.started_at or run.created_at
        completed = run.completed_at if run.is_final else end
        if started is not None and started <= end and (completed or started) >= start:
            yield run
