"""The rhythm of each execution of a runner, and which of them is overdue.

An execution is what runs execute: their own command, else the default of the runner. Runs of one
runner with other arguments are other executions, each with its own rhythm.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from types import MappingProxyType
from typing import NamedTuple

from msgspec.structs import replace

from nodion_tui.model.run import Run
from nodion_tui.model.runner import Runner
from nodion_tui.monitor.insight.rhythm import MIN_GAPS, Rhythm

LOOK_BACK = 5000
"""Maximum number of a runner's runs that are examined, newest first."""
NEAR_DUE = 0.75
"""Share of the period after which a run with a new command takes the place of the due one."""


class Execution(NamedTuple):
    """What a run executes, the default of its runner included."""

    argv: tuple[str, ...]
    command: str | None
    entrypoint: str | None

    @property
    def digest(self) -> str:
        """A short text that equal executions have in common, and that tells nothing of them."""
        return hashlib.sha256(repr(tuple(self)).encode("utf-8", "replace")).hexdigest()[:16]


def execution_of(run: Run, runner: Runner | None) -> Execution:
    """What a run executes; where it took the default, the default of today."""
    entrypoint = run.entrypoint or (runner.entrypoint if runner else None)
    if not run.is_default or runner is None:
        return Execution(run.argv, run.command, entrypoint)
    return Execution(runner.argv, runner.run_command, entrypoint)


def learn_rhythms(
    runs: Sequence[Run],
    runner: Runner | None,
    remembered: Mapping[str, Rhythm] = MappingProxyType({}),
) -> dict[str, Rhythm]:
    """The rhythms of a runner's executions, by digest.

    Args:
        runs: of the runner, newest first.
        runner: their runner, which has the default command.
        remembered: what was learnt earlier, by digest; it counts where the service lists too few
            runs to learn from.
    """
    created = _created_times(runs, runner)
    learnt = {digest: Rhythm.learn(times) for digest, times in created.items()}
    for digest, rhythm in remembered.items():
        times = created.get(digest, [])
        if len(times) <= MIN_GAPS:
            learnt[digest] = replace(rhythm, last=max([rhythm.last, *times]))
    return {
        digest: _continued(rhythm, created.values())
        for digest, rhythm in learnt.items()
        if rhythm is not None
    }


def most_overdue(rhythms: Iterable[Rhythm], known_until: datetime) -> Rhythm | None:
    """The rhythm whose run is missed for the longest time; None if none is.

    Args:
        rhythms: of one runner.
        known_until: until when all its runs are known, on the service's clock.
    """
    overdue = [rhythm for rhythm in rhythms if rhythm.overdue_by(known_until) is not None]
    return min(overdue, key=lambda rhythm: rhythm.due_at, default=None)


def overdue_runners(
    runs: Iterable[Run], runners: Iterable[Runner], now: datetime
) -> dict[str, Rhythm]:
    """Runner id → rhythm, of the runners that did not run when they were due.

    Args:
        runs: all of theirs, newest first, as listed just now.
        runners: the runners.
        now: the service's clock.
    """
    by_runner: dict[str, list[Run]] = {}
    for run in runs:
        by_runner.setdefault(run.runner_id, []).append(run)
    missed = (
        (each.id, most_overdue(learn_rhythms(by_runner.get(each.id, ()), each).values(), now))
        for each in runners
    )
    return {runner_id: rhythm for runner_id, rhythm in missed if rhythm is not None}


def _created_times(runs: Sequence[Run], runner: Runner | None) -> dict[str, list[datetime]]:
    """When the runs of each execution were created, newest first."""
    created: dict[Execution, list[datetime]] = {}
    for run in islice(runs, LOOK_BACK):
        if run.created_at is not None:
            created.setdefault(execution_of(run, runner), []).append(run.created_at)
    return {execution.digest: times for execution, times in created.items()}


def _continued(rhythm: Rhythm, created: Iterable[Sequence[datetime]]) -> Rhythm:
    """The rhythm, carried on by new executions: somebody may have changed the command.

    A new one, first seen after the last run, takes the place of a due run; one that comes well
    before it, such as a test by hand, does not.
    """
    newer = sorted(time for times in created if times[-1] > rhythm.last for time in times)
    last, wait = rhythm.last, rhythm.period * NEAR_DUE
    for time in newer:
        if time - last >= wait:
            last = time
    return replace(rhythm, last=last)
