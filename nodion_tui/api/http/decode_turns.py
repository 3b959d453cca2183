"""Serializes the decoding of several streams and pauses it for urgent work."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

MAX_PAUSE_SECONDS = 0.1
"""Longest time that a pause delays one decode turn, in seconds."""


class DecodeTurns:
    """Lets one stream decode at a time, yields to the event loop in between, and can be paused.

    However many streams receive lines at once, other tasks wait for at most one decode. Data that
    arrives meanwhile is buffered; a full buffer slows the server down. What else is done with lines
    that arrive, in pieces, takes such turns as well.
    """

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._resumed = asyncio.Event()
        self._resumed.set()

    def set_paused(self, *, paused: bool) -> None:
        """Pause decoding while something urgent is done, or resume it."""
        if paused:
            self._resumed.clear()
        else:
            self._resumed.set()

    @asynccontextmanager
    async def take_turn(self) -> AsyncIterator[None]:
        """Wait for a turn and hold it for the duration of the context."""
        async with self._lock:
            await asyncio.sleep(0)
            if not self._resumed.is_set():
                with suppress(TimeoutError):
                    async with asyncio.timeout(MAX_PAUSE_SECONDS):
                        await self._resumed.wait()
            yield
