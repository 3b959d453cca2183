"""One execution of one run, until nothing of it runs any more."""

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
    """The run ends before its job has begun; the log says why."""


@dataclass(frozen=True, slots=True)
class RunExecution:
    """What may end it before its own end: a stop, its time-out, the end of the engine."""

    executor: Executor
    settings: EngineSettings
    output: RunOutput
    stop_requested: asyncio.Event
    engine_closing: asyncio.Event

    async def run(self, row: RunRow, runner: RunnerSpec | None) -> int | None:
        """Execute it; its exit code, or None where it came to none of its own."""
        if runner is None:
            self.output.write_notice("The runner was removed before this run could start")
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
        """What it returns.

        Raises:
            _Disturbed: a stop, the time-out or the engine's end came before; it was cancelled.
        """
        task = asyncio.create_task(coroutine)
        if await self._completes_uninterrupted(task, deadline):
            return await task
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError, StartFailed):
            await task
        raise _Interrupted

    async def _completes_uninterrupted(self, task: "asyncio.Task[object]", deadline: float) -> bool:
        """Wait for a task; False where a stop, the time-out or the engine's end comes before."""
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
            return "The engine was shut down while this run was going on"
        return "Timed out"

    async def _terminate(self, job: Job, exit_task: "asyncio.Task[int]") -> None:
        """SIGTERM, and SIGKILL where that is not enough; sooner where the engine goes too."""
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
    """Tasks that are done when their event is set."""
    tasks: list[asyncio.Task[object]] = [asyncio.create_task(event.wait()) for event in events]
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()


def plan_job(run: RunRow, runner: RunnerSpec) -> JobSpec:
    """Join a run with its runner.

    argv or command of the run replace those of the runner as a whole; the entrypoint is replaced
    on its own; the environment is joined, the run's variables winning.
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
    """Words as a shell would read them; text that no shell could read is one word."""
    try:
        return tuple(shlex.split(text))
    except ValueError:
        return (text,)
