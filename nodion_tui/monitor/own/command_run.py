"""Runs a command of one's own without a terminal: no shell, no API key, a time limit."""

import asyncio
import os
from asyncio.subprocess import DEVNULL, STDOUT, Process
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import msgspec

from nodion_tui.config.profile import Profile
from nodion_tui.model.exit_code import end_of_process
from nodion_tui.model.text.format import long_duration
from nodion_tui.monitor.notify.command_pipe import CommandPipe
from nodion_tui.monitor.notify.hook import (
    keys_of,
    kill_group,
    start_group,
    terminate_group,
    without_secrets,
)
from nodion_tui.monitor.own.output_buffer import OutputBuffer


class CommandEnd(msgspec.Struct, frozen=True):
    """How a command ended."""

    exit_code: int | None = None
    """None if it could not be started or was ended."""
    problem: str = ""
    """A sentence; empty if it exited with 0."""


def command_environ(environ: Mapping[str, str], profiles: Iterable[Profile]) -> dict[str, str]:
    """The environment of a command: without the API keys, as that of the rules' commands."""
    return without_secrets(environ, *keys_of(profiles))


def program_name(argv: Sequence[str]) -> str:
    """The name of a command's program."""
    return Path(argv[0]).name


def start_problem(argv: Sequence[str], error: Exception) -> str:
    """Why a command could not be started."""
    reason = error.strerror if isinstance(error, OSError) else str(error)
    if isinstance(error, FileNotFoundError):
        reason = "there is no such program"
    return f"{program_name(argv)} could not be started: {reason}"


def end_problem(argv: Sequence[str], code: int | None) -> str:
    """That a command failed; empty if it did not."""
    return "" if code == 0 else f"{program_name(argv)} failed: {end_of_process(code)}"


async def run_command(
    argv: Sequence[str],
    environ: Mapping[str, str],
    *,
    given: Path | None,
    limit: timedelta,
    output: OutputBuffer | None,
) -> CommandEnd:
    """Run a command to its end; its failures are not raised.

    When cancelled, the command and its children are killed at once.

    Args:
        argv: program and arguments.
        environ: its environment.
        given: the file that it reads on standard input; None: nothing.
        limit: time after which it is ended, with its children.
        output: gets what it writes; None: nobody does.
    """
    with CommandPipe(_feed_all(output)) as pipe:
        try:
            process = await _start(argv, environ, given, pipe if output is not None else None)
        except (OSError, ValueError) as error:
            return CommandEnd(problem=start_problem(argv, error))
        try:
            async with asyncio.timeout(limit.total_seconds()):
                await process.wait()
        except TimeoutError:
            await terminate_group(process)
            words = f"was ended after {long_duration(limit)}, its time-out"
            return CommandEnd(problem=f"{program_name(argv)} {words}")
        finally:
            if process.returncode is None:
                await kill_group(process)
        if output is not None:
            await pipe.settle()
    return CommandEnd(process.returncode, end_problem(argv, process.returncode))


async def _start(
    argv: Sequence[str], environ: Mapping[str, str], given: Path | None, pipe: CommandPipe | None
) -> Process:
    stdin = DEVNULL if given is None else os.open(given, os.O_RDONLY | os.O_CLOEXEC)
    stdout = DEVNULL if pipe is None else pipe.write_end
    try:
        process = await start_group(argv, environ, stdin=stdin, stdout=stdout, stderr=STDOUT)
    finally:
        if stdin != DEVNULL:
            os.close(stdin)
    if pipe is not None:
        pipe.start()
    return process


def _feed_all(output: OutputBuffer | None) -> Callable[[bytes], bool]:
    """Takes all that is written: what is not kept must be read too, or the command waits."""

    def feed(data: bytes) -> bool:
        if output is not None:
            output.feed(data)
        return True

    return feed
