"""Runs the installed program against a real engine."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from nodion_tui.cli.exit_guard import run_guarded
from nodion_tui.config import Secret
from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.http.server import EngineServer
from tests.conftest import TEST_RUNNERS
from tests.support.forks import Forks

CANARY = "canary-key-7f3a"
PROGRAM = str(Path(sys.executable).with_name("nodion-tui"))
SECONDS = 60.0
_OF_THE_INTERPRETER = ("PYTHON", "LANG", "LC_")
"""Beginnings of variables that are read before the program is imported."""


@dataclass(frozen=True)
class CommandResult:
    """Exit code and output of a finished command; the output contains no key."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()

    @property
    def rows(self) -> list[list[str]]:
        """Tab-separated columns of stdout."""
        return [line.split("\t") for line in self.lines]

    @property
    def objects(self) -> list[dict[str, Any]]:
        """Decoded JSON Lines of stdout."""
        return [json.loads(line) for line in self.lines]


class Cli:
    """Runs the program: `await cli("runs", "Hello")`; with `forks` as a fork of it."""

    def __init__(
        self, folder: Path, url: str = "", key: str = CANARY, forks: Forks | None = None
    ) -> None:
        self.folder = folder
        self._forks = forks
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "LANG": "C.UTF-8",
            "NODION_TUI_CONFIG": str(folder / "config"),
            "NODION_TUI_DATA": str(folder / "data"),
        }
        if url:
            self.env |= {"NODION_API_URL": url, "NODION_API_KEY": key}

    def configure(self, text: str) -> None:
        """Writes config.toml."""
        (self.folder / "config").mkdir(exist_ok=True)
        (self.folder / "config" / "config.toml").write_text(text)

    async def start(
        self, *arguments: str, env: Mapping[str, str] | None = None, **streams: Any
    ) -> Process:
        """Starts the program with stdout and stderr in pipes."""
        return await asyncio.create_subprocess_exec(
            PROGRAM,
            *arguments,
            env=self.env | dict(env or {}),
            **{"stdin": DEVNULL, "stdout": PIPE, "stderr": PIPE, **streams},
        )

    async def __call__(
        self, *arguments: str, env: Mapping[str, str] | None = None, stdin: bytes | None = None
    ) -> CommandResult:
        """Runs it to its end; with variables for the interpreter never as a fork."""
        if self._forks is None or any(name.startswith(_OF_THE_INTERPRETER) for name in env or {}):
            streams = {} if stdin is None else {"stdin": PIPE}
            process = await self.start(*arguments, env=env, **streams)
            return await self.end(process, stdin)
        async with asyncio.timeout(SECONDS):
            done = await self._forks.run(
                *arguments, env=self.env | dict(env or {}), folder=Path.cwd(), stdin=stdin or b""
            )
        return checked_result(done.code, done.out, done.err)

    async def end(self, process: Process, stdin: bytes | None = None) -> CommandResult:
        """Waits until a started process ends."""
        try:
            async with asyncio.timeout(SECONDS):
                out, err = await process.communicate(stdin)
        finally:
            if process.returncode is None:
                process.kill()
        assert process.returncode is not None
        return checked_result(process.returncode, out.decode(), err.decode())


def checked_result(code: int, out: str, err: str) -> CommandResult:
    """Result of a command, checked to contain neither the key nor a traceback."""
    assert CANARY not in out
    assert CANARY not in err
    assert "Traceback (most" not in err
    return CommandResult(code, out, err)


RunInProcess = Callable[..., CommandResult]


@pytest.fixture
def engine_settings(tmp_path: Path) -> EngineSettings:
    return EngineSettings(
        data_dir=tmp_path / "engine", runners=TEST_RUNNERS, key=Secret(CANARY), page_size=700
    )


@pytest.fixture
def cli(forks: Forks, engine: EngineServer, tmp_path: Path) -> Cli:
    """Program configured for the engine by environment variables."""
    return Cli(tmp_path, engine.url, forks=forks)


@pytest.fixture
def cli_at(forks: Forks, tmp_path: Path) -> Callable[..., Cli]:
    """Program configured for any address, or for none."""
    return lambda url="", key=CANARY: Cli(tmp_path, url, key, forks)


@pytest.fixture
def run_in_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> RunInProcess:
    """Runs a command line in this process, for commands that send no request."""
    for name, value in Cli(tmp_path, "http://127.0.0.1:9/v1").env.items():
        monkeypatch.setenv(name, value)

    def run(*arguments: str) -> CommandResult:
        code = run_guarded(arguments)
        return checked_result(code, *capfd.readouterr())

    return run
