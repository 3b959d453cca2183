"""Runs the program many times at a tenth of the cost: forks a process that has imported it.

Each run is a process with its own arguments, environment, folder, umask and streams, and exits like
the installed program. Only what the interpreter reads at its own start is that of the parent.

    with Forks() as forks:
        done = await forks.run("runs", "Hello", env=env, folder=tmp_path)
"""

import asyncio
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

_PARENT = """
import gc, importlib, json, os, pkgutil, signal, socket, struct, sys
import nodion_tui.api.client, nodion_tui.api.follow.follower
import nodion_tui.cli.root, nodion_tui.cli.session
from nodion_tui.cli import commands, main

for module in pkgutil.walk_packages(commands.__path__, f"{commands.__name__}."):
    importlib.import_module(module.name)

def begin(job, streams):
    jobs.close()
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    for descriptor in (*streams, *told.values()):
        os.close(descriptor)
    os.environ.clear()
    os.environ.update(job["env"])
    os.chdir(job["folder"])
    os.umask(job["umask"])
    sys.argv = ["nodion-tui", *job["words"]]
    main()

def reap(*_):
    while told:
        try:
            child, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return  # another signal came meanwhile, whose handler has reaped all
        if not child:
            return
        os.write(told[child], f"{os.waitstatus_to_exitcode(status)}\\n".encode())
        os.close(told.pop(child))

told = {}
jobs = socket.socket(fileno=int(sys.argv[1]))
gc.collect()
gc.freeze()
signal.signal(signal.SIGCHLD, reap)
while True:
    header, descriptors, _, _ = socket.recv_fds(jobs, 4, 4)
    if not header:
        break
    job = json.loads(jobs.recv(*struct.unpack("i", header), socket.MSG_WAITALL))
    *streams, report = descriptors
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    if not (child := os.fork()):
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
        told[0] = report
        begin(job, streams)
        sys.exit()
    told[child] = report
    os.write(report, f"{child}\\n".encode())
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
    for stream in streams:
        os.close(stream)
"""


@dataclass(frozen=True)
class Completed:
    """Exit code and output of a run."""

    code: int
    out: str
    err: str


class Forks:
    """Runs programs while it is entered, in any event loop.

    Args:
        preamble: Python code that the parent runs before it imports the program.
        env: more variables for the parent, which the interpreter reads at its start.
    """

    def __init__(self, preamble: str = "", env: Mapping[str, str] | None = None) -> None:
        self._code = f"{preamble}\n{_PARENT}"
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

    async def run(
        self,
        *words: str,
        env: Mapping[str, str],
        folder: Path,
        umask: int = 0o022,
        stdin: bytes = b"",
    ) -> Completed:
        """Run the program and wait for its exit; it is killed if that is cancelled."""
        job = {"words": words, "umask": umask, "env": self._env | dict(env), "folder": str(folder)}
        body = json.dumps(job).encode()
        with ExitStack() as opened:
            streams = [opened.enter_context(tempfile.TemporaryFile()) for _ in range(3)]
            given, out, err = streams
            given.write(stdin)
            given.seek(0)
            reading, writing = os.pipe()
            report = opened.enter_context(os.fdopen(reading, "rb"))
            try:
                descriptors = [*(stream.fileno() for stream in streams), writing]
                socket.send_fds(self._jobs, [struct.pack("i", len(body))], descriptors)
                self._jobs.sendall(body)
            finally:
                os.close(writing)
            code = await _exit_code(report.fileno())
            for stream in (out, err):
                stream.seek(0)
            return Completed(code, out.read().decode(), err.read().decode())


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
