"""Stopping several runs: what became of each, requested and confirmed told apart."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from nodion_tui.model.errors import NodionError, OutcomeUnknown
from nodion_tui.model.run import Run, RunKey, RunStatus

MAX_CONCURRENT = 4
"""Requests under way at a time."""


class StopState(StrEnum):
    """How far the stop of one run has come."""

    WAITING = "waiting"
    """Not asked for yet."""
    REQUESTED = "requested"
    """Asked for; the service has not shown it as canceled."""
    CONFIRMED = "confirmed"
    """The service shows it as canceled."""
    ENDED = "ended"
    """It had ended by itself before."""
    FAILED = "failed"
    """It was not asked for, or the answer is not known."""


@dataclass(frozen=True, slots=True)
class StopOutcome:
    """What became of the stop of one run."""

    state: StopState = StopState.WAITING
    detail: str = ""
    """The run's status, or why it failed."""


def stop_outcome(run: Run) -> StopOutcome:
    """What a run tells of a stop that was asked for."""
    if run.status == RunStatus.CANCELED:
        return StopOutcome(StopState.CONFIRMED)
    if run.is_final:
        return StopOutcome(StopState.ENDED, run.status)
    return StopOutcome(StopState.REQUESTED)


async def stop_runs(
    keys: Iterable[RunKey],
    stop: Callable[[RunKey], Awaitable[Run]],
    on_outcome: Callable[[RunKey, StopOutcome], None],
    *,
    max_concurrent: int = MAX_CONCURRENT,
) -> None:
    """Stop runs, a few at a time; what goes wrong with one costs the others nothing.

    Args:
        keys: the runs.
        stop: stops one and gives it as it was afterwards, such as `RunStore.stop`.
        on_outcome: is called with each step of each run.
        max_concurrent: how many requests may be under way at a time.
    """
    room = asyncio.Semaphore(max_concurrent)

    async def stop_one(key: RunKey) -> None:
        async with room:
            on_outcome(key, StopOutcome(StopState.REQUESTED))
            try:
                outcome = stop_outcome(await stop(key))
            except OutcomeUnknown as unknown:
                outcome = StopOutcome(StopState.FAILED, f"{unknown.title}: {unknown.detail}")
            except NodionError as error:
                outcome = StopOutcome(StopState.FAILED, error.detail or error.title)
            on_outcome(key, outcome)

    async with asyncio.TaskGroup() as group:
        for key in keys:
            group.create_task(stop_one(key))
