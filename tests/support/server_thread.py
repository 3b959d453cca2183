"""A server in a loop of its own, for those who wait for a terminal meanwhile."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Protocol

_PATIENCE = 5
"""Seconds."""


class AsyncServer(Protocol):
    """What serves while it is entered."""

    @property
    def url(self) -> str:
        """Where."""

    async def __aenter__(self) -> Any: ...

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


@contextmanager
def serve_in_thread(server: AsyncServer) -> Iterator[str]:
    """Serve in a thread; gives the URL."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(server.__aenter__(), loop).result(_PATIENCE)
    try:
        yield server.url
    finally:
        left = server.__aexit__(None, None, None)
        asyncio.run_coroutine_threadsafe(left, loop).result(_PATIENCE)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(_PATIENCE)
        loop.close()
