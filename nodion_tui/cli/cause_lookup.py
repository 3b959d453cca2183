"""Causes of failures on the command line: those that the dashboard has acknowledged are known."""

import asyncio
from collections.abc import Iterable

from nodion_tui.cli.session import CommandSession
from nodion_tui.model.errors import NodionError
from nodion_tui.model.listing import Listing
from nodion_tui.model.run import Run
from nodion_tui.model.text.format import count
from nodion_tui.monitor.insight.failure_causes import FailureCauses
from nodion_tui.monitor.insight.failure_groups import LogEndings
from nodion_tui.monitor.insight.failure_reader import MAX_FAILURES, FailureReader
from nodion_tui.monitor.log.source import ClientLogSource
from nodion_tui.monitor.runs.known_runs import KnownRuns
from nodion_tui.monitor.storage.known_failures import KnownFailureFile

_MAX_CONCURRENT = 4


class CauseLookup:
    """Finds the causes of failures; reads their logs where an acknowledgement may match.

    Args:
        session: has the client, the profile and the data folder.
        runs: all runs that were listed, which tell the successes since an acknowledgement.
    """

    def __init__(self, session: CommandSession, runs: Iterable[Run]) -> None:
        self._session = session
        known_runs, endings = KnownRuns(), LogEndings()
        by_runner: dict[str, list[Run]] = {}
        for run in runs:
            by_runner.setdefault(run.runner_id, []).append(run)
        for runner_id, own in by_runner.items():
            known_runs.apply_runs(runner_id, Listing(tuple(own)))
        folder = session.data_folder
        file = None if folder is None else KnownFailureFile(folder)
        self.failures = FailureCauses(known_runs, endings, {session.profile.name: ""}, file)
        """What is known, once `read` is done."""
        self._reader = FailureReader(
            known_runs,
            self.failures,
            endings,
            ClientLogSource(lambda: session.client),
            _at_once,
            lambda _run: False,
            seconds_per_request=0,
        )

    async def read(self, runs: Iterable[Run], *, every: bool = False) -> None:
        """Read the acknowledgements, and the logs that decide whether these failures are known.

        A log that cannot be read is told in a notice, and its failure is new.

        Args:
            runs: newest first; of more than 200 failures, the newest count.
            every: also logs that no acknowledgement can match, to tell the causes themselves.
        """
        await self.failures.load()
        if self.failures.notice:
            self._session.output.notice(self.failures.notice)
        self.failures.want("command", wanted=every)
        pending = [run for run in runs if self._reader.is_pending(run)]
        slots = asyncio.Semaphore(_MAX_CONCURRENT)
        results = await asyncio.gather(*(self._read(run, slots) for run in pending[:MAX_FAILURES]))
        unread = len(pending) - sum(results)
        if unread:
            self._session.output.notice(f"the cause of {count(unread, 'failure')} is not known")

    async def _read(self, run: Run, slots: asyncio.Semaphore) -> bool:
        async with slots:
            try:
                return await self._reader.read(run)
            except NodionError:
                return False


async def _at_once() -> None:
    """A command has no request budget."""
