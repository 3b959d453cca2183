"""Sends a trigger so that its run is known even if the program is interrupted."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass

from nodion_tui.cli.process.interrupts import watch_interrupts
from nodion_tui.cli.session import CommandSession
from nodion_tui.model.errors import NodionError
from nodion_tui.model.run import Run
from nodion_tui.monitor.runs.unknown_outcome import SentTrigger, TriggerOutcomeUnknown

ANSWER_SECONDS = 3.0
"""How long the answer is still awaited after a signal.

CI systems kill some 7 to 10 s after SIGTERM; listing the runs must fit into the rest."""
LIST_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class TriggerResult:
    """What became of a trigger."""

    run: Run | None = None
    """The new run."""
    unknown: TriggerOutcomeUnknown | None = None
    """Set if it is not known whether a run was started."""
    interrupt_code: int | None = None
    """Exit code if a signal arrived meanwhile."""


async def send_trigger(session: CommandSession, sent: SentTrigger) -> TriggerResult:
    """Sends the request, once.

    At the first signal the answer is awaited a little longer, because it names the run; the second
    one ends the program at once.

    Raises:
        NodionError: the run was not started.
    """
    async with watch_interrupts() as watch:
        task = asyncio.create_task(_outcome(session, sent))
        try:
            await watch.wait_for_answer(task)
            if task.done():
                return task.result()
            session.output.warning(
                "interrupted while the answer is awaited: the run may have been started"
            )
            await asyncio.wait({task}, timeout=ANSWER_SECONDS)
            if task.done():
                result = task.result()
                return TriggerResult(result.run, result.unknown, watch.exit_code)
            unknown = await _list_candidates(session, sent)
            return TriggerResult(unknown=unknown, interrupt_code=watch.exit_code)
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError, NodionError):
                await task


async def _outcome(session: CommandSession, sent: SentTrigger) -> TriggerResult:
    try:
        return TriggerResult(await session.run_control.send(sent))
    except TriggerOutcomeUnknown as unknown:
        return TriggerResult(unknown=unknown)


async def _list_candidates(session: CommandSession, sent: SentTrigger) -> TriggerOutcomeUnknown:
    detail = "interrupted before the answer arrived"
    try:
        async with asyncio.timeout(LIST_SECONDS):
            return await session.run_control.find_candidates(sent, detail)
    except TimeoutError:
        return TriggerOutcomeUnknown(detail, sent, (), listed=False)
