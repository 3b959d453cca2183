"""A slow link to a server on loopback: bytes arrive late, and so many a second."""

import asyncio
import socket
from contextlib import suppress

from tests.support.connections import ConnectionServer

_PIECE = 1_024
"""Bytes that are sent at once: about what a packet holds."""


class SlowLink(ConnectionServer):
    """Listens on a free port of loopback, and passes everything on, slowly.

    Args:
        port: port of the server.
        bytes_per_second: in each direction.
        delay: seconds that each byte is on its way, in each direction.
    """

    def __init__(self, port: int, *, bytes_per_second: int, delay: float) -> None:
        super().__init__()
        self._upstream_port = port
        self._rate = bytes_per_second
        self._delay = delay

    @property
    def url(self) -> str:
        """The address to connect to."""
        return f"tcp://127.0.0.1:{self.port}"

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass one connection on."""
        connected = socket.socket()
        # What waits in buffers of this machine would be late by more than the link.
        connected.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _PIECE)
        connected.settimeout(0)
        await asyncio.get_running_loop().sock_connect(connected, ("127.0.0.1", self._upstream_port))
        from_server, to_server = await asyncio.open_connection(sock=connected, limit=_PIECE)
        try:
            await asyncio.gather(self._pass(reader, to_server), self._pass(from_server, writer))
        finally:
            writer.close()
            to_server.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass one direction; the queue holds what is on its way, and is as long as the link."""
        loop = asyncio.get_running_loop()
        on_its_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(
            max(1, round(self._rate * self._delay / _PIECE))
        )

        async def read() -> None:
            with suppress(ConnectionError):
                while piece := await reader.read(_PIECE):
                    await on_its_way.put((loop.time() + self._delay, piece))
            await on_its_way.put((loop.time(), b""))

        reading = loop.create_task(read())
        try:
            while True:
                due, piece = await on_its_way.get()
                if not piece:
                    break
                await asyncio.sleep(max(due - loop.time(), 0))
                with suppress(ConnectionError):
                    writer.write(piece)
                    await writer.drain()
                await asyncio.sleep(len(piece) / self._rate)
        finally:
            reading.cancel()
            writer.close()
