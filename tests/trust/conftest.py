"""Fixtures: the installed program in a pseudo-terminal, against a hostile service."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.support.hostile import HostileServer
from tests.support.server_thread import serve_in_thread
from tests.support.terminal import Terminal

CANARY = "canary-key-90c1b7"
PROGRAM = str(Path(sys.executable).with_name("nodion-tui"))
DASHBOARD = (PROGRAM,)

Serve = Callable[[HostileServer], str]
"""Starts a server and returns its URL."""
OpenTerminal = Callable[..., AbstractContextManager[Terminal]]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Runs servers in an event loop of their own, so a test can block on a terminal."""
    with ExitStack() as servers:
        yield lambda server: servers.enter_context(serve_in_thread(server))


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Environment of the program: its own home folder and a key."""
    return {
        "HOME": str(tmp_path),
        "NODION_TUI_CONFIG": str(tmp_path / "config"),
        "NODION_TUI_DATA": str(tmp_path / "data"),
        "NODION_API_KEY": CANARY,
        "TZ": "UTC",
    }


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder for the test's folders only, without files of the program."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@pytest.fixture
def dashboard(environment: dict[str, str], tmp_path: Path) -> OpenTerminal:
    """Opens the dashboard of a service in a pty: `with dashboard(url) as terminal:`."""

    @contextmanager
    def start(
        url: str, *, columns: int = 120, rows: int = 36, argv: list[str] | None = None
    ) -> Iterator[Terminal]:
        env = environment | {"NODION_API_URL": url}
        words = argv or list(DASHBOARD)
        with Terminal(words, columns=columns, rows=rows, env=env, cwd=str(tmp_path)) as terminal:
            yield terminal

    return start


@contextmanager
def serving(
    arguments: list[str], env: dict[str, str]
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run `serve`; yields the process and its first output line. Terminates it at the end."""
    with subprocess.Popen(
        [PROGRAM, "serve", "--port", "0", *arguments],
        env=os.environ | env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline()
        finally:
            process.terminate()
