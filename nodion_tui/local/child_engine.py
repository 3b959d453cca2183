"""Runs an engine in a child process, which exits together with its parent.

A chatty run keeps a core busy with reading, storing and encoding lines; in the dashboard's own
process that would delay the handling of keys. This module imports no web server.
"""

import asyncio
import contextlib
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import IO, Self

import msgspec

from nodion_tui.config import Secret
from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.storage.engine_key import read_key
from nodion_tui.local.storage.folder_lock import FolderInUse
from nodion_tui.model.errors import ConfigError

START_TIMEOUT_SECONDS = 30.0
SHUTDOWN_MARGIN_SECONDS = 5.0
"""How long the engine may take to shut down, in addition to the time its runs get."""


class ReadyMessage(msgspec.Struct, frozen=True, omit_defaults=True):
    """First message of the child: its address and key file, or why it could not start."""

    url: str = ""
    key_file: str = ""
    problem: str = ""
    in_use: bool = False
    """Whether the problem is that another engine uses the data folder."""


STAYS = b"stays\n"
"""Message of the child after the end of its input: other dashboards or runs need it."""


class ChildEngine:
    """`async with ChildEngine(settings) as server:` gives the url and key of an EngineServer.

    The child exits at the end of its standard input, so also when this process is killed, unless
    another dashboard is attached to it, or runs were left running (`running_engine`). It is no
    `asyncio.subprocess.Process`, which would kill it when this process ends.

    Raises:
        FolderInUse: on entering, if another engine uses the data folder.
        ConfigError: on entering, if the engine could not start; the message has the reason.
    """

    url: str
    """Base address, `http://127.0.0.1:N/v1`."""
    key: Secret
    """API key for clients."""
    process: "subprocess.Popen[bytes]"
    """The child."""

    def __init__(self, settings: EngineSettings) -> None:
        self.settings = settings

    async def __aenter__(self) -> Self:
        with tempfile.TemporaryFile() as stderr_file:
            self.process = self._spawn(stderr_file)
            try:
                ready = await self._read_ready_message(stderr_file)
            except BaseException:
                await self._shut_down()
                raise
        self.url = ready.url
        self.key = self.settings.key or read_key(Path(ready.key_file))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._shut_down()

    def _spawn(self, stderr_file: IO[bytes]) -> "subprocess.Popen[bytes]":
        process = subprocess.Popen(
            (sys.executable, "-P", "-m", "nodion_tui.local.child_engine_main"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr_file,
            start_new_session=True,
        )
        if process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):  # it has failed, as its output tells
                process.stdin.write(encode_settings(self.settings) + b"\n")
                process.stdin.flush()
        return process

    async def _read_ready_message(self, stderr_file: IO[bytes]) -> ReadyMessage:
        try:
            async with asyncio.timeout(START_TIMEOUT_SECONDS):
                line = await self._read_line()
            ready = msgspec.json.decode(line, type=ReadyMessage)
        except (TimeoutError, msgspec.DecodeError):
            raise ConfigError(f"the engine did not start: {_last_line(stderr_file)}") from None
        if ready.problem:
            raise (FolderInUse if ready.in_use else ConfigError)(ready.problem)
        return ready

    async def _read_line(self) -> bytes:
        """Read one message in a thread; it ends with the child, if not before."""
        stdout = self.process.stdout
        return await asyncio.to_thread(stdout.readline) if stdout is not None else b""

    async def _shut_down(self) -> None:
        """Close the child's input and wait for its end, or for the message that it stays."""
        if self.process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self.process.stdin.close()
        try:
            async with asyncio.timeout(self.settings.shutdown_seconds + SHUTDOWN_MARGIN_SECONDS):
                if await self._read_line() == STAYS:
                    # Should it end before this process, it is no zombie.
                    threading.Thread(target=self.process.wait, daemon=True).start()
                else:
                    await asyncio.to_thread(self.process.wait)
        except TimeoutError:
            self.process.kill()
            await asyncio.to_thread(self.process.wait)
        if self.process.stdout is not None:
            self.process.stdout.close()


def encode_settings(settings: EngineSettings) -> bytes:
    """Encode settings as one line of JSON for the child's standard input.

    Raises:
        TypeError: they have a `middleware`, which no other process can call.
    """
    return msgspec.json.encode(settings, enc_hook=_to_builtin)


def decode_settings(line: bytes) -> EngineSettings:
    """Decode what `encode_settings` encoded."""
    return msgspec.json.decode(
        line,
        type=EngineSettings,
        dec_hook=lambda kind, value: kind(value),  # Path or Secret
    )


def _to_builtin(value: object) -> object:
    match value:
        case Path():
            return str(value)
        case Secret():
            return value.reveal()
        case _:
            raise TypeError(f"cannot encode a {type(value).__name__}")


def _last_line(stderr_file: IO[bytes]) -> str:
    stderr_file.seek(0)
    lines = stderr_file.read(65_536).decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "no error message"
