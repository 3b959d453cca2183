"""Runs commands of a container engine (podman or docker)."""

import asyncio
import contextlib
import logging
import os
import signal
import subprocess
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Literal, NamedTuple, cast

from nodion_tui.local.execution.job import StartFailed

ContainerEngine = Literal["podman", "docker"]

COMMAND_TIMEOUT_SECONDS = 120.0
"""Time-out of commands that download and unpack nothing; they are killed then."""
MAX_OUTPUT_BYTES = 65_536
"""Output kept of a command: its end; a progress bar can be longer."""
_TIMEOUT_EXIT_CODE = 124
"""Exit code of timeout(1)."""
CANNOT_RUN_EXIT_CODE = 125
"""Exit code of a run whose container could not be made, as `podman run` and `docker run` exit."""
TRIES = 3
PAUSE_SECONDS = 0.5
"""Pause between attempts to remove a container: locks and busy mounts are often short-lived."""
_SUPERVISOR_VARIABLES = ("NOTIFY_SOCKET", "LISTEN_", "WATCHDOG_")
"""Prefixes of what a service manager tells the engine; Podman would pass it on to containers."""
_logger = logging.getLogger(__name__)


class CommandResult(NamedTuple):
    """Exit code and output of a command."""

    exit_code: int
    output: bytes
    """stdout and stderr."""

    @property
    def text(self) -> str:
        """The output, stripped."""
        return self.output.decode(errors="replace").strip()


class EngineCli:
    """The command line of a container engine.

    Args:
        engine: the container engine.
        program: its name or path; empty: as the engine.
        arguments: arguments common to all commands.
    """

    def __init__(
        self, engine: ContainerEngine, program: str = "", arguments: tuple[str, ...] = ()
    ) -> None:
        self.engine = engine
        self._command = (program or engine, *arguments)

    async def run(
        self,
        *arguments: str,
        stdin: bytes = b"",
        env: Mapping[str, str] | None = None,
        timeout_seconds: float | None = COMMAND_TIMEOUT_SECONDS,
    ) -> CommandResult:
        """Run a command to completion; it is killed on cancellation.

        Args:
            *arguments: subcommand and its arguments.
            stdin: standard input, such as a password.
            env: variables in addition to those of this process.
            timeout_seconds: what it gets; None: as long as it takes.

        Raises:
            StartFailed: the program could not be started.
        """
        process = await self._spawn(arguments, stderr=subprocess.STDOUT, env=env)
        try:
            async with asyncio.timeout(timeout_seconds):
                output, _ = await process.communicate(stdin)
        except TimeoutError:
            await _kill(process)
            return CommandResult(
                _TIMEOUT_EXIT_CODE, f"timed out after {timeout_seconds:g} s".encode()
            )
        except asyncio.CancelledError:
            await _kill(process)
            raise
        return CommandResult(process.returncode or 0, output[-MAX_OUTPUT_BYTES:])

    @contextlib.asynccontextmanager
    async def connected(
        self, *arguments: str
    ) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        """Provide stdout and stdin of a command, which is killed when the block ends.

        Raises:
            StartFailed: the program could not be started.
        """
        process = await self._spawn(arguments, stderr=subprocess.DEVNULL)
        writer = cast("asyncio.StreamWriter", process.stdin)
        try:
            yield cast("asyncio.StreamReader", process.stdout), writer
        finally:
            writer.close()
            await asyncio.shield(_kill(process))

    async def _spawn(
        self, arguments: Sequence[str], *, stderr: int, env: Mapping[str, str] | None = None
    ) -> asyncio.subprocess.Process:
        """Start a command with pipes to its stdin and from its stdout.

        Raises:
            StartFailed: the program could not be started.
        """
        try:
            return await asyncio.create_subprocess_exec(
                *(*self._command, *arguments),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                env=_inherited_environment() | dict(env or {}),
                start_new_session=True,
            )
        except OSError as error:
            raise self._start_failure(error) from None

    def start(self, *arguments: str, output: int) -> "subprocess.Popen[bytes]":
        """Start a command whose stdout and stderr go to a file descriptor.

        Raises:
            StartFailed: the program could not be started.
        """
        try:
            return subprocess.Popen(
                (*self._command, *arguments),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=_inherited_environment(),
                start_new_session=True,
            )
        except OSError as error:
            raise self._start_failure(error) from None

    async def remove(self, *containers: str) -> None:
        """Kill and remove containers without a grace period; missing ones are ignored."""
        time_limit = ("--time", "0") if self.engine == "podman" else ()
        for attempt in range(TRIES):
            if attempt:
                await asyncio.sleep(PAUSE_SECONDS)
            result = await self.run("rm", "--force", "--volumes", *time_limit, *containers)
            if result.exit_code == 0 or "no such container" in result.text.lower():
                return
        _logger.warning("a container could not be removed; the engine's next start will retry")

    def _start_failure(self, error: OSError) -> StartFailed:
        """Say what is wrong: only a file that is not there is a program that is not installed."""
        is_missing = isinstance(error, FileNotFoundError)
        reason = "is not installed" if is_missing else f"cannot be run: {error.strerror}"
        return StartFailed(f"{self._command[0]} {reason}", CANNOT_RUN_EXIT_CODE)


def _inherited_environment() -> dict[str, str]:
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(_SUPERVISOR_VARIABLES)
    }


async def _kill(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:  # otherwise the pid may be reused by now
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    await process.wait()
