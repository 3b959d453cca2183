"""The connections that calls share, and the doubt about those that a cancelled call has used.

httpcore can leave a connection open, and counted, whose request is cancelled at the wrong moment
(encode/httpx#3782); after some of these no call gets one any more. Closing the whole client
is what helps, so a client is used no longer once a call on it was cancelled, and closed as soon as
the calls that still run on it are done.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx

_DOUBTFUL = (asyncio.CancelledError, TimeoutError, httpx.PoolTimeout)


@dataclass(slots=True)
class _Lane:
    client: httpx.AsyncClient
    users: int = 0
    retired: bool = False


class ClientPool:
    """Lends one client to all calls, until there is doubt about it; then a new one.

    Args:
        make: makes a client.
    """

    def __init__(self, make: Callable[[], httpx.AsyncClient]) -> None:
        self._make = make
        self._lane: _Lane | None = None

    @asynccontextmanager
    async def lease(self) -> AsyncIterator[httpx.AsyncClient]:
        """A client, for one call."""
        lane = self._lane = self._lane or _Lane(self._make())
        lane.users += 1
        try:
            yield lane.client
        except _DOUBTFUL:
            self._retire(lane)
            raise
        finally:
            lane.users -= 1
            if lane.retired and not lane.users:
                await lane.client.aclose()

    async def aclose(self) -> None:
        """Close the client if nobody uses it, else leave that to the last who does."""
        if (lane := self._lane) is not None:
            self._retire(lane)
            if not lane.users:
                await lane.client.aclose()

    def _retire(self, lane: _Lane) -> None:
        lane.retired = True
        if self._lane is lane:
            self._lane = None
