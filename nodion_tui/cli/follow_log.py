"""Following a run's log on the command line, with the follower that the dashboard has."""

import asyncio
from contextlib import aclosing, suppress
from datetime import timedelta

from nodion_tui.api.follow.events import (
    FollowEvent,
    LogNotice,
    NewLines,
    RunEnded,
    StreamLost,
    StreamOpened,
)
from nodion_tui.cli.output.format import format_duration
from nodion_tui.cli.process.exit_codes import (
    INTERRUPTED,
    describe_error,
    print_error,
    run_exit_code,
)
from nodion_tui.cli.process.interrupts import watch_interrupts
from nodion_tui.cli.session import CommandSession
from nodion_tui.model.errors import NodionError
from nodion_tui.model.log_line import FinalState
from nodion_tui.model.run import RunKey


class FollowLog:
    """One run's log, from a line on until the run ends.

    Args:
        session: whose client and output are used.
        key: the run.
        after_id: the last line that is not wanted; None: from the first.
        times: show when each line was written; None: on a terminal only.
        stop_on_interrupt: the first ctrl+c stops the run instead of the following.
    """

    def __init__(
        self,
        session: CommandSession,
        key: RunKey,
        *,
        after_id: str | None = None,
        times: bool | None = None,
        stop_on_interrupt: bool = False,
    ) -> None:
        self._session = session
        self._key = key
        self._times = times
        self._stop_on_interrupt = stop_on_interrupt
        self._after_id = after_id
        self._count = 0

    async def run(self) -> int:
        """Print the log until the run ends or ctrl+c; the exit code to leave with.

        Raises:
            BrokenPipeError: nobody reads it any more.
            NodionError: the service says that there is nothing to follow.
        """
        async with watch_interrupts() as watch:
            work = asyncio.create_task(self._print())
            try:
                await watch.wait_for(work)
                if watch.interrupted.is_set() and not work.done() and self._stop_on_interrupt:
                    await self._stop()
                    await watch.wait_for(work, interruptible=False)
                if work.done():
                    return work.result()
                if watch.output_closed.is_set():
                    raise BrokenPipeError
            finally:
                work.cancel()
                with suppress(asyncio.CancelledError, NodionError, OSError):
                    await work
        self._session.out.notice("stopped following; the run goes on. To stop the run:")
        self._session.out.notice(f"  nodion-tui stop {self._key.runner_id} {self._key.run_id}")
        return INTERRUPTED

    async def _print(self) -> int:
        from nodion_tui.api.follow.follower import LogFollower  # noqa: PLC0415  # httpx, once it is needed

        session = self._session
        follower = LogFollower(
            session.client, self._key, after_id=self._after_id, keep_raw=session.out.json
        )
        async with aclosing(follower.events()) as events:
            async for event in events:
                state = self._show(event)
                if state is not None:
                    return run_exit_code(state.status, state.exit_code)
        raise RuntimeError("the follower ended without saying how the run ended")

    def _show(self, event: FollowEvent) -> FinalState | None:
        """Print what an event brings; the final state if it is the last one."""
        out = self._session.out
        match event:
            case NewLines(lines=lines, raw=raw):
                self._count += len(lines)
                if out.json:
                    out.json_lines(raw)
                else:
                    out.log_lines(lines, times=self._times)
            case StreamLost(reason=reason, retry_in=seconds):
                out.notice(f"reconnecting in {seconds:.0f} s: {reason}")
            case StreamOpened(resumed=True, lossless=lossless):
                out.notice("resumed" if lossless else "resumed, but lines may be missing")
            case LogNotice(text=text):
                out.notice(text)
            case RunEnded(state=state, complete=complete):
                out.notice(self._end(state, complete=complete))
                return state
            case _:
                pass
        return None

    def _end(self, state: FinalState, *, complete: bool) -> str:
        """`succeeded, exit 0, 04:30, log complete, 1,204 lines`."""
        parts = [state.status]
        if state.exit_code is not None:
            parts.append(f"exit {state.exit_code}")
        if state.started_at and state.completed_at:
            parts.append(format_duration(max(state.completed_at - state.started_at, timedelta())))
        parts.append("log complete" if complete else "the log may lack its end")
        parts.append(f"{self._count:,} lines")
        return ", ".join(parts)

    async def _stop(self) -> None:
        out = self._session.out
        out.notice("stopping the run; ctrl+c again leaves at once")
        try:
            self._session.require_write_access()
            await self._session.store.stop(self._key)
        except NodionError as error:
            print_error(describe_error(error))
