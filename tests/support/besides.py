"""A hostile server in a loop of its own, for those who wait for a terminal meanwhile."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.hostile import HostileServer

_PATIENCE = 5
"""Seconds."""


@contextmanager
def besides(server: HostileServer) -> Iterator[str]:
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
