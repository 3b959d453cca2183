"""Calling the program of a container engine: podman or docker."""

import asyncio
import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping
from typing import NamedTuple

from nodion_tui.local.executors.base import StartFailed

KEPT_BYTES = 65_536
"""Of a command's output; a progress bar says no more with more."""


class Said(NamedTuple):
    """What a command answered."""

    code: int
    output: bytes
    """stdout and stderr."""

    @property
    def text(self) -> str:
        """Its output, stripped."""
        return self.output.decode(errors="replace").strip()


class Tool:
    """One container engine's program with the arguments that every command gets."""

    def __init__(self, program: str, arguments: tuple[str, ...] = ()) -> None:
        self._command = (program, *arguments)

    async def call(
        self, *arguments: str, stdin: bytes = b"", env: Mapping[str, str] | None = None
    ) -> Said:
        """Run a command to its end; cancelling ends it.

        Args:
            *arguments: subcommand and what follows it.
            stdin: what it reads, such as a password.
            env: variables for the program, beside those of the engine.

        Raises:
            StartFailed: the program is not there.
        """
        try:
            process = await asyncio.create_subprocess_exec(
                *(*self._command, *arguments),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env={**os.environ, **(env or {})},
                start_new_session=True,
            )
        except OSError:
            raise StartFailed(f"{self._command[0]} is not installed or cannot be run") from None
        try:
            output, _ = await process.communicate(stdin)
        except asyncio.CancelledError:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
            raise
        return Said(process.returncode or 0, output[-KEPT_BYTES:])

    def start(self, *arguments: str, output: int) -> "subprocess.Popen[bytes]":
        """Start a command that writes to a pipe."""
        return subprocess.Popen(
            (*self._command, *arguments),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
