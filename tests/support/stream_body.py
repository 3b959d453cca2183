"""The body of a stream without a socket: for what is measured in turns of the event loop."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from nodion_tui.api.http.stream import Connect


def stream_of(pieces: Iterable[bytes]) -> Connect:
    """What opens a connection that brings these pieces, each time anew."""
    kept = tuple(pieces)

    @asynccontextmanager
    async def connect() -> AsyncIterator[AsyncIterator[bytes]]:
        async def body() -> AsyncIterator[bytes]:
            for piece in kept:
                yield piece

        yield body()

    return connect
