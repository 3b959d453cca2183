"""Follows many new runs as one log, until all of them have ended."""

import asyncio
from contextlib import suppress

from nodion_tui.cli.follow_log import stop_after_interrupt
from nodion_tui.cli.output.next_command import next_command
from nodion_tui.cli.session import CommandSession
from nodion_tui.cli.tail.line_merger import HOLD_BACK, LineMerger
from nodion_tui.cli.tail.tail_output import NameColumn, RunLines, write_lines
from nodion_tui.cli.tail.tailed_run import TailedRun
from nodion_tui.model.run import Run, RunKey
from nodion_tui.model.runner import Runner
from nodion_tui.model.text.format import count


class FollowMany:
    """Prints the lines of the runs, merged by time.

    Args:
        session: has client, runs and output.
        runner: of the runs.
        timestamps: show the time of each line; None: on a terminal only.
        streams: logs that are streamed at once; the others come after them.
        stop_on_interrupt: a signal stops the runs, too.
    """

    def __init__(
        self,
        session: CommandSession,
        runner: Runner,
        *,
        timestamps: bool | None,
        streams: int,
        stop_on_interrupt: bool,
    ) -> None:
        self._session = session
        self._runner = runner
        self._timestamps = session.output.is_terminal if timestamps is None else timestamps
        self._streams = asyncio.Semaphore(streams)
        self._stop_on_interrupt = stop_on_interrupt
        self._merger = LineMerger(lambda lines: write_lines(session.output, lines))
        self._names = NameColumn()
        self._followers: dict[RunKey, asyncio.Task[None]] = {}

    def add(self, run: Run) -> None:
        """Follow a run that was started."""
        number = len(self._followers)
        self._followers[run.key] = asyncio.create_task(self._follow(run, number))

    async def run(self, sending: "asyncio.Task[None]") -> int:
        """Print until all runs are started and have ended; returns 0.

        Args:
            sending: starts the runs, and adds them.

        Raises:
            BrokenPipeError: the reader of stdout has closed it.
        """
        merging = asyncio.create_task(self._merger.run())
        ended = asyncio.create_task(self._until_ended(sending))
        try:
            await asyncio.wait((merging, ended), return_when=asyncio.FIRST_COMPLETED)
            if merging.done():
                merging.result()
            ended.result()
        finally:
            tasks = [merging, ended, *self._followers.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(HOLD_BACK)
        self._merger.release()
        return 0

    async def leave(self) -> None:
        """Tell what goes on after a signal, or stop it."""
        active = [key for key in self._followers if key in self._session.runs.active]
        if self._stop_on_interrupt:
            for key in active:
                await stop_after_interrupt(self._session, key)
        elif active:
            self._session.output.warning(
                f"stopped following; {count(len(active), 'run')} still active. To stop them:"
            )
            command = next_command("stop", self._runner.id, *(key.run_id for key in active))
            self._session.output.warning(f"  {command}")

    async def _until_ended(self, sending: "asyncio.Task[None]") -> None:
        await asyncio.wait({sending})
        if self._followers:
            await asyncio.wait(self._followers.values())
        for task in self._followers.values():
            with suppress(asyncio.CancelledError):
                task.result()

    async def _follow(self, run: Run, number: int) -> None:
        session = self._session
        lines = RunLines(
            session.output,
            run.key,
            self._runner.label,
            number,
            self._names,
            timestamps=self._timestamps,
        )
        async with self._streams:
            tailed = TailedRun(session, run.key, lines, self._merger, wanted=None, since=None)
            await tailed.run()
