"""The pipe to which a command writes stdout and stderr.

It is our own: with asyncio's, waiting for a command that has ended waits for every process that it
left behind with the pipe open.
"""

import asyncio
import contextlib
import os
from collections.abc import Callable
from typing import Self

LAST_OUTPUT_SECONDS = 0.5
"""How long the output of a command that has ended is waited for: a child may hold it open."""
_READ_BYTES = 65_536


class CommandPipe:
    """Reads what one command writes; a context manager that closes the pipe.

    Args:
        feed: gets what was written; reading stops once it returns False.
    """

    def __init__(self, feed: Callable[[bytes], bool]) -> None:
        self._feed = feed
        self._read_end, self.write_end = os.pipe()
        """`write_end` is for the command; `start` closes it here."""
        self._closed = asyncio.Event()

    def __enter__(self) -> Self:
        os.set_blocking(self._read_end, False)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.get_running_loop().remove_reader(self._read_end)
        self._close_write_end()
        os.close(self._read_end)

    def start(self) -> None:
        """Read, as the command has its end of the pipe now."""
        self._close_write_end()
        asyncio.get_running_loop().add_reader(self._read_end, self._read)

    async def settle(self) -> None:
        """Wait for the rest of the output of a command that has ended, for a time at most."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_OUTPUT_SECONDS):
                await self._closed.wait()

    def _read(self) -> None:
        try:
            data = os.read(self._read_end, _READ_BYTES)
        except BlockingIOError:
            return
        if not data:
            self._closed.set()
        elif self._feed(data):
            return
        asyncio.get_running_loop().remove_reader(self._read_end)

    def _close_write_end(self) -> None:
        if self.write_end >= 0:
            os.close(self.write_end)
            self.write_end = -1
