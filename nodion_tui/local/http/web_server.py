"""The web server on its socket, inside somebody else's event loop."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from typing import TYPE_CHECKING, Self

import uvicorn

from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.model.errors import ConfigError

if TYPE_CHECKING:
    from starlette.types import ASGIApp

DATE_SECONDS = 0.5
"""How often the Date header is set."""
KEEP_ALIVE_SECONDS = 75
"""How long an unused connection stays: longer than clients keep theirs (httpx: 5 s), or else one is
closed here at the moment at which a trigger is sent there, and nobody knows what became of it."""
CLOSE_SECONDS = 1.0
"""What an answer in the middle gets to finish, when the engine goes."""
CUT_SECONDS = 1.0
"""What it gets to notice that its connection was cut."""


class WebServer(uvicorn.Server):
    """uvicorn without its habits: no signal handlers, no log set-up."""

    def __init__(self, app: "ASGIApp", listener: socket.socket) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                ws="none",
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
            )
        )
        self._listener = listener
        self._listening = asyncio.Event()
        self._stop_requested = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._serve_task = asyncio.create_task(self.serve([self._listener]))
        await self._listening.wait()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._stop_requested.set()
        await self._serve_task

    async def main_loop(self) -> None:
        """Keep the Date header right until the end, which is noticed at once."""
        tick = 0
        while not self._stop_requested.is_set():
            await self.on_tick(tick)
            tick += 10
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(DATE_SECONDS):
                    await self._stop_requested.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:  # noqa: ARG002
        """Close what is open; answers that are being written get a moment."""
        self.stop_listening()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        await self._wait_for_responses(CLOSE_SECONDS)
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        # Cut off, an answer to a client that reads nothing ends by itself; cancelled while it
        # waits for the client, it would be reported as a fault.
        for task in await self._wait_for_responses(CUT_SECONDS):
            task.cancel()

    async def _wait_for_responses(self, seconds: float) -> "set[asyncio.Task[None]]":
        """Wait for the answers that are being written; those that are not done in time."""
        tasks = set(self.server_state.tasks)
        return (await asyncio.wait(tasks, timeout=seconds))[1] if tasks else tasks

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Say when connections are taken."""
        await super().startup(sockets)
        self._listening.set()

    def stop_listening(self) -> None:
        """Take no new connections; those that are open go on."""
        for server in self.servers:
            server.close()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the program around it."""
        yield


def listen(settings: EngineSettings) -> socket.socket:
    """A socket that takes connections where the settings say.

    Raises:
        ConfigError: the address or the port cannot be had.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # With the protocol named asyncio sets TCP_NODELAY; without, each small answer takes 40 ms.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((settings.host, settings.port))
        listener.listen(512)
    except OSError as error:
        listener.close()
        where = f"{settings.host}:{settings.port}"
        raise ConfigError(f"cannot listen on {where}: {error.strerror}") from None
    return listener


def address(listener: socket.socket) -> str:
    """Host and port of it, as an address names them."""
    host, port, *_ = listener.getsockname()
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
