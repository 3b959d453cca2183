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


class _Disturbed(Exception):
    """The run ends before its job has begun; the log says why."""


@dataclass(frozen=True, slots=True)
class RunExecution:
    """What may end it before its own end: a stop, its time-out, the end of the engine."""

    executor: Executor
    settings: EngineSettings
    log: RunOutput
    stop: asyncio.Event
    closing: asyncio.Event

    async def run(self, row: RunRow, runner: RunnerSpec | None) -> int | None:
        """Execute it; its exit code, or None where it came to none of its own."""
        if runner is None:
            self.log.write_notice("The runner was removed before this run could start")
            return None
        try:
            return await self._execute(plan_job(row, runner), runner.timeout_seconds)
        except StartFailed as failure:
            self.log.write_notice(str(failure))
            return failure.exit_code
        except Exception:
            _logger.exception("run %s could not be executed", row.id)
            self.log.write_notice("========> The engine failed to execute this run")
            return None

    async def _execute(self, spec: JobSpec, timeout_seconds: float) -> int | None:
        limit = asyncio.get_running_loop().time() + timeout_seconds
        try:
            await self._done(self.executor.prepare(spec, self.log), limit)
            job = await self._done(self.executor.start(spec, self.log), limit)
        except _Disturbed:
            return None
        ending = asyncio.create_task(job.wait())
        try:
            if await self._undisturbed(ending, limit):
                return await ending
            await self._end(job, ending)
            return None
        finally:
            ending.cancel()

    async def _done(self, work: Coroutine[Any, Any, T], limit: float) -> T:
        """What it returns.

        Raises:
            _Disturbed: a stop, the time-out or the engine's end came before; it was cancelled.
        """
        task = asyncio.create_task(work)
        if await self._undisturbed(task, limit):
            return await task
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError, StartFailed):
            await task
        raise _Disturbed

    async def _undisturbed(self, task: "asyncio.Task[object]", limit: float) -> bool:
        """Wait for a task; False where a stop, the time-out or the engine's end comes before."""
        async with _waiting(self.stop, self.closing) as disturbed:
            patience = max(limit - asyncio.get_running_loop().time(), 0)
            await asyncio.wait(
                {task, *disturbed}, timeout=patience, return_when=asyncio.FIRST_COMPLETED
            )
        if task.done():
            return True
        self.log.write_notice(f"========> {self._why()}")
        return False

    def _why(self) -> str:
        if self.stop.is_set():
            return "Canceled"
        if self.closing.is_set():
            return "The engine was shut down while this run was going on"
        return "Timed out"

    async def _end(self, job: Job, ending: "asyncio.Task[int]") -> None:
        """SIGTERM, and SIGKILL where that is not enough; sooner where the engine goes too."""
        await job.terminate()
        async with _waiting(self.closing) as closing:
            patience = 0.0 if self.closing.is_set() else self.settings.stop_seconds
            await asyncio.wait(
                {ending, *closing}, timeout=patience, return_when=asyncio.FIRST_COMPLETED
            )
        if not ending.done() and self.closing.is_set():
            await asyncio.wait({ending}, timeout=self.settings.shutdown_seconds)
        if not ending.done():
            await job.kill()
        await ending


@contextlib.asynccontextmanager
async def _waiting(*events: asyncio.Event) -> AsyncIterator[list["asyncio.Task[object]"]]:
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
