"""Queues and executes runs: pending → running → succeeded | failed | canceled."""

import asyncio
from collections import deque
from dataclasses import dataclass, field

from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.execution.execution import RunExecution
from nodion_tui.local.execution.job import Executor
from nodion_tui.local.execution.live_log import LiveLog
from nodion_tui.local.execution.run_output import RunOutput
from nodion_tui.local.payloads import now_ms
from nodion_tui.local.runners.catalogue import RunnerCatalogue
from nodion_tui.local.runners.runner_spec import RunnerSpec
from nodion_tui.local.storage.data_dir import FolderOrigin
from nodion_tui.local.storage.run_row import RunRow
from nodion_tui.local.storage.store import EngineStore
from nodion_tui.local.storage.writer import StoreUnavailable
from nodion_tui.model.trigger import TriggerRequest

SHUTDOWN_GRACE_SECONDS = 5.0
"""How long to wait at shutdown, after the time that runs get, until their ends are committed
(never, if the disk is full).

As long again for runs that still do not end, such as those of a container engine that hangs."""

_MOVED = "This data folder was copied, moved to another disk or remounted"
_INTERRUPTED = {
    FolderOrigin.SAME: "Engine crashed during this run; its processes were killed",
    FolderOrigin.UNMARKED: "Engine crashed during this run; its processes may still be running",
    FolderOrigin.COPY: f"{_MOVED} while this run was running; its outcome is unknown here",
}
"""Last log line of runs that the database lists as running when an engine starts."""
_NOT_STARTED = f"{_MOVED} while this run was pending; it is not started here"


@dataclass(slots=True, eq=False)
class _ActiveRun:
    """A run that has not ended, or whose job is not cleaned up yet."""

    row: RunRow
    live_log: LiveLog
    stop_requested: asyncio.Event = field(default_factory=asyncio.Event)


class Engine:
    """Queues, executes and stops runs, and publishes their output and state."""

    def __init__(
        self,
        settings: EngineSettings,
        store: EngineStore,
        catalogue: RunnerCatalogue,
        executor: Executor,
        origin: FolderOrigin,
    ) -> None:
        self._settings = settings
        self._store = store
        self._catalogue = catalogue
        self._executor = executor
        self._origin = origin
        self._active_runs: dict[str, _ActiveRun] = {}
        self._queue: deque[_ActiveRun] = deque()
        self._executing: set[asyncio.Task[None]] = set()
        self._closing = asyncio.Event()

    async def recover(self) -> None:
        """End what a previous engine left: its jobs, and its unfinished runs in the database."""
        await self._executor.recover()
        for row in await self._store.unfinished_runs():
            last = await self._store.last_line(row.number)
            active_run = _ActiveRun(row, LiveLog(row.line_id_prefix, last_line=last))
            if row.status == "running" or self._origin is FolderOrigin.COPY:
                await self._close_orphan(active_run)
            else:
                self._active_runs[row.id] = active_run
                self._queue.append(active_run)

    def start_queued(self) -> None:
        """Start pending runs, as many as may run at once."""
        limit = self._settings.max_running
        while self._queue and len(self._executing) < limit and not self._closing.is_set():
            task = asyncio.create_task(self._execute(self._queue.popleft()))
            self._executing.add(task)
            task.add_done_callback(self._on_executed)

    async def aclose(self) -> None:
        """End active runs as failed, with the reason in the log. Pending runs stay pending."""
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
        """Queue a run; returns it once it is committed."""
        row = await self._store.add_run(runner.api_id, request, now_ms())
        active_run = _ActiveRun(row, LiveLog(row.line_id_prefix))
        self._active_runs[row.id] = active_run
        self._queue.append(active_run)
        self.start_queued()
        return row

    async def stop(self, row: RunRow) -> RunRow:
        """Mark a run as canceled at once and end its job; an ended run is returned unchanged."""
        await self._store.mark_canceled(row.number, now_ms())
        if active_run := self._active_runs.get(row.id):
            active_run.stop_requested.set()
            if active_run in self._queue:
                self._queue.remove(active_run)
                self._release(active_run)
        return await self._store.find_run(row.runner_id, row.id) or row

    async def live_log(self, row: RunRow) -> LiveLog:
        """Return the live log of a run; that of an ended run is sealed."""
        if active_run := self._active_runs.get(row.id):
            return active_run.live_log
        return LiveLog(
            row.line_id_prefix, last_line=await self._store.last_line(row.number), sealed=True
        )

    def _on_executed(self, task: "asyncio.Task[None]") -> None:
        self._executing.discard(task)
        self.start_queued()

    def _release(self, active_run: _ActiveRun) -> None:
        self._active_runs.pop(active_run.row.id, None)
        active_run.live_log.seal()

    async def _execute(self, active_run: _ActiveRun) -> None:
        output = self._open_output(active_run)
        execution = RunExecution(
            self._executor, self._settings, output, active_run.stop_requested, self._closing
        )
        try:
            if await self._store.mark_running(active_run.row.number, now_ms()):
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
        await self._store.mark_finished(active_run.row.number, status, exit_code, now_ms())

    async def _close_orphan(self, active_run: _ActiveRun) -> None:
        """End a run that this engine does not execute (the original of a copied folder may)."""
        output, is_pending = self._open_output(active_run), active_run.row.status == "pending"
        output.write_notice(
            f"========> {_NOT_STARTED if is_pending else _INTERRUPTED[self._origin]}"
        )
        await output.close()
        if is_pending:
            await self._store.mark_canceled(active_run.row.number, now_ms())
        else:
            await self._finish(active_run, None)

    def _open_output(self, active_run: _ActiveRun) -> RunOutput:
        return RunOutput(self._store, active_run.row.number, active_run.live_log, self._settings)
