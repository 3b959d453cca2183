"""Runs uvicorn on a given socket in an event loop that it does not own."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from typing import Self

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.http.acceptor import BACKLOG, Acceptor
from nodion_tui.local.http.connection import BoundedConnection, ConnectionObserver
from nodion_tui.model.errors import ConfigError

DATE_SECONDS = 0.5
"""Update interval of the Date header."""
KEEP_ALIVE_SECONDS = 75
"""How long an idle connection is kept: longer than clients do (httpx: 5 s). Otherwise the server
could close one just as a client sends a trigger on it, whose outcome would be unknown."""
CLOSE_SECONDS = 1.0
"""How long an unfinished response may take at shutdown."""
CUT_SECONDS = 1.0
"""How long its handler may take after the connection was closed."""


class WebServer(uvicorn.Server):
    """uvicorn without signal handlers and logging set-up."""

    def __init__(self, app: ASGIApp, listener: socket.socket, max_connections: int) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                ws="none",
                http=H11Protocol,
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
            )
        )
        self._listener = listener
        self._max_connections = max_connections
        self._acceptor: Acceptor | None = None
        self._listening = asyncio.Event()
        self._stop_requested = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._serve_task = asyncio.create_task(self.serve([]))
        await self._listening.wait()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._stop_requested.set()
        await self._serve_task

    async def main_loop(self) -> None:
        """Update the Date header until the stop request, which takes effect at once."""
        tick = 0
        while not self._stop_requested.is_set():
            await self.on_tick(tick)
            tick += 10
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(DATE_SECONDS):
                    await self._stop_requested.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:  # noqa: ARG002
        """Close all connections; unfinished responses get `CLOSE_SECONDS`."""
        self.stop_listening()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        await self._wait_for_responses(CLOSE_SECONDS)
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        # After the abort a response to a client that does not read ends on its own; cancelled
        # while it waits for the client, it would be logged as an error.
        for task in await self._wait_for_responses(CUT_SECONDS):
            task.cancel()

    async def _wait_for_responses(self, seconds: float) -> "set[asyncio.Task[None]]":
        """Wait for unfinished responses; returns those not done in time."""
        tasks = set(self.server_state.tasks)
        return (await asyncio.wait(tasks, timeout=seconds))[1] if tasks else tasks

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Accept connections, and signal that."""
        await super().startup(sockets)
        self._acceptor = Acceptor(self._listener, self._new_connection, self._max_connections)
        self._acceptor.start()
        self._listening.set()

    def stop_listening(self) -> None:
        """Accept no new connections; open ones are kept."""
        if self._acceptor is not None:
            self._acceptor.close()

    def _new_connection(self, observer: ConnectionObserver) -> BoundedConnection:
        return BoundedConnection(
            observer,
            config=self.config,
            server_state=self.server_state,
            app_state=self.lifespan.state,
        )

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signal handling to the program."""
        yield


def listen(settings: EngineSettings) -> socket.socket:
    """Open the listening socket at the configured address.

    Raises:
        ConfigError: the address or the port is not available.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((settings.host, settings.port))
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        where = f"{settings.host}:{settings.port}"
        raise ConfigError(f"cannot listen on {where}: {error.strerror}") from None
    return listener


def address(listener: socket.socket) -> str:
    """Return host and port of a listening socket, as in a URL."""
    host, port, *_ = listener.getsockname()
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
