"""Runs a server in its own event loop and thread, while the test waits for a terminal."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Protocol

_TIMEOUT = 5
"""Seconds."""


class AsyncServer(Protocol):
    """An async context manager that serves while it is entered."""

    @property
    def url(self) -> str:
        """Base URL of the server."""

    async def __aenter__(self) -> Any: ...

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


@contextmanager
def serve_in_thread(server: AsyncServer) -> Iterator[str]:
    """Run the server in a thread; yields its URL."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(server.__aenter__(), loop).result(_TIMEOUT)
    try:
        yield server.url
    finally:
        closing = server.__aexit__(None, None, None)
        asyncio.run_coroutine_threadsafe(closing, loop).result(_TIMEOUT)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(_TIMEOUT)
        loop.close()
