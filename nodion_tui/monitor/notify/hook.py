"""Runs the command of a rule: the run as JSON on stdin, no shell, a time-out, no API key.

The command has no terminal: it cannot write over the screen, nor read from the keyboard.
"""

import asyncio
import contextlib
import os
import signal
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from nodion_tui.config.profile import Secret
from nodion_tui.monitor.notify.rules import RunNotification

TIMEOUT_SECONDS = 30.0
KILL_AFTER_SECONDS = 2.0
"""From the request to end until there is no choice."""
MAX_CONCURRENT = 4
"""Commands that run at the same time; further ones wait."""


@dataclass(frozen=True, slots=True)
class HookResult:
    """How a command ended."""

    command: str
    """The program's name; arguments are not repeated."""
    exit_code: int | None
    """None where it could not be started or was ended by us."""
    problem: str = ""
    """A sentence; empty where it exited with 0."""


class HookRunner:
    """Runs commands of rules, a few at a time.

    Args:
        environ: what the commands inherit, once the key is taken out.
        secrets: values that no variable may hold.
        key_variables: further variables that hold keys, such as `key_env` of a profile.
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
        self._environ = without_secrets(environ, secrets, key_variables)
        self._timeout = timeout
        self._free = asyncio.Semaphore(MAX_CONCURRENT)

    async def run(self, notice: RunNotification) -> HookResult:
        """Run the command of the notice's rule to its end; never raises for what it does.

        When cancelled, the command and what it started are ended at once.
        """
        argv = notice.rule.command
        name = Path(argv[0]).name
        async with self._free:
            try:
                process = await self._start(argv)
            except (OSError, ValueError) as error:
                reason = error.strerror if isinstance(error, OSError) else str(error)
                return HookResult(name, None, f"{name} could not be started: {reason}")
            return await self._feed(process, name, hook_payload(notice))

    async def _start(self, argv: tuple[str, ...]) -> Process:
        starting = asyncio.ensure_future(
            asyncio.create_subprocess_exec(
                *argv,
                stdin=PIPE,
                stdout=DEVNULL,
                stderr=DEVNULL,
                env=self._environ,
                start_new_session=True,
            )
        )
        try:
            return await asyncio.shield(starting)
        except asyncio.CancelledError:
            # It may be there already, with nobody yet who could end it.
            with contextlib.suppress(OSError, ValueError):
                await _kill(await starting)
            raise

    async def _feed(self, process: Process, name: str, data: bytes) -> HookResult:
        try:
            async with asyncio.timeout(self._timeout):
                await process.communicate(data)
        except TimeoutError:
            await _end(process)
            return HookResult(name, None, f"{name} was ended after {self._timeout:g} s")
        finally:
            if process.returncode is None:
                await _kill(process)
        code = process.returncode
        return HookResult(name, code, "" if code == 0 else f"{name} failed: {_how(code)}")


def hook_payload(notice: RunNotification) -> bytes:
    """What a command reads: a JSON object with rule, time, runner and run, as the API has it."""
    return msgspec.json.encode(
        {
            "rule": notice.rule.name,
            "at": notice.at,
            "runner": {"id": notice.run.runner_id, "name": notice.runner},
            "run": notice.run,
        }
    )


def without_secrets(
    environ: Mapping[str, str], secrets: Iterable[Secret], key_variables: Iterable[str] = ()
) -> dict[str, str]:
    """The environment without the variables of keys and without any that holds a secret."""
    values = [secret.reveal() for secret in secrets]
    left_out = {"NODION_API_KEY", *key_variables}
    return {
        name: value
        for name, value in environ.items()
        if name not in left_out and not any(secret in value for secret in values)
    }


async def _end(process: Process) -> None:
    """Ask it and all that it started to end, then make it."""
    _signal(process, signal.SIGTERM)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(KILL_AFTER_SECONDS):
            await process.wait()
    await _kill(process)


async def _kill(process: Process) -> None:
    """End it and all that it started, at once."""
    _signal(process, signal.SIGKILL)
    await process.wait()


def _signal(process: Process, number: signal.Signals) -> None:
    # It leads a session of its own, so that its id is that of its group.
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if process.returncode is None or not _exists(process.pid):
            os.killpg(process.pid, number)


def _exists(pid: int) -> bool:
    """Whether there is such a process: after ours was waited for, it is another's."""
    try:
        os.getpgid(pid)
    except ProcessLookupError:
        return False
    return True


def _how(code: int | None) -> str:
    return f"exit {code}" if code is None or code >= 0 else f"signal {-code}"
