"""Runs the command of a rule: run as JSON on stdin, no shell, a time limit, no API key.

The command has no terminal: it can neither write to the screen nor read from the keyboard. Of what
it prints, the last line is told if it fails.
"""

import asyncio
import contextlib
import os
import signal
import tempfile
from asyncio.subprocess import STDOUT, Process
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Self

import msgspec

from nodion_tui.config.profile import Profile, Secret
from nodion_tui.model.exit_code import end_of_process
from nodion_tui.model.run import PayloadRunner, RunKey, RunPayload
from nodion_tui.model.text.masking import looks_secret
from nodion_tui.monitor.notify.command_pipe import CommandPipe
from nodion_tui.monitor.notify.hook_output import MAX_BYTES, HookOutput
from nodion_tui.monitor.notify.rules import RunNotification

TIMEOUT_SECONDS = 30.0
KILL_AFTER_SECONDS = 2.0
"""Time between SIGTERM and SIGKILL."""
MAX_CONCURRENT = 4
"""Maximum number of concurrent commands; further ones wait."""


class HookResult(msgspec.Struct, frozen=True):
    """Result of a command."""

    command: str
    """The program's name, without arguments."""
    exit_code: int | None
    """None if it could not be started or was killed."""
    problem: str = ""
    """A sentence; empty if it exited with 0."""
    last_line: str = ""
    """What it printed last, sanitized and without secrets, if it failed."""

    @property
    def text(self) -> str:
        """The problem with the last line: `notify.sh failed: exit 6: could not resolve host`."""
        return f"{self.problem}: {self.last_line}" if self.last_line else self.problem


class HookRunner:
    """Runs commands of rules, a few at a time.

    Args:
        environ: environment of the commands; keys are removed.
        secrets: variables that contain one of these values are removed.
        key_variables: further variables that contain keys, such as `key_env` of a profile.
        timeout: of one command, in seconds.
    """

    def __init__(
        self,
        environ: Mapping[str, str],
        secrets: Iterable[Secret] = (),
        *,
        key_variables: Iterable[str] = (),
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        secrets, key_variables = tuple(secrets), tuple(key_variables)
        self._environ = without_secrets(environ, secrets, key_variables)
        self._untold = _untold(environ, secrets, key_variables)
        self._timeout = timeout
        self._slots = asyncio.Semaphore(MAX_CONCURRENT)

    @classmethod
    def of_profiles(cls, environ: Mapping[str, str], profiles: Sequence[Profile]) -> Self:
        """A runner whose commands get no key of these profiles."""
        secrets, key_variables = keys_of(profiles)
        return cls(environ, secrets, key_variables=key_variables)

    async def run(self, notification: RunNotification, profile: str) -> HookResult:
        """Run the command of the notification's rule to its end; its failures are not raised.

        When cancelled, the command and its children are killed at once.

        Args:
            notification: with the names and ids that the service uses.
            profile: name of the profile whose run it is.
        """
        argv = notification.rule.command
        name = Path(argv[0]).name
        data = hook_payload(notification, profile)
        output = HookOutput()
        async with self._slots:
            with CommandPipe(output.feed) as pipe:
                try:
                    process = await self._start(argv, data, pipe)
                except (OSError, ValueError) as error:
                    reason = error.strerror if isinstance(error, OSError) else str(error)
                    return HookResult(name, None, f"{name} could not be started: {reason}")
                code, problem = await self._end(process, name, output)
                if not problem:
                    return HookResult(name, code)
                await pipe.settle()
                return HookResult(name, code, problem, output.last_line(self._untold))

    async def _start(self, argv: tuple[str, ...], data: bytes, pipe: CommandPipe) -> Process:
        # A file without a name instead of a pipe: one that reads nothing, and leaves a process
        # behind that holds its stdin, would keep us writing until the time-out.
        with tempfile.TemporaryFile() as given:
            given.write(data)
            given.seek(0)
            process = await start_group(
                argv, self._environ, stdin=given.fileno(), stdout=pipe.write_end, stderr=STDOUT
            )
        pipe.start()
        return process

    async def _end(self, process: Process, name: str, output: HookOutput) -> tuple[int | None, str]:
        """Exit code and problem of a command; when this returns, its process is gone."""
        try:
            async with asyncio.timeout(self._timeout):
                if await _ends(process, output):
                    code = process.returncode
                    return code, "" if code == 0 else f"{name} failed: {end_of_process(code)}"
        except TimeoutError:
            await terminate_group(process)
            return None, f"{name} timed out after {self._timeout:g} s"
        finally:
            if process.returncode is None:
                await kill_group(process)
        return None, f"{name} was stopped, as it printed more than {MAX_BYTES:,} bytes"


class _Notice(RunPayload, frozen=True, kw_only=True):
    rule: str
    at: datetime
    profile: str
    overdue: bool
    line: str | msgspec.UnsetType
    other_runs: tuple[RunKey, ...] | msgspec.UnsetType


def hook_payload(notification: RunNotification, profile: str) -> bytes:
    """The stdin of a command: a JSON object with rule, time, profile, runner, and run as sent.

    `overdue` says that no run came when one was due; the run is the last one then. A pattern of
    lines adds `line`, its text, and `other_runs`, which had such a line within the same minute.
    """
    match = notification.match
    payload = _Notice(
        rule=notification.rule.name,
        at=notification.at,
        profile=profile,
        runner=PayloadRunner(notification.run.runner_id, notification.runner),
        run=notification.run.record,
        overdue=notification.is_about_silence,
        line=msgspec.UNSET if match is None else match.line,
        other_runs=msgspec.UNSET if match is None else match.others,
    )
    return msgspec.json.encode(payload)


def keys_of(profiles: Iterable[Profile]) -> tuple[list[Secret], list[str]]:
    """The API keys of profiles, and the variables that contain them."""
    given = tuple(profiles)
    sources = (profile.key_source for profile in given)
    variables = [each.name for each in sources if each and each.kind == "environment"]
    return [profile.key for profile in given if profile.key], variables


def without_secrets(
    environ: Mapping[str, str], secrets: Iterable[Secret], key_variables: Iterable[str] = ()
) -> dict[str, str]:
    """The environment without key variables and without any variable that contains a secret."""
    values = [secret.reveal() for secret in secrets]
    excluded = {"NODION_API_KEY", *key_variables}
    return {
        name: value
        for name, value in environ.items()
        if name not in excluded and not any(secret in value for secret in values)
    }


def _untold(
    environ: Mapping[str, str], secrets: Iterable[Secret], key_variables: Iterable[str]
) -> frozenset[str]:
    """Values that a message must not contain: keys, and what variables of secrets hold."""
    names = {"NODION_API_KEY", *key_variables, *filter(looks_secret, environ)}
    values = {environ[name] for name in names if name in environ}
    return frozenset(values | {secret.reveal() for secret in secrets})


async def _ends(process: Process, output: HookOutput) -> bool:
    """Wait for the end of a command; False if it printed too much before."""
    ending = asyncio.ensure_future(process.wait())
    flooding = asyncio.ensure_future(output.flooded.wait())
    try:
        await asyncio.wait((ending, flooding), return_when=asyncio.FIRST_COMPLETED)
        return ending.done()
    finally:
        ending.cancel()
        flooding.cancel()
        await asyncio.gather(ending, flooding, return_exceptions=True)


async def start_group(
    argv: Sequence[str], environ: Mapping[str, str], *, stdin: int, stdout: int, stderr: int
) -> Process:
    """Start a command in a session of its own, so without a terminal; no shell.

    When cancelled, it is killed.

    Raises:
        OSError: it could not be started; or ValueError.
    """
    starting = asyncio.ensure_future(
        asyncio.create_subprocess_exec(
            *argv,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            env=environ,
            start_new_session=True,
        )
    )
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        # The process may exist already, and nobody else could kill it.
        with contextlib.suppress(OSError, ValueError):
            await kill_group(await starting)
        raise


async def terminate_group(process: Process) -> None:
    """Terminate the process group, then kill it."""
    _signal(process, signal.SIGTERM)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(KILL_AFTER_SECONDS):
            await process.wait()
    await kill_group(process)


async def kill_group(process: Process) -> None:
    """Kill the process group at once."""
    _signal(process, signal.SIGKILL)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(KILL_AFTER_SECONDS):
            await process.wait()


def _signal(process: Process, number: signal.Signals) -> None:
    # It leads its own session, so its id is that of its process group.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if process.returncode is None or not _exists(process.pid):
            os.killpg(process.pid, number)


def _exists(pid: int) -> bool:
    """Whether the process exists: once ours was reaped, its id may belong to another one."""
    try:
        os.getpgid(pid)
    except ProcessLookupError:
        return False
    return True
