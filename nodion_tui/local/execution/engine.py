"""Runs from the queue to their end: pending → running → succeeded | failed | canceled."""

import asyncio
import time
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.execution.execution import RunExecution
from nodion_tui.local.execution.job import Executor
from nodion_tui.local.execution.live_log import LiveLog
from nodion_tui.local.execution.run_output import RunOutput
from nodion_tui.local.runners.catalogue import RunnerCatalogue
from nodion_tui.local.runners.runner_spec import RunnerSpec
from nodion_tui.local.storage.data_dir import FolderOrigin
from nodion_tui.local.storage.run_row import NewRun, RunRow
from nodion_tui.local.storage.store import EngineStore
from nodion_tui.local.storage.writer import StoreUnavailable
from nodion_tui.model.trigger import TriggerRequest

SHUTDOWN_GRACE_SECONDS = 5.0
"""Beyond the time that runs get to end: to write down how, unless the disk is full.

The same again for what still does not end then, such as a container engine that hangs."""

_MOVED = "This data folder was copied, moved to another disk or mounted anew"
_INTERRUPTED = {
    FolderOrigin.SAME: "The engine died while this run was going on; what it started was ended",
    FolderOrigin.UNMARKED: (
        "The engine died while this run was going on; whether what it started still runs is not"
        " known"
    ),
    FolderOrigin.COPY: f"{_MOVED} while this run was going on; what became of it is not known here",
}
"""What the log of a run says that the database holds as running when an engine starts."""
_NOT_STARTED = f"{_MOVED} while this run was waiting; it is not started here"


def now_ms() -> int:
    """Milliseconds since 1970."""
    return time.time_ns() // 1_000_000


@dataclass(slots=True, eq=False)
class _ActiveRun:
    """A run that has not ended, or has not let go of its job yet."""

    row: RunRow
    live_log: LiveLog
    stop_requested: asyncio.Event = field(default_factory=asyncio.Event)


class Engine:
    """Keeps runs, executes them, and tells what became of them."""

    def __init__(
        self,
        settings: EngineSettings,
        store: EngineStore,
        catalogue: RunnerCatalogue,
        executor: Executor,
        origin: FolderOrigin = FolderOrigin.SAME,
        now: Callable[[], int] = now_ms,
    ) -> None:
        self._settings = settings
        self._store = store
        self._catalogue = catalogue
        self._executor = executor
        self._origin = origin
        self._now = now
        self._active_runs: dict[str, _ActiveRun] = {}
        self._queue: deque[_ActiveRun] = deque()
        self._executing: set[asyncio.Task[None]] = set()
        self._closing = asyncio.Event()

    async def recover(self) -> None:
        """End what an engine before this one left: its jobs, and its runs in the database."""
        await self._executor.recover()
        for row in await self._store.unfinished_runs():
            last = await self._store.last_line(row.number)
            active_run = _ActiveRun(row, LiveLog(row.line_id_prefix, last_line=last))
            if row.status == "running" or self._origin is FolderOrigin.COPY:
                await self._close_orphan(active_run)
            else:
                self._active_runs[row.id] = active_run
                self._queue.append(active_run)

    def start(self) -> None:
        """Start what is pending."""
        self._start_queued()

    async def aclose(self) -> None:
        """End what runs; it has failed, and its log says why. What is pending stays pending."""
        self._closing.set()
        self._queue.clear()
        if self._executing:
            grace_seconds = self._settings.shutdown_seconds + SHUTDOWN_GRACE_SECONDS
            await asyncio.wait(self._executing, timeout=grace_seconds)
        if self._executing:
            self._store.stop_retrying()
            await asyncio.wait(self._executing, timeout=SHUTDOWN_GRACE_SECONDS)
        for task in self._executing:
            task.cancel()
        for active_run in self._active_runs.values():
            active_run.live_log.close()

    async def trigger(self, runner: RunnerSpec, request: TriggerRequest) -> RunRow:
        """Queue a run; returned when it is committed."""
        run = NewRun(
            id=str(uuid.uuid4()),
            runner_id=runner.api_id,
            command=request.command,
            argv=request.argv or (),
            entrypoint=request.entrypoint,
            env={variable.env_key: variable.env_val for variable in request.env_variables},
            triggered_at=self._now(),
        )
        row = await self._store.add_run(run)
        active_run = _ActiveRun(row, LiveLog(row.line_id_prefix))
        self._active_runs[row.id] = active_run
        self._queue.append(active_run)
        self._start_queued()
        return row

    async def stop(self, row: RunRow) -> RunRow:
        """Mark as canceled at once and end the job; one that has ended comes back unchanged."""
        await self._store.mark_canceled(row.number, self._now())
        if active_run := self._active_runs.get(row.id):
            active_run.stop_requested.set()
            if active_run in self._queue:
                self._queue.remove(active_run)
                self._release(active_run)
        return await self._store.find_run(row.runner_id, row.id) or row

    async def live_log(self, row: RunRow) -> LiveLog:
        """The live end of a run's log."""
        if active_run := self._active_runs.get(row.id):
            return active_run.live_log
        return LiveLog(
            row.line_id_prefix, last_line=await self._store.last_line(row.number), sealed=True
        )

    def _start_queued(self) -> None:
        limit = self._settings.max_running
        while self._queue and len(self._executing) < limit and not self._closing.is_set():
            task = asyncio.create_task(self._execute(self._queue.popleft()))
            self._executing.add(task)
            task.add_done_callback(self._on_executed)

    def _on_executed(self, task: "asyncio.Task[None]") -> None:
        self._executing.discard(task)
        self._start_queued()

    def _release(self, active_run: _ActiveRun) -> None:
        self._active_runs.pop(active_run.row.id, None)
        active_run.live_log.seal()

    async def _execute(self, active_run: _ActiveRun) -> None:
        output = self._open_output(active_run)
        execution = RunExecution(
            self._executor, self._settings, output, active_run.stop_requested, self._closing
        )
        try:
            if await self._store.mark_running(active_run.row.number, self._now()):
                exit_code = await execution.run(
                    active_run.row, self._catalogue.get(active_run.row.runner_id)
                )
                await output.close()
                await self._finish(active_run, exit_code)
            self._release(active_run)
        except StoreUnavailable:
            self._active_runs.pop(active_run.row.id, None)
            active_run.live_log.close()

    async def _finish(self, active_run: _ActiveRun, exit_code: int | None) -> None:
        status = "succeeded" if exit_code == 0 else "failed"
        await self._store.mark_finished(active_run.row.number, status, exit_code, self._now())

    async def _close_orphan(self, active_run: _ActiveRun) -> None:
        """End a run that nothing of this engine's executes; the original of a copy may."""
        output, is_pending = self._open_output(active_run), active_run.row.status == "pending"
        output.write_notice(
            f"========> {_NOT_STARTED if is_pending else _INTERRUPTED[self._origin]}"
        )
        await output.close()
        if is_pending:
            await self._store.mark_canceled(active_run.row.number, self._now())
        else:
            await self._finish(active_run, None)

    def _open_output(self, active_run: _ActiveRun) -> RunOutput:
        return RunOutput(
            self._store, active_run.row.number, active_run.live_log, self._settings, self._now
        )
