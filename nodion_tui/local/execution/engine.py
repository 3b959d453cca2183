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

PATIENCE_SECONDS = 5.0
"""Beyond the time that runs get to end: to write down how, unless the disk is full.

The same again for what still does not end then, such as a container engine that hangs."""

_MOVED = "This data folder was copied, moved to another disk or mounted anew"
_LEFT_RUNNING = {
    FolderOrigin.SAME: "The engine died while this run was going on; what it started was ended",
    FolderOrigin.UNMARKED: (
        "The engine died while this run was going on; whether what it started still runs is not"
        " known"
    ),
    FolderOrigin.COPY: f"{_MOVED} while this run was going on; what became of it is not known here",
}
"""What the log of a run says that the database holds as running when an engine starts."""
_LEFT_PENDING = f"{_MOVED} while this run was waiting; it is not started here"


def now_ms() -> int:
    """Milliseconds since 1970."""
    return time.time_ns() // 1_000_000


@dataclass(slots=True, eq=False)
class _Live:
    """A run that has not ended, or has not let go of its job yet."""

    row: RunRow
    feed: LiveLog
    stop: asyncio.Event = field(default_factory=asyncio.Event)


class Engine:
    """Keeps runs, executes them, and tells what became of them."""

    def __init__(
        self,
        settings: EngineSettings,
        store: EngineStore,
        book: RunnerCatalogue,
        executor: Executor,
        origin: FolderOrigin = FolderOrigin.SAME,
        now: Callable[[], int] = now_ms,
    ) -> None:
        self._settings = settings
        self._store = store
        self._book = book
        self._executor = executor
        self._origin = origin
        self._now = now
        self._live: dict[str, _Live] = {}
        self._queue: deque[_Live] = deque()
        self._executing: set[asyncio.Task[None]] = set()
        self._closing = asyncio.Event()

    async def recover(self) -> None:
        """End what an engine before this one left: its jobs, and its runs in the database."""
        await self._executor.recover()
        for row in await self._store.unfinished_runs():
            last = await self._store.last_line(row.number)
            live = _Live(row, LiveLog(row.line_id_prefix, last_line=last))
            if row.status == "running" or self._origin is FolderOrigin.COPY:
                await self._close_orphan(live)
            else:
                self._live[row.id] = live
                self._queue.append(live)

    def start(self) -> None:
        """Start what is pending."""
        self._pump()

    async def aclose(self) -> None:
        """End what runs; it has failed, and its log says why. What is pending stays pending."""
        self._closing.set()
        self._queue.clear()
        if self._executing:
            patience = self._settings.shutdown_seconds + PATIENCE_SECONDS
            await asyncio.wait(self._executing, timeout=patience)
        if self._executing:
            self._store.stop_retrying()
            await asyncio.wait(self._executing, timeout=PATIENCE_SECONDS)
        for hung in self._executing:
            hung.cancel()
        for live in self._live.values():
            live.feed.close()

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
        live = _Live(row, LiveLog(row.line_id_prefix))
        self._live[row.id] = live
        self._queue.append(live)
        self._pump()
        return row

    async def stop(self, row: RunRow) -> RunRow:
        """Mark as canceled at once and end the job; one that has ended comes back unchanged."""
        await self._store.mark_canceled(row.number, self._now())
        if live := self._live.get(row.id):
            live.stop.set()
            if live in self._queue:
                self._queue.remove(live)
                self._let_go(live)
        return await self._store.run(row.runner_id, row.id) or row

    async def live_log(self, row: RunRow) -> LiveLog:
        """The live end of a run's log."""
        if live := self._live.get(row.id):
            return live.feed
        return LiveLog(
            row.line_id_prefix, last_line=await self._store.last_line(row.number), sealed=True
        )

    def _pump(self) -> None:
        room = self._settings.max_running
        while self._queue and len(self._executing) < room and not self._closing.is_set():
            task = asyncio.create_task(self._execute(self._queue.popleft()))
            self._executing.add(task)
            task.add_done_callback(self._executed)

    def _executed(self, task: "asyncio.Task[None]") -> None:
        self._executing.discard(task)
        self._pump()

    def _let_go(self, live: _Live) -> None:
        self._live.pop(live.row.id, None)
        live.feed.seal()

    async def _execute(self, live: _Live) -> None:
        log = self._log(live)
        attempt = RunExecution(self._executor, self._settings, log, live.stop, self._closing)
        try:
            if await self._store.mark_running(live.row.number, self._now()):
                code = await attempt.run(live.row, self._book.get(live.row.runner_id))
                await log.close()
                await self._finish(live, code)
            self._let_go(live)
        except StoreUnavailable:
            self._live.pop(live.row.id, None)
            live.feed.close()

    async def _finish(self, live: _Live, code: int | None) -> None:
        status = "succeeded" if code == 0 else "failed"
        await self._store.mark_finished(live.row.number, status, code, self._now())

    async def _close_orphan(self, live: _Live) -> None:
        """End a run that nothing of this engine's executes; the original of a copy may."""
        log, waiting = self._log(live), live.row.status == "pending"
        log.write_notice(f"========> {_LEFT_PENDING if waiting else _LEFT_RUNNING[self._origin]}")
        await log.close()
        if waiting:
            await self._store.mark_canceled(live.row.number, self._now())
        else:
            await self._finish(live, None)

    def _log(self, live: _Live) -> RunOutput:
        return RunOutput(self._store, live.row.number, live.feed, self._settings, self._now)
