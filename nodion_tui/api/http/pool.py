"""Shares one HTTP client between requests and replaces it after a cancelled request.

httpcore can leak a connection, which stays open and counted, when its request is cancelled at the
wrong moment (encode/httpx#3782); after several leaks the pool is exhausted. Only closing the whole
client helps, so a client is retired once a request on it was cancelled, and closed as soon as its
remaining requests are done.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import msgspec

from nodion_tui.api.http.lean_httpx import httpx
from nodion_tui.api.http.transport import DirectClient

_MAY_LEAK = (asyncio.CancelledError, TimeoutError, httpx.PoolTimeout)


class _SharedClient(msgspec.Struct):
    client: DirectClient
    users: int = 0
    retired: bool = False


class ClientPool:
    """Lends one client to all requests until it is retired; then creates a new one."""

    def __init__(self, new_client: Callable[[], DirectClient]) -> None:
        self._new_client = new_client
        self._shared: _SharedClient | None = None

    @asynccontextmanager
    async def lease(self) -> AsyncIterator[DirectClient]:
        """A client for one request."""
        shared = self._shared = self._shared or _SharedClient(self._new_client())
        shared.users += 1
        try:
            yield shared.client
        except _MAY_LEAK:
            self._retire(shared)
            raise
        finally:
            shared.users -= 1
            if shared.retired and not shared.users:
                await shared.client.aclose()

    async def aclose(self) -> None:
        """Close the client if it is unused, else let its last request close it."""
        if (shared := self._shared) is not None:
            self._retire(shared)
            if not shared.users:
                await shared.client.aclose()

    def _retire(self, shared: _SharedClient) -> None:
        shared.retired = True
        if self._shared is shared:
            self._shared = None
