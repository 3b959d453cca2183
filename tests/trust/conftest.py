"""The real program in a real terminal, before a service that means harm."""

import asyncio
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tests.support.hostile import HostileServer
from tests.support.terminal import Terminal

CANARY = "canary-key-90c1b7"
PROGRAM = str(Path(sys.executable).with_name("nodion-tui"))
DASHBOARD = (PROGRAM,)

Serve = Callable[[HostileServer], str]
"""Starts a server and gives its URL."""
OpenTerminal = Callable[..., AbstractContextManager[Terminal]]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """A server in a loop of its own, so that a test can wait for a terminal meanwhile."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    servers: list[HostileServer] = []

    def start(server: HostileServer) -> str:
        started = asyncio.run_coroutine_threadsafe(server.__aenter__(), loop)
        servers.append(started.result(5))
        return server.url

    yield start
    for server in servers:
        asyncio.run_coroutine_threadsafe(server.__aexit__(None, None, None), loop).result(5)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)
    loop.close()


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """What the program needs: a home of its own and a key."""
    return {
        "HOME": str(tmp_path),
        "NODION_TUI_CONFIG": str(tmp_path / "config"),
        "NODION_TUI_DATA": str(tmp_path / "data"),
        "NODION_API_KEY": CANARY,
        "TZ": "UTC",
    }


@pytest.fixture
def dashboard(environment: dict[str, str], tmp_path: Path) -> OpenTerminal:
    """`with dashboard(url) as terminal:` is the dashboard of a service, in a pty."""

    @contextmanager
    def start(
        url: str, *, columns: int = 120, rows: int = 36, argv: list[str] | None = None
    ) -> Iterator[Terminal]:
        env = environment | {"NODION_API_URL": url}
        words = argv or list(DASHBOARD)
        with Terminal(words, columns=columns, rows=rows, env=env, cwd=str(tmp_path)) as terminal:
            yield terminal

    return start
