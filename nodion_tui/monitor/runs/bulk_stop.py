"""Stops several runs at once and tracks the state of each stop."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from enum import StrEnum

import msgspec

from nodion_tui.model.errors import NodionError
from nodion_tui.model.run import Run, RunKey, RunStatus

MAX_CONCURRENT = 4
"""Concurrent stop requests."""


class StopState(StrEnum):
    """Progress of the stop of one run."""

    WAITING = "waiting"
    """Not requested yet."""
    REQUESTED = "requested"
    """Requested; the service does not report the run as canceled yet."""
    CONFIRMED = "confirmed"
    """The service reports the run as canceled."""
    ENDED = "ended"
    """The run had ended before it could be stopped."""
    FAILED = "failed"
    """The request failed, or its outcome is unknown."""


class StopOutcome(msgspec.Struct, frozen=True):
    """Result of the stop of one run."""

    state: StopState = StopState.WAITING
    detail: str = ""
    """The run's status; of a stop that failed, whether it was sent, and why it failed."""


def stop_outcome(run: Run) -> StopOutcome:
    """The stop's outcome, derived from the run's current status."""
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
    """Stop runs, a few at a time; an error of one does not affect the others.

    Args:
        keys: the runs.
        stop: stops one run and returns its state afterwards, such as `RunControl.stop`.
        on_outcome: called for each step of each run.
        max_concurrent: maximum number of concurrent requests.
    """
    slots = asyncio.Semaphore(max_concurrent)

    async def stop_one(key: RunKey) -> None:
        async with slots:
            on_outcome(key, StopOutcome(StopState.REQUESTED))
            try:
                outcome = stop_outcome(await stop(key))
            except NodionError as error:
                outcome = StopOutcome(StopState.FAILED, error.delivery_text)
            on_outcome(key, outcome)

    async with asyncio.TaskGroup() as group:
        for key in keys:
            group.create_task(stop_one(key))
