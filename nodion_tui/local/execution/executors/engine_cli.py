"""Calls the command-line program of a container engine (podman or docker)."""

import asyncio
import contextlib
import logging
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from nodion_tui.local.execution.executors import create_flags
from nodion_tui.local.execution.job import StartFailed

COMMAND_TIMEOUT_SECONDS = 120.0
"""What a command gets that has nothing to fetch or to unpack; it is ended then."""
MAX_OUTPUT_BYTES = 65_536
"""Of a command's output; a progress bar says no more with more."""


_TIMEOUT_EXIT_CODE = 124
"""As `timeout` exits."""
TRIES = 3
PAUSE_SECONDS = 0.5
"""Between two tries: a lock or a busy mount often goes by itself."""
_logger = logging.getLogger(__name__)


class CommandResult(NamedTuple):
    """What a command answered."""

    exit_code: int
    output: bytes
    """stdout and stderr."""

    @property
    def text(self) -> str:
        """Its output, stripped."""
        return self.output.decode(errors="replace").strip()


class EngineCli:
    """One container engine's program with the arguments that every command gets."""

    def __init__(self, program: str, arguments: tuple[str, ...] = ()) -> None:
        self._command = (program, *arguments)

    async def run(
        self,
        *arguments: str,
        stdin: bytes = b"",
        env: Mapping[str, str] | None = None,
        timeout_seconds: float | None = COMMAND_TIMEOUT_SECONDS,
    ) -> CommandResult:
        """Run a command to its end; cancelling ends it.

        Args:
            *arguments: subcommand and what follows it.
            stdin: what it reads, such as a password.
            env: variables for the program, beside those of the engine.
            timeout_seconds: what it gets; None: as long as it takes.

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
            async with asyncio.timeout(timeout_seconds):
                output, _ = await process.communicate(stdin)
        except TimeoutError:
            await _kill(process)
            return CommandResult(
                _TIMEOUT_EXIT_CODE, f"no answer within {timeout_seconds:g} s".encode()
            )
        except asyncio.CancelledError:
            await _kill(process)
            raise
        return CommandResult(process.returncode or 0, output[-MAX_OUTPUT_BYTES:])

    def start(self, *arguments: str, output: int) -> "subprocess.Popen[bytes]":
        """Start a command that writes to a pipe."""
        return subprocess.Popen(
            (*self._command, *arguments),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


async def _kill(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:  # else its number may be another's by now
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    await process.wait()


async def remove_containers(
    cli: EngineCli, engine: create_flags.ContainerEngine, containers: Sequence[str]
) -> None:
    """Kill and remove containers; those that are gone already are no problem."""
    for attempt in range(TRIES):
        if attempt:
            await asyncio.sleep(PAUSE_SECONDS)
        result = await cli.run(*create_flags.remove_arguments(engine, containers))
        if result.exit_code == 0 or "no such container" in result.text.lower():
            return
    _logger.warning("a container could not be removed; the engine's next start tries again")
