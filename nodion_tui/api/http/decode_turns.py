"""Whose turn is it to decode what has arrived?"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

MAX_PAUSE_SECONDS = 0.1
"""Seconds that a turn is held back at most."""


class DecodeTurns:
    """One stream after the other, with a turn of the event loop between them; none while held.

    However many streams bring lines at once, whoever else has something to do waits for one of
    them. What arrives meanwhile waits, and if it is much, so does the server.
    """

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._free = asyncio.Event()
        self._free.set()

    def set_paused(self, *, paused: bool) -> None:
        """Let nobody begin, or let them go on: something else is to be done at once."""
        if paused:
            self._free.clear()
        else:
            self._free.set()

    @asynccontextmanager
    async def take_turn(self) -> AsyncIterator[None]:
        """Wait for a turn, and have it."""
        async with self._lock:
            await asyncio.sleep(0)
            if not self._free.is_set():
                with suppress(TimeoutError):
                    async with asyncio.timeout(MAX_PAUSE_SECONDS):
                        await self._free.wait()
            yield
