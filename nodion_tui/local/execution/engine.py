"""Queues and executes runs: pending → running → succeeded | failed | canceled."""

import asyncio
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from weakref import WeakSet

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
from nodion_tui.local.storage.store_faults import StoreUnavailable
from nodion_tui.model.text.format import count
from nodion_tui.model.trigger import TriggerRequest

SHUTDOWN_GRACE_SECONDS = 5.0
"""How long to wait at shutdown, after the time that runs get, until their ends are committed.

As long again for runs that still do not end, such as those of a container engine that hangs."""
FAULT_GRACE_SECONDS = 1.2
"""How long to wait instead if nothing can be saved: one more attempt, as ended jobs make room."""

_MOVED = "This data folder was copied, moved to another disk or remounted"
_INTERRUPTED = {
    FolderOrigin.SAME: "Engine crashed during this run; its processes were killed",
    FolderOrigin.UNMARKED: "Engine crashed during this run; its processes may still be running",
    FolderOrigin.COPY: f"{_MOVED} while this run was running; its outcome is unknown here",
}
"""Last log line of runs that the database lists as running when an engine starts."""
_UNKNOWN_EXECUTOR = "Engine crashed during this run; what became of its job is unknown"
_NOT_STARTED = f"{_MOVED} while this run was pending; it is not started here"


@dataclass(slots=True, eq=False)
class _ActiveRun:
    """A run that has not ended, or whose job is not cleaned up yet."""

    row: RunRow
    live_log: LiveLog
    stop_requested: asyncio.Event = field(default_factory=asyncio.Event)
    other_executor: str | None = None
    """Executor that has its job, if that is not this engine's, which cannot end it."""


class Engine:
    """Queues, executes and stops runs, and publishes their output and state."""

    def __init__(
        self,
        settings: EngineSettings,
        store: EngineStore,
        catalogue: RunnerCatalogue,
        executor: Executor,
        origin: FolderOrigin,
        notice: Callable[[str], None],
    ) -> None:
        self._settings = settings
        self._store = store
        self._catalogue = catalogue
        self._executor = executor
        self._origin = origin
        self._notice = notice
        self._active_runs: dict[str, _ActiveRun] = {}
        self._live_logs: WeakSet[LiveLog] = WeakSet()
        """Those of active runs, and of ended ones that are being sent."""
        self._queue: deque[_ActiveRun] = deque()
        self._executing: set[asyncio.Task[None]] = set()
        self._closing = asyncio.Event()

    @property
    def has_runs(self) -> bool:
        """Whether there are runs that have not ended."""
        return bool(self._active_runs)

    async def recover(self) -> None:
        """End what a previous engine left: its jobs, and its unfinished runs in the database.

        A job of another executor cannot be found from here: its run stays as running until an
        engine with that executor ends both.
        """
        await self._executor.recover()
        for row in await self._store.unfinished_runs():
            last = await self._store.last_line(row.number)
            active_run = _ActiveRun(row, self._new_live_log(row, last))
            if row.status == "pending" and self._origin is not FolderOrigin.COPY:
                self._queue.append(active_run)
            elif self._origin is FolderOrigin.SAME and self._is_of_another_executor(row):
                active_run.other_executor = row.executor
            else:
                await self._close_orphan(active_run)
                continue
            self._active_runs[row.id] = active_run
        self._tell_other_executors()

    def _is_of_another_executor(self, row: RunRow) -> bool:
        return row.executor not in {None, self._settings.executor}

    def _tell_other_executors(self) -> None:
        names = (active_run.other_executor for active_run in self._active_runs.values())
        for name, number in Counter(name for name in names if name is not None).items():
            self._notice(
                f"{count(number, 'run')} may still be running under {name};"
                f" to end what is left of them, start the engine with --executor {name}"
            )

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
        grace_seconds = self._settings.shutdown_seconds + SHUTDOWN_GRACE_SECONDS
        if self._executing:
            await self._wait_for_ends(grace_seconds)
        if self._executing:
            self._store.stop_retrying()
            await asyncio.wait(self._executing, timeout=grace_seconds)
        for task in self._executing:
            task.cancel()
        for live_log in self._live_logs:
            live_log.close("the engine was shut down")

    async def _wait_for_ends(self, grace_seconds: float) -> None:
        """Wait until all runs have ended; shorter while nothing can be saved."""
        ends = asyncio.ensure_future(asyncio.wait(self._executing, timeout=grace_seconds))
        fault = asyncio.create_task(self._store.health.failing.wait())
        await asyncio.wait({ends, fault}, return_when=asyncio.FIRST_COMPLETED)
        if not ends.done():
            await asyncio.wait({ends}, timeout=FAULT_GRACE_SECONDS)
        ends.cancel()
        fault.cancel()

    async def trigger(self, runner: RunnerSpec, request: TriggerRequest) -> RunRow:
        """Queue a run; returns it once it is committed."""
        row = await self._store.add_run(runner.api_id, request, now_ms())
        active_run = _ActiveRun(row, self._new_live_log(row))
        self._active_runs[row.id] = active_run
        self._queue.append(active_run)
        self.start_queued()
        return row

    async def stop(self, row: RunRow) -> RunRow:
        """End a run's job and mark it as canceled at once; an ended run is returned unchanged.

        Streams of the log end at once, too. What the job still writes is stored, and read by pages.
        The job is ended also while nothing can be saved: it may be what fills the disk.
        """
        active_run = self._active_runs.get(row.id)
        if active_run:
            active_run.stop_requested.set()
        is_stored = await self._store.cancel(row, now_ms())
        if active_run and active_run in self._queue:
            self._queue.remove(active_run)
            self._release(active_run)
        elif active_run and active_run.other_executor:
            await self._close_log(
                active_run,
                f"Canceled, but it may still be running under {active_run.other_executor}",
            )
            self._release(active_run)
        elif active_run and is_stored:  # else lines before the stop may not be stored, either
            active_run.live_log.seal()
        return await self._store.find_run(row.runner_id, row.id) or row

    def active_numbers(self) -> frozenset[int]:
        """Return the numbers of runs that have not ended, or whose jobs may still write."""
        return frozenset(active_run.row.number for active_run in self._active_runs.values())

    async def live_log(self, row: RunRow) -> LiveLog:
        """Return the live log of a run; that of an ended or stopped run is sealed."""
        if active_run := self._active_runs.get(row.id):
            return active_run.live_log
        live_log = self._new_live_log(row, await self._store.last_line(row.number))
        live_log.seal()
        return live_log

    def _new_live_log(self, row: RunRow, last_line: int = 0) -> LiveLog:
        live_log = LiveLog(row.line_id_prefix, last_line=last_line)
        self._live_logs.add(live_log)
        return live_log

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
            is_running = await self._store.mark_running(
                active_run.row.number, self._settings.executor, now_ms()
            )
            if is_running and not active_run.stop_requested.is_set():
                exit_code = await execution.run(
                    active_run.row, self._catalogue.get(active_run.row.runner_id)
                )
                await output.close()
                await self._finish(active_run, exit_code)
            self._release(active_run)
        except StoreUnavailable as error:
            self._active_runs.pop(active_run.row.id, None)
            active_run.live_log.close(str(error))

    async def _finish(self, active_run: _ActiveRun, exit_code: int | None) -> None:
        status = "succeeded" if exit_code == 0 else "failed"
        await self._store.mark_finished(active_run.row.number, status, exit_code, now_ms())

    async def _close_orphan(self, active_run: _ActiveRun) -> None:
        """End a run that this engine does not execute (the original of a copied folder may)."""
        row = active_run.row
        if row.status == "pending":
            await self._close_log(active_run, _NOT_STARTED)
            await self._store.cancel(row, now_ms())
            return
        is_unknown = self._origin is FolderOrigin.SAME and row.executor is None
        reason = _UNKNOWN_EXECUTOR if is_unknown else _INTERRUPTED[self._origin]
        await self._close_log(active_run, reason)
        await self._finish(active_run, None)

    async def _close_log(self, active_run: _ActiveRun, reason: str) -> None:
        """Add the last line of a run that this engine does not execute."""
        output = self._open_output(active_run)
        output.write_notice(f"========> {reason}")
        await output.close()

    def _open_output(self, active_run: _ActiveRun) -> RunOutput:
        return RunOutput(self._store, active_run.row.number, active_run.live_log, self._settings)
