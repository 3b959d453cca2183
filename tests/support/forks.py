"""Runs the program many times at a tenth of the cost: forks a process that has imported it.

Each run is a process with its own arguments, environment, folder, umask and streams, and exits like
the installed program.

    async with Forks() as forks:
        done = await forks.run("runs", "Hello", env=env, folder=tmp_path)
"""

import asyncio
import itertools
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

_PARENT = """
import json, os, signal, sys
import nodion_tui.api.client, nodion_tui.api.follow.follower
import nodion_tui.cli.root, nodion_tui.cli.session
from nodion_tui.cli import main
from nodion_tui.cli.commands import lists, trigger
from nodion_tui.cli.commands.log import logs

def begin(job):
    for number, path in ((1, job["out"]), (2, job["err"])):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.clear()
    os.environ.update(job["env"])
    os.chdir(job["folder"])
    os.umask(job["umask"])
    sys.argv = ["nodion-tui", *job["words"]]
    main()

def wait_for(child, number):
    status = os.waitpid(child, 0)[1]
    os.write(1, json.dumps([number, os.waitstatus_to_exitcode(status)]).encode() + b"\\n")
    os._exit(0)

signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for line in sys.stdin.buffer:
    if os.fork() == 0:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        job = json.loads(line)
        if child := os.fork():
            wait_for(child, job["number"])
        begin(job)
        sys.exit()
"""


@dataclass(frozen=True)
class Completed:
    """Exit code and output of a run."""

    code: int
    out: str
    err: str


class Forks:
    """Runs programs while it is entered.

    Args:
        preamble: Python code that the parent runs before it imports the program.
        env: more variables for the parent, which the interpreter reads at its start.
    """

    def __init__(self, preamble: str = "", env: Mapping[str, str] | None = None) -> None:
        self._code = f"{preamble}\n{_PARENT}"
        self._env = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"} | dict(env or {})
        self._numbers = itertools.count()
        self._ends: dict[int, asyncio.Future[int]] = {}
        self._parent: Process
        self._listener: asyncio.Task[None]

    async def __aenter__(self) -> Self:
        self._parent = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", self._code), env=self._env, stdin=PIPE, stdout=PIPE
        )
        self._listener = asyncio.create_task(self._listen())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._parent.stdin is not None
        self._parent.stdin.close()
        await self._parent.wait()
        await self._listener

    async def run(
        self, *words: str, env: Mapping[str, str], folder: Path, umask: int = 0o022
    ) -> Completed:
        """Run the program and wait for its exit."""
        number = next(self._numbers)
        out, err = folder / f"{number}.out", folder / f"{number}.err"
        end = self._ends[number] = asyncio.get_running_loop().create_future()
        job: dict[str, Any] = {"number": number, "words": words, "umask": umask}
        job |= {"env": self._env | dict(env), "folder": str(folder)}
        job |= {"out": str(out), "err": str(err)}
        assert self._parent.stdin is not None
        self._parent.stdin.write(json.dumps(job).encode() + b"\n")
        code = await end
        return Completed(code, out.read_bytes().decode(), err.read_bytes().decode())

    async def _listen(self) -> None:
        assert self._parent.stdout is not None
        async for line in self._parent.stdout:
            number, code = json.loads(line)
            self._ends.pop(number).set_result(code)
        for end in self._ends.values():
            end.set_exception(EOFError("the parent of the programs has ended"))
