"""Stream bodies without a socket, for measurements in turns of the event loop."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from nodion_tui.api.http.stream import Connect


def stream_of(pieces: Iterable[bytes]) -> Connect:
    """A connect function whose every connection yields these pieces."""
    body_pieces = tuple(pieces)

    @asynccontextmanager
    async def connect() -> AsyncIterator[AsyncIterator[bytes]]:
        async def body() -> AsyncIterator[bytes]:
            for piece in body_pieces:
                yield piece

        yield body()

    return connect
