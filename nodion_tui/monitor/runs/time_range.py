"""Runs within a stretch of time, found by bisection instead of reading all of them."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from nodion_tui.model.run import COMPLETED, CREATED, STARTED, Run, micros_of, newest_first

MAX_RUN_DURATION = timedelta(days=2)
"""No run lasts longer: the maximum time-out is 24 hours (API reference), the rest is queueing."""


def created_since(runs: Sequence[Run], moment: datetime) -> Sequence[Run]:
    """The runs created at or after a time; all newest first, searched by bisection."""
    return runs[: bisect_right(runs, -moment.timestamp(), key=lambda run: newest_first(run)[0])]


def alive_between(runs: Sequence[Run], start: datetime, end: datetime) -> Iterator[Run]:
    """The runs that were pending or running some time from `start` to `end`; all newest first."""
    first, last = micros_of(start), micros_of(end)
    for run in created_since(runs, start - MAX_RUN_DURATION):
        started = run.micros(STARTED) or run.micros(CREATED)
        completed = run.micros(COMPLETED) if run.is_final else last
        if started and started <= last and (completed or started) >= first:
            yield run
