"""Runs an engine in a child process, which exits together with its parent.

A chatty run keeps a core busy with reading, storing and encoding lines; in the dashboard's own
process that would delay the handling of keys. This module imports no web server.
"""

import asyncio
import dataclasses
import sys
import tempfile
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Any, Self

import msgspec

from nodion_tui.config import Secret
from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.runners.container_spec import ContainerSpec, RegistrySpec
from nodion_tui.local.storage.engine_key import read_key
from nodion_tui.model.errors import ConfigError

if TYPE_CHECKING:
    from asyncio.subprocess import Process

START_TIMEOUT_SECONDS = 30.0
SHUTDOWN_MARGIN_SECONDS = 5.0
"""How long the engine may take to shut down, in addition to the time its runs get."""


class ReadyMessage(msgspec.Struct, frozen=True, omit_defaults=True):
    """First message of the child: its address and key file, or why it could not start."""

    url: str = ""
    key_file: str = ""
    problem: str = ""


class ChildEngine:
    """`async with ChildEngine(settings) as server:` gives the url and key of an EngineServer.

    The child exits at the end of its standard input, so also when this process is killed.

    Raises:
        ConfigError: on entering, if the engine could not start; the message has the reason.
    """

    url: str
    """Base address, `http://127.0.0.1:N/v1`."""
    key: Secret
    """API key for clients."""

    def __init__(self, settings: EngineSettings | None = None) -> None:
        self.settings = settings or EngineSettings()

    async def __aenter__(self) -> Self:
        with tempfile.TemporaryFile() as stderr_file:
            self._process = await self._spawn(stderr_file)
            try:
                ready = await self._read_ready_message(stderr_file)
            except BaseException:
                await self._shut_down()
                raise
        self.url = ready.url
        self.key = self.settings.key or read_key(Path(ready.key_file))
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._shut_down()

    @property
    def alive(self) -> bool:
        """Whether the child process is still running."""
        return self._process.returncode is None

    @property
    def process_id(self) -> int:
        """Process id of the child."""
        return self._process.pid

    async def _spawn(self, stderr_file: "IO[bytes]") -> "Process":
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "nodion_tui.local.child_engine_main"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=stderr_file,
            start_new_session=True,
        )
        if process.stdin is not None:
            process.stdin.write(encode_settings(self.settings) + b"\n")
        return process

    async def _read_ready_message(self, stderr_file: "IO[bytes]") -> ReadyMessage:
        if self._process.stdout is None:
            raise ConfigError("the engine's output cannot be read")
        try:
            async with asyncio.timeout(START_TIMEOUT_SECONDS):
                line = await self._process.stdout.readline()
            ready = msgspec.json.decode(line, type=ReadyMessage)
        except (TimeoutError, msgspec.DecodeError):
            raise ConfigError(f"the engine did not start: {_last_line(stderr_file)}") from None
        if ready.problem:
            raise ConfigError(ready.problem)
        return ready

    async def _shut_down(self) -> None:
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            async with asyncio.timeout(self.settings.shutdown_seconds + SHUTDOWN_MARGIN_SECONDS):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()


def encode_settings(settings: EngineSettings) -> bytes:
    """Encode settings as one line of JSON for the child's standard input, without `fault`."""
    fields: dict[str, Any] = {
        field.name: getattr(settings, field.name)
        for field in dataclasses.fields(settings)
        if field.name != "fault"
    }
    return msgspec.json.encode(fields, enc_hook=_to_builtin)


def decode_settings(line: bytes) -> EngineSettings:
    """Decode what `encode_settings` encoded."""
    from nodion_tui.local.runners.runner_spec import RunnerSpec  # noqa: PLC0415 not needed by the parent

    fields = msgspec.json.decode(line, type=dict[str, Any])
    for name, kind in (("data_dir", Path), ("runners_file", Path), ("key", Secret)):
        fields[name] = None if fields[name] is None else kind(fields[name])
    fields["container"] = msgspec.convert(fields["container"], ContainerSpec)
    fields["registries"] = msgspec.convert(fields["registries"], tuple[RegistrySpec, ...])
    fields["read_key"] = Secret(fields["read_key"]) if fields["read_key"] else None
    if fields["runners"] is not None:
        fields["runners"] = msgspec.convert(fields["runners"], tuple[RunnerSpec, ...])
    return EngineSettings(**fields)


def _to_builtin(value: object) -> object:
    match value:
        case Path():
            return str(value)
        case Secret():
            return value.reveal()
        case _:
            raise TypeError(f"cannot encode a {type(value).__name__}")


def _last_line(stderr_file: "IO[bytes]") -> str:
    stderr_file.seek(0)
    lines = stderr_file.read(65_536).decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "no error message"
