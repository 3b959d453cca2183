"""Follows the log of a run on the command line, with the follower of the dashboard."""

import asyncio
from collections.abc import Callable
from contextlib import aclosing, suppress

from nodion_tui.api.follow.events import (
    CaughtUp,
    FollowEvent,
    HistoryRead,
    LogNotice,
    NewLines,
    RunEnded,
    StreamLost,
    StreamOpened,
)
from nodion_tui.cli.log_window import LogWindow
from nodion_tui.cli.output.next_command import next_command
from nodion_tui.cli.process.exit_codes import (
    TIMED_OUT,
    describe_error,
    print_error,
    run_exit_code,
)
from nodion_tui.cli.process.interrupts import InterruptWatch, watch_interrupts
from nodion_tui.cli.session import CommandSession
from nodion_tui.model.errors import NodionError
from nodion_tui.model.log_line import FinalState
from nodion_tui.model.run import Run, RunKey
from nodion_tui.monitor.log.state import ended_text, reconnecting_text, resumed_text

LATE_SECONDS = 3.0
"""How long lines of a run are printed after an interrupt has stopped it: its job may have 10 s to
end, but a CI system kills this program 7 to 10 s after its signal."""


class FollowLog:
    """Prints the log of a run until the run ends.

    Args:
        session: provides client and output.
        key: the run.
        after_id: id of the line before the first printed line; None: from the start.
        window: prints the lines.
        stop_on_interrupt: the first signal stops the run instead of ending the program.
        observe: is told every event before it is printed.
    """

    def __init__(
        self,
        session: CommandSession,
        key: RunKey,
        window: LogWindow,
        *,
        after_id: str | None = None,
        stop_on_interrupt: bool = False,
        observe: Callable[[FollowEvent], None] = lambda _: None,
    ) -> None:
        self._observe = observe
        self._session = session
        self._key = key
        self._window = window
        self._stop_on_interrupt = stop_on_interrupt
        self._after_id = after_id
        self._count = 0
        self._count_at_loss: int | None = None
        self._lossless = True
        # Only a log that is read from its first line to its end can be archived.
        self._kept = _KeptLines(session, key) if session.archive and after_id is None else None

    async def run(self) -> int:
        """Prints the log until the run ends or a signal arrives, and returns the exit code.

        Raises:
            BrokenPipeError: the reader of stdout has closed it.
            NodionError: the service has no log to follow.
        """
        state: FinalState | None = None
        async with watch_interrupts() as watch:
            task = asyncio.create_task(self._print())
            try:
                await watch.wait_for(task)
                if watch.interrupted.is_set() and not task.done() and self._stop_on_interrupt:
                    state = await self._stop(watch, task)
                if task.done():
                    return task.result()
                if watch.output_closed.is_set():
                    raise BrokenPipeError
                if state is not None:
                    self._session.output.notice(ended_text(state, self._count, complete=False))
                    return run_exit_code(state.status, state.exit_code)
            finally:
                task.cancel()
                with suppress(asyncio.CancelledError, NodionError, OSError):
                    await task
        self._session.output.warning("stopped following; the run continues. To stop the run:")
        command = next_command("stop", self._key.runner_id, self._key.run_id)
        self._session.output.warning(f"  {command}")
        return watch.exit_code

    async def _stop(self, watch: InterruptWatch, task: "asyncio.Task[int]") -> FinalState | None:
        """Stops the run, and waits for the end of its log, but not long if the stop is final."""
        from nodion_tui.api.follow.pages import final_state  # noqa: PLC0415  # httpx, on demand

        run = await stop_after_interrupt(self._session, self._key)
        state = None if run is None else final_state(run)
        with suppress(TimeoutError):
            async with asyncio.timeout(None if state is None else LATE_SECONDS):
                await watch.wait_for(task, interruptible=False)
        return state

    async def _print(self) -> int:
        from nodion_tui.api.follow.follower import LogFollower  # noqa: PLC0415  # httpx, on demand

        session = self._session
        follower = LogFollower(
            session.client, self._key, after_id=self._after_id, keep_raw=session.output.json
        )
        async with aclosing(follower.events()) as events:
            async for event in events:
                state = self._handle(event)
                if self._window.stopped_by:
                    return TIMED_OUT
                if state is not None:
                    if self._kept is not None:
                        await self._kept.archive(state)
                    return run_exit_code(state.status, state.exit_code)
        raise RuntimeError("the follower ended without the final state of the run")

    def _handle(self, event: FollowEvent) -> FinalState | None:
        """Prints an event; returns the final state of the run with the last event."""
        self._observe(event)
        if self._kept is not None:
            self._kept.take(event)
        output = self._session.output
        match event:
            case NewLines(lines=lines, raw=raw):
                self._count += len(lines)
                self._window.add(lines, raw)
            case HistoryRead():
                self._window.flush()
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
                self._window.flush()
                runner = self._session.runs.runner(self._key.runner_id)
                tell = output.notice if complete else output.warning
                tell(ended_text(state, self._count, complete=complete, runner=runner))
                return state
            case _:
                pass
        return None


class _KeptLines:
    """The lines of a log, in memory until they are archived.

    Args:
        session: has the archive, and knows the run or asks for it.
        key: the run.
    """

    def __init__(self, session: CommandSession, key: RunKey) -> None:
        # On demand: for those who keep logs.
        from nodion_tui.monitor.log.buffer import LogBuffer  # noqa: PLC0415

        self._session = session
        self._key = key
        self._buffer = LogBuffer()
        self._is_whole = True

    def take(self, event: FollowEvent) -> None:
        """Keep the lines of an event."""
        match event:
            case NewLines(lines=lines):
                self._buffer.extend(lines)
            case LogNotice(line_missing=True):
                self._is_whole = False
            case RunEnded(complete=complete):
                self._is_whole = self._is_whole and complete and not self._buffer.dropped

    async def archive(self, final: FinalState) -> None:
        """Hand a log of which nothing is missing to the archive."""
        from nodion_tui.monitor.log.finished_log import FinishedLog, run_as_ended  # noqa: PLC0415

        session = self._session
        if not self._is_whole or session.archive is None:
            return
        with suppress(NodionError):
            run = session.runs.run(self._key) or await session.client.get_run(*self._key)
            run = run_as_ended(run, self._key, final)
            session.archive.keep(FinishedLog.of(run, self._buffer))


async def stop_after_interrupt(session: CommandSession, key: RunKey) -> Run | None:
    """Stops a run because of a signal; a failure is only reported, and returns None."""
    session.output.notice("stopping the run; press ctrl+c again to exit immediately")
    try:
        session.require_write_access()
        run = await session.run_control.stop(key)
    except NodionError as error:
        print_error(describe_error(error))
        return None
    session.output.notice(f"run {run.id} is {run.status}")
    return run
