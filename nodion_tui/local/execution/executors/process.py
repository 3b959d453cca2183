"""Runs as processes of this machine: a session each, ended with everything they started."""

import asyncio
import contextlib
import os
import signal
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path

from nodion_tui.local.execution.executors.output_pipe import OutputPipe, wait_for_exit
from nodion_tui.local.execution.executors.process_marks import ProcessMarks
from nodion_tui.local.execution.job import JobSpec, StartFailed
from nodion_tui.local.execution.run_output import RunOutput
from nodion_tui.local.storage.run_folders import RunFolders

PrepareFolder = Callable[[Path], dict[str, str]]


class ProcessExecutor:
    """Executes argv without a shell, with an environment of its own.

    Args:
        folders: makes the folders that runs start in, where their runner names none.
        marks: mark every process that is started.
        furnish: puts files into a run's new folder, and gives variables that its job gets.
    """

    def __init__(
        self, folders: RunFolders, marks: ProcessMarks, prepare_folder: PrepareFolder | None = None
    ) -> None:
        self._folders = folders
        self._marks = marks
        self._prepare_folder = prepare_folder

    async def recover(self) -> None:
        """End what an engine that died left behind."""
        await asyncio.to_thread(self._marks.kill_all)
        await asyncio.to_thread(self._folders.remove_all)

    async def prepare(self, spec: JobSpec, output: RunOutput) -> None:
        """Nothing: what a process needs is there, or its start fails."""

    async def start(self, spec: JobSpec, output: RunOutput) -> "ProcessJob":
        """Start it in a folder of its own, or where its runner says."""
        output.write_notice("========> Executing command")
        argv = [*spec.entrypoint, *spec.argv]
        if not argv:
            raise StartFailed("The runner defines no command, and the run gave none", 127)
        folder, variables = self._make_folder(spec)
        pipe = OutputPipe(output)
        try:
            env = _base_environment() | variables | spec.env
            process = self._spawn(argv, spec.run_number, folder, env, pipe.write_end)
        except BaseException:
            pipe.close()
            self._remove_folder(spec)
            raise
        pipe.close_write_end()
        return ProcessJob(
            process, spec.run_number, self._marks, pipe, partial(self._remove_folder, spec)
        )

    def _make_folder(self, spec: JobSpec) -> tuple[Path, dict[str, str]]:
        """Where it starts: its runner's folder, or one of its own; and variables for its job."""
        if spec.runner.workdir is not None:
            folder = Path(spec.runner.workdir)
            if not folder.is_dir():
                raise StartFailed("The runner's workdir is not there", 126)
            return folder, {}
        try:
            folder = self._folders.create(spec.run_id)
        except OSError as error:
            raise StartFailed(f"The run's folder cannot be made: {error.strerror}", 126) from None
        try:
            return folder, self._prepare_folder(folder) if self._prepare_folder else {}
        except OSError as error:
            self._remove_folder(spec)
            problem = f"The run's folder cannot be filled: {error.strerror}"
            raise StartFailed(problem, 126) from None

    def _remove_folder(self, spec: JobSpec) -> None:
        """Remove the run's own folder, if it was given one."""
        if spec.runner.workdir is None:
            self._folders.remove(spec.run_id)

    def _spawn(
        self, argv: list[str], run_number: int, folder: Path, env: dict[str, str], write_end: int
    ) -> "subprocess.Popen[bytes]":
        try:
            with self._marks.mark_children(run_number):
                return subprocess.Popen(
                    argv,
                    stdin=subprocess.DEVNULL,
                    stdout=write_end,
                    stderr=write_end,
                    cwd=folder,
                    env=env,
                    start_new_session=True,
                )
        except FileNotFoundError:
            raise StartFailed(f"exec: {argv[0]!r}: not found", 127) from None
        except OSError as error:
            reason = error.strerror or "cannot be executed"
            raise StartFailed(f"exec: {argv[0]!r}: {reason}", 126) from None


class ProcessJob:
    """A process and everything it started."""

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
        """Its exit code, when nothing of it runs any more and all its output is in the log."""
        try:
            await wait_for_exit(self._process)
            self._signal_group(signal.SIGKILL)  # not reaped yet, so the number is still its own
            await asyncio.to_thread(self._marks.kill_all, self._run_number)
            code = self._process.wait()
            self._pipe.start_draining()
            await self._read_task
        finally:
            self._read_task.cancel()
            await asyncio.to_thread(self._remove_folder)
        return 128 - code if code < 0 else code

    async def terminate(self) -> None:
        """SIGTERM to its process group and to what left it."""
        self._signal_group(signal.SIGTERM)
        await asyncio.to_thread(self._marks.signal, signal.SIGTERM, self._run_number)

    async def kill(self) -> None:
        """SIGKILL to the same."""
        self._signal_group(signal.SIGKILL)
        await asyncio.to_thread(self._marks.kill_all, self._run_number)

    def _signal_group(self, signal_number: signal.Signals) -> None:
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal_number)


def _base_environment() -> dict[str, str]:
    """What a job sees of this machine's environment, and no more."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": os.environ.get("HOME", "/"),
        "LANG": os.environ.get("LANG", "C.UTF-8"),
    }
