"""Executes one run until all its processes have ended."""

import asyncio
import contextlib
import logging
import shlex
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.execution.job import Executor, Job, JobSpec, StartFailed
from nodion_tui.local.execution.run_output import RunOutput
from nodion_tui.local.runners.runner_spec import RunnerSpec
from nodion_tui.local.storage.run_row import RunRow

T = TypeVar("T")
_logger = logging.getLogger(__name__)


class _Interrupted(Exception):
    """The run was interrupted before its job started; the log has the reason."""


@dataclass(frozen=True, slots=True)
class RunExecution:
    """One execution; a stop, the time-out or the shutdown of the engine interrupts it."""

    executor: Executor
    settings: EngineSettings
    output: RunOutput
    stop_requested: asyncio.Event
    engine_closing: asyncio.Event

    async def run(self, row: RunRow, runner: RunnerSpec | None) -> int | None:
        """Execute the run; returns its exit code, or None if it was interrupted or not started."""
        if runner is None:
            self.output.write_notice("The runner was removed before this run started")
            return None
        try:
            return await self._execute(plan_job(row, runner), runner.timeout_seconds)
        except StartFailed as failure:
            self.output.write_notice(str(failure))
            return failure.exit_code
        except Exception:
            _logger.exception("run %s could not be executed", row.id)
            self.output.write_notice("========> The engine failed to execute this run")
            return None

    async def _execute(self, spec: JobSpec, timeout_seconds: float) -> int | None:
        deadline = asyncio.get_running_loop().time() + timeout_seconds
        spec.check()
        try:
            await self._complete(self.executor.prepare(spec, self.output), deadline)
            job = await self._complete(self.executor.start(spec, self.output), deadline)
        except _Interrupted:
            return None
        exit_task = asyncio.create_task(job.wait())
        try:
            if await self._completes_uninterrupted(exit_task, deadline):
                return await exit_task
            await self._terminate(job, exit_task)
            return None
        finally:
            exit_task.cancel()

    async def _complete(self, coroutine: Coroutine[Any, Any, T], deadline: float) -> T:
        """Await a coroutine and return its result.

        Raises:
            _Interrupted: it was cancelled by a stop, the time-out or the engine's shutdown.
        """
        task = asyncio.create_task(coroutine)
        if await self._completes_uninterrupted(task, deadline):
            return await task
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError, StartFailed):
            await task
        raise _Interrupted

    async def _completes_uninterrupted(self, task: "asyncio.Task[object]", deadline: float) -> bool:
        """Wait for a task; False if a stop, the time-out or the engine's shutdown comes first."""
        async with _event_tasks(self.stop_requested, self.engine_closing) as event_tasks:
            timeout = max(deadline - asyncio.get_running_loop().time(), 0)
            await asyncio.wait(
                {task, *event_tasks}, timeout=timeout, return_when=asyncio.FIRST_COMPLETED
            )
        if task.done():
            return True
        self.output.write_notice(f"========> {self._interruption_reason()}")
        return False

    def _interruption_reason(self) -> str:
        if self.stop_requested.is_set():
            return "Canceled"
        if self.engine_closing.is_set():
            return "The engine was shut down during this run"
        return "Timed out"

    async def _terminate(self, job: Job, exit_task: "asyncio.Task[int]") -> None:
        """Send SIGTERM, then SIGKILL after `stop_seconds`; earlier if the engine shuts down."""
        await job.terminate()
        async with _event_tasks(self.engine_closing) as closing:
            timeout = 0.0 if self.engine_closing.is_set() else self.settings.stop_seconds
            await asyncio.wait(
                {exit_task, *closing}, timeout=timeout, return_when=asyncio.FIRST_COMPLETED
            )
        if not exit_task.done() and self.engine_closing.is_set():
            await asyncio.wait({exit_task}, timeout=self.settings.shutdown_seconds)
        if not exit_task.done():
            await job.kill()
        await exit_task


@contextlib.asynccontextmanager
async def _event_tasks(*events: asyncio.Event) -> AsyncIterator[list["asyncio.Task[object]"]]:
    """Provide one task per event, done when the event is set."""
    tasks: list[asyncio.Task[object]] = [asyncio.create_task(event.wait()) for event in events]
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()


def plan_job(run: RunRow, runner: RunnerSpec) -> JobSpec:
    """Merge the overrides of a run into the defaults of its runner (API reference).

    argv or command of the run replace both of the runner; the entrypoint is replaced separately;
    the environments are merged, and the run's variables take precedence.
    """
    entrypoint = runner.entrypoint if run.entrypoint is None else run.entrypoint
    return JobSpec(
        run_number=run.number,
        run_id=run.id,
        runner=runner,
        argv=_argv(run.argv, run.command) or _argv(runner.argv, runner.run_command),
        entrypoint=_entrypoint(entrypoint or ""),
        env=runner.env | run.env,
    )


def _argv(argv: tuple[str, ...], command: str | None) -> tuple[str, ...]:
    if argv:
        return argv
    return ("sh", "-c", command) if command else ()


def _entrypoint(text: str) -> tuple[str, ...]:
    """Split into words like a shell; text with invalid quoting is one word."""
    try:
        return tuple(shlex.split(text))
    except ValueError:
        return (text,)
