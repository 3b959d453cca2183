"""A proxy between a client and a real engine that corrupts the answers, byte for byte.

    async with FaultProxy(engine.url) as proxy:
        proxy.spoil(cut(5_000), stall(300), twice, garble(2_000))   # the next four streams

Connections with a stream get the planned faults in turn; all others are passed unchanged.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from urllib.parse import urlsplit

from tests.support.connections import ConnectionServer

Fault = Callable[[AsyncIterator[bytes]], AsyncIterator[bytes]]
"""Transforms the bytes from the engine; their end closes the connection."""


def cut(after: int) -> Fault:
    """Pass a number of bytes, then close the connection."""

    async def fault(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        remaining = after
        async for piece in pieces:
            yield piece[:remaining]
            remaining -= len(piece)
            if remaining <= 0:
                return

    return fault


def stall(after: int) -> Fault:
    """Pass a number of bytes, then nothing more on the open connection."""

    async def fault(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        async for piece in cut(after)(pieces):
            yield piece
        await asyncio.Event().wait()

    return fault


def garble(after: int) -> Fault:
    """Pass a number of bytes, then garbage, then the rest."""

    async def fault(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        remaining: int | None = after
        async for piece in pieces:
            if remaining is not None and remaining <= len(piece):
                piece = piece[:remaining] + b"\xff\0\r\n\r\ngarbage" + piece[remaining:]  # noqa: PLW2901  # the corrupted piece
                remaining = None
            elif remaining is not None:
                remaining -= len(piece)
            yield piece

    return fault


async def twice(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Send everything after the first piece twice."""
    first = True
    async for piece in pieces:
        yield piece
        if not first:
            yield piece
        first = False


async def byte_by_byte(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Send every byte as its own piece."""
    async for piece in pieces:
        for index in range(len(piece)):
            yield piece[index : index + 1]


async def unspoilt(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Pass everything unchanged."""
    async for piece in pieces:
        yield piece


class FaultProxy(ConnectionServer):
    """Listens on a free port of loopback in front of an engine.

    Args:
        upstream: URL of the engine, such as `http://127.0.0.1:1234/v1`.
        marker: text in the request line of requests that get the faults.
    """

    def __init__(self, upstream: str, *, marker: bytes = b"/logs/stream") -> None:
        super().__init__()
        self._upstream = urlsplit(upstream)
        self._marker = marker
        self._faults: deque[Fault] = deque()

    @property
    def url(self) -> str:
        """The `api_url` for a profile that uses the proxy."""
        return f"http://127.0.0.1:{self.port}{self._upstream.path}"

    @property
    def unmet(self) -> int:
        """Number of faults that no stream has used."""
        return len(self._faults)

    def spoil(self, *faults: Fault) -> None:
        """Plan faults for the next streams, one each; later ones are passed unchanged."""
        self._faults.extend(faults)

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass one connection on, with the fault that is next."""
        host, port = self._upstream.hostname, self._upstream.port
        from_engine, to_engine = await asyncio.open_connection(host, port)
        try:
            first = await reader.readline()
            fault = self._fault_for(first)
            to_engine.write(first)
            async with asyncio.TaskGroup() as both:
                up = both.create_task(_pump(_pieces(reader), to_engine))
                await _pump(fault(_pieces(from_engine)), writer)
                up.cancel()
        finally:
            writer.close()
            to_engine.close()

    def _fault_for(self, first_line: bytes) -> Fault:
        if self._marker in first_line and self._faults:
            return self._faults.popleft()
        return unspoilt


async def _pieces(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    with suppress(ConnectionError):
        while piece := await reader.read(65536):
            yield piece


async def _pump(pieces: AsyncIterator[bytes], writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        async for piece in pieces:
            writer.write(piece)
            await writer.drain()
