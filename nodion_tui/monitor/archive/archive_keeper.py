"""The archive of a profile for the event loop: reads at once, writes one log after the other.

A failure to write is told once, until a log could be written again: what is on the screen goes on.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from nodion_tui.config import Profile
from nodion_tui.model.loggable import loggable_id
from nodion_tui.model.run import Run, RunKey, RunStatus
from nodion_tui.model.subscribers import Subscribers
from nodion_tui.monitor.log.finished_log import FinishedLog

if TYPE_CHECKING:
    from nodion_tui.monitor.archive.log_archive import ArchivedLog, LogArchive

_logger = logging.getLogger(__name__)
SETTLE_SECONDS = 10.0
"""Wait for logs to be written when the program or the profile is left."""
MAX_WAITING = 4
"""Logs that wait to be written; further ones are kept when they are opened again."""


def _no_name(_: str) -> str:
    return ""


def _no_lines(_: FinishedLog) -> Sequence[str]:
    return ()


class ArchiveKeeper:
    """Keeps finished logs of a profile; its module of compression is imported when one is used.

    Args:
        data_folder: where the archive is.
        profile: whose logs; it has limits.
        runner_name: returns the name of a runner, by its id.
        last_lines: returns the lines of a failed run that tell its cause.
        id_suffix: what ids of runners end with in this program, but not in the archive.
    """

    def __init__(
        self,
        data_folder: Path,
        profile: Profile,
        *,
        runner_name: Callable[[str], str] = _no_name,
        last_lines: Callable[[FinishedLog], Sequence[str]] = _no_lines,
        id_suffix: str = "",
    ) -> None:
        self._data_folder = data_folder
        self._profile = profile
        self._runner_name = runner_name
        self._last_lines = last_lines
        self._id_suffix = id_suffix
        self._archive: LogArchive | None = None
        self._writes: set[asyncio.Task[None]] = set()
        self._turn = asyncio.Lock()
        self._problems = Subscribers[str]()
        self.problem = ""
        """Why the archive cannot be used now, in one sentence; empty if it can."""

    def subscribe(self, subscriber: Callable[[str], None]) -> Callable[[], None]:
        """Call `subscriber` with each new problem; returns the function that unsubscribes."""
        return self._problems.subscribe(subscriber)

    async def archive(self) -> "LogArchive":
        """The archive itself, whose methods block."""
        if self._archive is None:
            self._archive = await asyncio.to_thread(self._import)
        return self._archive

    async def read(self, key: RunKey) -> FinishedLog | None:
        """The log of a run; None if it is not archived, or cannot be read, which is told."""
        archive = await self.archive()
        try:
            log = await asyncio.to_thread(archive.read, self._service_key(key))
        except OSError as error:
            self._tell(str(error))
            return None
        return log if log is None else msgspec.structs.replace(log, run=self._own_run(log.run))

    async def logs(self) -> "Sequence[ArchivedLog]":
        """What is archived, the run that ended last first; nothing if it cannot be read."""
        archive = await self.archive()
        try:
            logs = await asyncio.to_thread(archive.logs)
        except OSError as error:
            self._tell(str(error))
            return ()
        return [msgspec.structs.replace(log, run=self._own_run(log.run)) for log in logs]

    def keep(self, log: FinishedLog) -> None:
        """Write a log, soon, unless too many are waiting."""
        if len(self._writes) < MAX_WAITING:
            task = asyncio.get_running_loop().create_task(self._write(log))
            self._writes.add(task)
            task.add_done_callback(self._writes.discard)

    async def trim(self) -> None:
        """Remove what is older than the profile allows."""
        archive = await self.archive()
        try:
            await asyncio.to_thread(archive.trim, datetime.now(UTC))
        except OSError as error:
            self._tell(str(error))

    async def settled(self) -> None:
        """Wait until everything that waits is written, `SETTLE_SECONDS` at most."""
        if self._writes:
            await asyncio.wait(self._writes, timeout=SETTLE_SECONDS)

    async def _write(self, log: FinishedLog) -> None:
        archive = await self.archive()
        run = log.run
        stored_id = self._service_key(run.key).runner_id
        last_lines = self._last_lines(log) if run.status == RunStatus.FAILED else ()
        async with self._turn:
            try:
                kept = await asyncio.to_thread(
                    archive.put,
                    msgspec.structs.replace(
                        log, run=msgspec.structs.replace(run, runner_id=stored_id)
                    ),
                    runner=self._runner_name(run.runner_id),
                    last_lines=last_lines,
                    now=datetime.now(UTC),
                )
            except OSError as error:
                self._tell(str(error))
                return
        self.problem = ""
        _logger.info("log_archived run=%s lines=%d kept=%s", loggable_id(run.id), log.lines, kept)

    def _service_key(self, key: RunKey) -> RunKey:
        return RunKey(key.runner_id.removesuffix(self._id_suffix), key.run_id)

    def _own_run(self, run: Run) -> Run:
        if not self._id_suffix:
            return run
        return msgspec.structs.replace(run, runner_id=f"{run.runner_id}{self._id_suffix}")

    def _tell(self, problem: str) -> None:
        if not self.problem:
            self.problem = problem
            self._problems.notify(problem)

    def _import(self) -> "LogArchive":
        from nodion_tui.monitor.archive.loaded_blocks import LoadedBlocks  # noqa: PLC0415 - zstandard and sqlite3, for those who keep logs
        from nodion_tui.monitor.archive.log_archive import LogArchive  # noqa: PLC0415 - as above

        return LogArchive(self._data_folder, self._profile, LoadedBlocks())
