"""Follows the log of a run on the command line, with the follower of the dashboard."""

import asyncio
from contextlib import aclosing, suppress

from nodion_tui.api.follow.events import (
    CaughtUp,
    FollowEvent,
    LogNotice,
    NewLines,
    RunEnded,
    StreamLost,
    StreamOpened,
)
from nodion_tui.cli.process.exit_codes import (
    describe_error,
    print_error,
    run_exit_code,
)
from nodion_tui.cli.process.interrupts import watch_interrupts
from nodion_tui.cli.session import CommandSession
from nodion_tui.model.errors import NodionError
from nodion_tui.model.log_line import FinalState
from nodion_tui.model.run import RunKey
from nodion_tui.monitor.log.state import ended_text, reconnecting_text, resumed_text


class FollowLog:
    """Prints the log of a run until the run ends.

    Args:
        session: provides client and output.
        key: the run.
        after_id: id of the line before the first printed line; None: from the start.
        timestamps: show the time of each line; None: on a terminal only.
        stop_on_interrupt: the first signal stops the run instead of ending the program.
    """

    def __init__(
        self,
        session: CommandSession,
        key: RunKey,
        *,
        after_id: str | None = None,
        timestamps: bool | None = None,
        stop_on_interrupt: bool = False,
    ) -> None:
        self._session = session
        self._key = key
        self._timestamps = timestamps
        self._stop_on_interrupt = stop_on_interrupt
        self._after_id = after_id
        self._count = 0
        self._count_at_loss: int | None = None
        self._lossless = True

    async def run(self) -> int:
        """Prints the log until the run ends or a signal arrives, and returns the exit code.

        Raises:
            BrokenPipeError: the reader of stdout has closed it.
            NodionError: the service has no log to follow.
        """
        async with watch_interrupts() as watch:
            task = asyncio.create_task(self._print())
            try:
                await watch.wait_for(task)
                if watch.interrupted.is_set() and not task.done() and self._stop_on_interrupt:
                    await stop_after_interrupt(self._session, self._key)
                    await watch.wait_for(task, interruptible=False)
                if task.done():
                    return task.result()
                if watch.output_closed.is_set():
                    raise BrokenPipeError
            finally:
                task.cancel()
                with suppress(asyncio.CancelledError, NodionError, OSError):
                    await task
        self._session.output.notice("stopped following; the run continues. To stop the run:")
        self._session.output.notice(f"  nodion-tui stop {self._key.runner_id} {self._key.run_id}")
        return watch.exit_code

    async def _print(self) -> int:
        from nodion_tui.api.follow.follower import LogFollower  # noqa: PLC0415  # httpx, on demand

        session = self._session
        follower = LogFollower(
            session.client, self._key, after_id=self._after_id, keep_raw=session.output.json
        )
        async with aclosing(follower.events()) as events:
            async for event in events:
                state = self._handle(event)
                if state is not None:
                    return run_exit_code(state.status, state.exit_code)
        raise RuntimeError("the follower ended without the final state of the run")

    def _handle(self, event: FollowEvent) -> FinalState | None:
        """Prints an event; returns the final state of the run with the last event."""
        output = self._session.output
        match event:
            case NewLines(lines=lines, raw=raw):
                self._count += len(lines)
                if output.json:
                    output.json_lines(raw)
                else:
                    output.log_lines(lines, timestamps=self._timestamps)
            case StreamLost(reason=reason, retry_in=seconds):
                if self._count_at_loss is None:
                    self._count_at_loss = self._count
                output.notice(reconnecting_text(seconds, reason))
            case StreamOpened(lossless=lossless):
                self._lossless = lossless
            case CaughtUp():
                before = self._count if self._count_at_loss is None else self._count_at_loss
                output.notice(resumed_text(self._count - before, lossless=self._lossless))
                self._count_at_loss = None
            case LogNotice(text=text):
                output.notice(text)
            case RunEnded(state=state, complete=complete):
                runner = self._session.runs.runner(self._key.runner_id)
                output.notice(ended_text(state, self._count, complete=complete, runner=runner))
                return state
            case _:
                pass
        return None


async def stop_after_interrupt(session: CommandSession, key: RunKey) -> None:
    """Stops a run because of a signal; a failure is only reported."""
    session.output.notice("stopping the run; press ctrl+c again to exit immediately")
    try:
        session.require_write_access()
        run = await session.run_control.stop(key)
    except NodionError as error:
        print_error(describe_error(error))
    else:
        session.output.notice(f"run {run.id} is {run.status}")
