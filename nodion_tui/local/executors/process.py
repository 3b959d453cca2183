"""Runs as processes of this machine: a session each, ended with everything they started."""

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
from pathlib import Path

from nodion_tui.local.executors.base import JobSpec, StartFailed
from nodion_tui.local.executors.marks import Marks
from nodion_tui.local.executors.pipe import OutputPipe, until_exit
from nodion_tui.local.runlog import RunLog


class ProcessExecutor:
    """Executes argv without a shell, with an environment of its own."""

    def __init__(self, work_dir: Path, marks: Marks) -> None:
        self._work_dir = work_dir
        self._marks = marks

    async def recover(self) -> None:
        """End what an engine that died left behind."""
        await asyncio.to_thread(self._marks.sweep)
        await asyncio.to_thread(shutil.rmtree, self._work_dir, ignore_errors=True)

    async def prepare(self, spec: JobSpec, log: RunLog) -> None:
        """Nothing: what a process needs is there, or its start fails."""

    async def start(self, spec: JobSpec, log: RunLog) -> "ProcessJob":
        """Start it in a folder of its own, or where its runner says."""
        log.say("========> Executing command")
        argv = [*spec.entrypoint, *spec.argv]
        if not argv:
            raise StartFailed("The runner defines no command, and the run gave none", 127)
        own = self._work_dir / spec.run_id
        output = OutputPipe(log)
        try:
            process = self._spawn(argv, spec, own, output.write_end)
        except BaseException:
            output.close()
            shutil.rmtree(own, ignore_errors=True)
            raise
        output.started()
        return ProcessJob(process, spec.run, self._marks, output, own)

    def _spawn(
        self, argv: list[str], spec: JobSpec, own: Path, output: int
    ) -> "subprocess.Popen[bytes]":
        folder = _folder(spec, own)
        try:
            with self._marks.inherited(spec.run):
                return subprocess.Popen(
                    argv,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                    cwd=folder,
                    env=_base_environment() | spec.env,
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
        run: int,
        marks: Marks,
        output: OutputPipe,
        own_dir: Path,
    ) -> None:
        self._process = process
        self._run = run
        self._marks = marks
        self._output = output
        self._own_dir = own_dir
        self._reading = asyncio.create_task(output.read())

    async def wait(self) -> int:
        """Its exit code, when nothing of it runs any more and all its output is in the log."""
        try:
            await until_exit(self._process)
            self._signal_group(signal.SIGKILL)  # not reaped yet, so the number is still its own
            await asyncio.to_thread(self._marks.sweep, self._run)
            code = self._process.wait()
            self._output.no_more_writers()
            await self._reading
        finally:
            self._reading.cancel()
            await asyncio.to_thread(shutil.rmtree, self._own_dir, ignore_errors=True)
        return 128 - code if code < 0 else code

    async def terminate(self) -> None:
        """SIGTERM to its process group and to what left it."""
        self._signal_group(signal.SIGTERM)
        await asyncio.to_thread(self._marks.signal, signal.SIGTERM, self._run)

    async def kill(self) -> None:
        """SIGKILL to the same."""
        self._signal_group(signal.SIGKILL)
        await asyncio.to_thread(self._marks.sweep, self._run)

    def _signal_group(self, number: signal.Signals) -> None:
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, number)


def _folder(spec: JobSpec, own: Path) -> Path:
    """Where it starts: its runner's folder, or an empty one of its own."""
    if spec.runner.workdir is None:
        own.mkdir(parents=True, mode=0o700)
        return own
    folder = Path(spec.runner.workdir)
    if not folder.is_dir():
        raise StartFailed("The runner's workdir is not there", 126)
    return folder


def _base_environment() -> dict[str, str]:
    """What a job sees of this machine's environment, and no more."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": os.environ.get("HOME", "/"),
        "LANG": os.environ.get("LANG", "C.UTF-8"),
    }
