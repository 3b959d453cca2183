"""Executes runs as processes: one session each, ended together with all descendants."""

import asyncio
import contextlib
import os
import signal
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path

from nodion_tui.local.descriptor_limit import DescriptorLimit
from nodion_tui.local.execution.executors.output_pipe import OutputPipe, wait_for_exit
from nodion_tui.local.execution.executors.process_marks import ProcessMarks
from nodion_tui.local.execution.executors.spawn_failure import spawn_failure
from nodion_tui.local.execution.job import JobSpec, StartFailed
from nodion_tui.local.execution.run_output import RunOutput
from nodion_tui.local.storage.run_folders import RunFolders

PrepareFolder = Callable[[Path], dict[str, str]]


class ProcessExecutor:
    """Executes argv without a shell, with a minimal environment.

    Args:
        folders: creates the working directories of runs whose runner has no workdir.
        marks: mark every started process.
        limit: the limit of descriptors that jobs get.
        prepare_folder: puts files into a run's new folder and returns variables for its job.
    """

    def __init__(
        self,
        folders: RunFolders,
        marks: ProcessMarks,
        limit: DescriptorLimit,
        prepare_folder: PrepareFolder | None = None,
    ) -> None:
        self._folders = folders
        self._marks = marks
        self._limit = limit
        self._prepare_folder = prepare_folder

    async def recover(self) -> None:
        """Kill the processes and remove the run folders of a crashed engine."""
        await asyncio.to_thread(self._marks.kill_all)
        await asyncio.to_thread(self._folders.remove_all)

    async def prepare(self, spec: JobSpec, output: RunOutput) -> None:
        """Do nothing: a process needs no preparation."""

    async def start(self, spec: JobSpec, output: RunOutput) -> "ProcessJob":
        """Start a process in a new folder, or in its runner's workdir."""
        output.write_notice("========> Executing command")
        argv = [*spec.entrypoint, *spec.argv]
        if not argv:
            raise StartFailed("No command: neither the runner nor the run defines one", 127)
        folder, variables = self._make_folder(spec)
        try:
            env = _base_environment() | variables | spec.env
            return self._start_in(folder, argv, env, spec, output)
        except BaseException:
            self._remove_folder(spec)
            raise

    def _start_in(
        self, folder: Path, argv: list[str], env: dict[str, str], spec: JobSpec, output: RunOutput
    ) -> "ProcessJob":
        try:
            pipe = OutputPipe(output)
        except OSError as error:
            raise spawn_failure(error, argv, folder, env) from None
        try:
            process = self._spawn(argv, spec.run_number, folder, env, pipe.write_end)
        except BaseException:
            pipe.close()
            raise
        pipe.close_write_end()
        return ProcessJob(
            process, spec.run_number, self._marks, pipe, partial(self._remove_folder, spec)
        )

    def _make_folder(self, spec: JobSpec) -> tuple[Path, dict[str, str]]:
        """Return the working directory (the runner's or a new one) and variables for the job."""
        if spec.runner.workdir is not None:
            folder = Path(spec.runner.workdir)
            if not folder.is_dir():
                raise StartFailed("The runner's workdir does not exist", 126)
            return folder, {}
        try:
            folder = self._folders.create(spec.run_id)
        except OSError as error:
            problem = f"The run's folder cannot be created: {error.strerror}"
            raise StartFailed(problem, 126) from None
        try:
            return folder, self._prepare_folder(folder) if self._prepare_folder else {}
        except OSError as error:
            self._remove_folder(spec)
            problem = f"The run's folder cannot be prepared: {error.strerror}"
            raise StartFailed(problem, 126) from None

    def _remove_folder(self, spec: JobSpec) -> None:
        """Remove the folder that was created for the run, if any."""
        if spec.runner.workdir is None:
            self._folders.remove(spec.run_id)

    def _spawn(
        self, argv: list[str], run_number: int, folder: Path, env: dict[str, str], write_end: int
    ) -> "subprocess.Popen[bytes]":
        try:
            with self._marks.mark_children(run_number), self._limit.original():
                return subprocess.Popen(
                    argv,
                    stdin=subprocess.DEVNULL,
                    stdout=write_end,
                    stderr=write_end,
                    cwd=folder,
                    env=env,
                    start_new_session=True,
                )
        except OSError as error:
            raise spawn_failure(error, argv, folder, env) from None


class ProcessJob:
    """A process and all its descendants."""

    def __init__(
        self,
        process: "subprocess.Popen[bytes]",
        run_number: int,
        marks: ProcessMarks,
        pipe: OutputPipe,
        remove_folder: Callable[[], None],
    ) -> None:
        self._process = process
        self._run_number = run_number
        self._marks = marks
        self._pipe = pipe
        self._remove_folder = remove_folder
        self._read_task = asyncio.create_task(pipe.read())

    async def wait(self) -> int:
        """Return its exit code once all its processes have ended and its output is in the log."""
        try:
            await wait_for_exit(self._process)
            self._signal_group(signal.SIGKILL)  # not reaped yet, so the pid is not reused
            await asyncio.to_thread(self._marks.kill_all, self._run_number)
            code = self._process.wait()
            # Before its last output is saved: on a full disk its files may be what fills it.
            await asyncio.to_thread(self._remove_folder)
            self._pipe.start_draining()
            await self._read_task
        finally:
            self._read_task.cancel()
            await asyncio.to_thread(self._remove_folder)
        return 128 - code if code < 0 else code

    async def terminate(self) -> None:
        """Send SIGTERM once to each process of its group, and to descendants outside of it.

        A program that is asked twice may take it for the order to end without tidying up.
        """
        self._signal_group(signal.SIGTERM)
        await asyncio.to_thread(
            self._marks.signal,
            signal.SIGTERM,
            self._run_number,
            outside_group=self._process.pid,
        )

    async def kill(self) -> None:
        """Send SIGKILL to its process group and to descendants outside of it."""
        self._signal_group(signal.SIGKILL)
        await asyncio.to_thread(self._marks.kill_all, self._run_number)

    def _signal_group(self, signal_number: signal.Signals) -> None:
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal_number)


def _base_environment() -> dict[str, str]:
    """Return the only variables that a job inherits from the engine."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": os.environ.get("HOME", "/"),
        "LANG": os.environ.get("LANG", "C.UTF-8"),
    }
