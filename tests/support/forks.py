"""Runs the program many times at a tenth of the cost: forks a process that has imported it.

Each run is a process with its own arguments, environment, folder, umask and streams, and exits like
the installed program. Only what the interpreter reads at its own start is that of the parent.

    with Forks() as forks:
        done = await forks.run("runs", "Hello", env=env, folder=tmp_path)

`start` gives a program a terminal and further descriptors, and leaves waiting to the caller.
"""

import asyncio
import json
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

COMMANDS = """
import importlib, pkgutil
import nodion_tui.api.client, nodion_tui.api.follow.follower
import nodion_tui.cli.root, nodion_tui.cli.session
from nodion_tui.cli import commands, main

for module in pkgutil.walk_packages(commands.__path__, f"{commands.__name__}."):
    importlib.import_module(module.name)
"""
"""Imports the program with what its commands need."""
FIRST_PASSED = 100
"""Number of the first of the further descriptors in the program."""
_PARENT = f"""
import fcntl, gc, json, os, signal, socket, struct, sys, termios, time

def begin(job, descriptors):
    jobs.close()
    if job["terminal"]:
        os.setsid()
    for number, descriptor in enumerate(descriptors):
        os.dup2(descriptor, number if number < 3 else {FIRST_PASSED} + number - 3)
    for descriptor in (*descriptors, *told.values()):
        os.close(descriptor)
    if job["terminal"]:
        fcntl.ioctl(0, termios.TIOCSCTTY)
    os.environ.clear()
    os.environ.update(job["env"])
    time.tzset()
    os.chdir(job["folder"])
    os.umask(job["umask"])
    sys.argv = ["nodion-tui", *job["words"]]
    sys.exit(main())

def reap(*_):
    while told:
        try:
            child, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return  # another signal came meanwhile, whose handler has reaped all
        if not child:
            return
        try:
            os.write(told[child], b"%d\\n" % os.waitstatus_to_exitcode(status))
        except BrokenPipeError:
            pass  # nobody waits for it any more
        os.close(told.pop(child))

told = {{}}
jobs = socket.socket(fileno=int(sys.argv[1]))
gc.collect()
gc.freeze()
signal.signal(signal.SIGCHLD, reap)
while True:
    header, descriptors, _, _ = socket.recv_fds(jobs, 4, 8)
    if not header:
        break
    job = json.loads(jobs.recv(*struct.unpack("i", header), socket.MSG_WAITALL))
    *streams, report = descriptors
    signal.pthread_sigmask(signal.SIG_BLOCK, {{signal.SIGCHLD}})
    if not (child := os.fork()):
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {{signal.SIGCHLD}})
        told[0] = report
        begin(job, streams)
    told[child] = report
    os.write(report, b"%d\\n" % child)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {{signal.SIGCHLD}})
    for stream in streams:
        os.close(stream)
"""


@dataclass(frozen=True)
class Completed:
    """Exit code and output of a run."""

    code: int
    out: str
    err: str


class ForkedProcess:
    """A running fork, with the methods of `subprocess.Popen` that terminals need.

    Args:
        report: descriptor from which process and exit code are read; closed at the end.
    """

    def __init__(self, report: int) -> None:
        self._report = report
        self.pid = int(_line(report))
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """The exit code, or None while it is running."""
        if self.returncode is None and select.select([self._report], [], [], 0)[0]:
            self._end()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """The exit code once it has ended.

        Raises:
            subprocess.TimeoutExpired: it runs longer than `timeout` seconds.
        """
        if self.returncode is None:
            if not select.select([self._report], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
            self._end()
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send a signal if it is running."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill it if it is running."""
        self.send_signal(signal.SIGKILL)

    def _end(self) -> None:
        self.returncode = int(_line(self._report))
        os.close(self._report)


class Forks:
    """Runs programs while it is entered, in any event loop.

    Args:
        preamble: Python code that the parent runs before it imports the program.
        env: more variables for the parent, which the interpreter reads at its start.
        program: Python code that imports the program and its `main`.
    """

    def __init__(
        self, preamble: str = "", env: Mapping[str, str] | None = None, program: str = COMMANDS
    ) -> None:
        self._code = f"{preamble}\n{program}\n{_PARENT}"
        self._env = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"} | dict(env or {})
        self._jobs: socket.socket
        self._parent: subprocess.Popen[bytes]

    def __enter__(self) -> Self:
        self._jobs, theirs = socket.socketpair()
        with theirs:
            self._parent = subprocess.Popen(
                [sys.executable, "-c", self._code, str(theirs.fileno())],
                env=self._env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
            )
        return self

    def __exit__(self, *error: object) -> None:
        self._jobs.close()
        self._parent.wait()

    def start(
        self,
        words: Sequence[str],
        terminal: int,
        *,
        env: Mapping[str, str],
        folder: str,
        pass_fds: Sequence[int] = (),
    ) -> ForkedProcess:
        """Start the program in a session of its own, with a terminal.

        Args:
            words: its arguments.
            terminal: descriptor of the terminal, which becomes its controlling one.
            env: its environment.
            folder: its working directory.
            pass_fds: further descriptors, from `FIRST_PASSED` on in the program.
        """
        report, writing = os.pipe()
        job = {"words": words, "umask": 0o022, "env": env, "folder": folder, "terminal": True}
        try:
            self._send(job, [terminal, terminal, terminal, *pass_fds, writing])
        finally:
            os.close(writing)
        return ForkedProcess(report)

    async def run(
        self,
        *words: str,
        env: Mapping[str, str],
        folder: Path,
        umask: int = 0o022,
        stdin: bytes = b"",
    ) -> Completed:
        """Run the program and wait for its exit; it is killed if that is cancelled."""
        job = {
            "words": words,
            "umask": umask,
            "env": self._env | dict(env),
            "folder": str(folder),
            "terminal": False,
        }
        with ExitStack() as opened:
            streams = [opened.enter_context(tempfile.TemporaryFile()) for _ in range(3)]
            given, out, err = streams
            given.write(stdin)
            given.seek(0)
            reading, writing = os.pipe()
            report = opened.enter_context(os.fdopen(reading, "rb"))
            try:
                self._send(job, [*(stream.fileno() for stream in streams), writing])
            finally:
                os.close(writing)
            code = await _exit_code(report.fileno())
            for stream in (out, err):
                stream.seek(0)
            return Completed(code, out.read().decode(), err.read().decode())

    def _send(self, job: Mapping[str, object], descriptors: list[int]) -> None:
        body = json.dumps(job).encode()
        socket.send_fds(self._jobs, [struct.pack("i", len(body))], descriptors)
        self._jobs.sendall(body)


def _line(report: int) -> bytes:
    """The next line that the parent writes; waits for it.

    Raises:
        EOFError: the parent has ended.
    """
    told = b""
    while not told.endswith(b"\n"):
        part = os.read(report, 1)
        if not part:
            message = "the parent of the programs has ended"
            raise EOFError(message)
        told += part
    return told


async def _exit_code(report: int) -> int:
    """The exit code from the lines that the parent writes: process, then code."""
    told = b""
    loop = asyncio.get_running_loop()
    try:
        while told.count(b"\n") < 2:
            readable = asyncio.Event()
            loop.add_reader(report, readable.set)
            try:
                await readable.wait()
            finally:
                loop.remove_reader(report)
            part = os.read(report, 100)
            if not part:
                message = "the parent of the programs has ended"
                raise EOFError(message)
            told += part
    except asyncio.CancelledError:
        if told:
            with suppress(ProcessLookupError):
                os.kill(int(told), signal.SIGKILL)
        raise
    return int(told.split()[1])
