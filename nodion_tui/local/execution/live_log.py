"""The live end of a run's log, shared by everyone who follows it.

A follower is a number: the last line it has. What is still in the tail it gets from memory,
encoded once for all; who is further behind reads the store. So nothing grows with the number of
followers, and one who stops reading holds up nobody.
"""

import asyncio
from bisect import bisect_left
from typing import NamedTuple

from nodion_tui.local import payloads as wire
from nodion_tui.local.payloads import LogBlock

TAIL_BYTES = 1 << 20
"""Encoded events kept for followers of one run; at times twice as much, so as to trim rarely."""
SEND_BYTES = 1 << 17
"""A follower gets about so much at once."""


class EventChunk(NamedTuple):
    """Consecutive `log` events, ready to send."""

    last_line: int
    events: bytes


class LiveLog:
    """Tells followers what has been committed. One of a run that has ended is sealed at once."""

    def __init__(self, line_id_prefix: str, *, last_line: int = 0, sealed: bool = False) -> None:
        self.prefix = line_id_prefix
        self.last = last_line
        """Number of the last committed line, public or not."""
        self.sealed = sealed
        """No more lines will come and the run's state is final."""
        self.closed = False
        self.followers = 0
        self._tail: list[EventChunk] = []
        self._before: list[int] = []
        self._tail_bytes = 0
        self._news = asyncio.Event()

    def publish(self, block: LogBlock, *, public: bool) -> None:
        """Lines were committed."""
        before, self.last = self.last, block.last
        if not self.followers:
            self._trim(0)
        elif public:
            self._keep(before, EventChunk(block.last, wire.log_events(self.prefix, block)))
        self._tell()

    def seal(self) -> None:
        """The run's end was committed."""
        self.sealed = True
        self._tell()

    def close(self) -> None:
        """The engine goes: followers are let go without a state."""
        self.closed = True
        self._tell()

    def events_after(self, line: int) -> EventChunk | None:
        """Events that follow a line number, where the tail holds the very next one."""
        at = bisect_left(self._before, line)
        if at == len(self._before) or self._before[at] != line:
            return None
        events: list[bytes] = []
        size = 0
        for piece in self._tail[at:]:
            events.append(piece.events)
            size += len(piece.events)
            if size >= SEND_BYTES:
                break
        return EventChunk(piece.last_line, b"".join(events))

    async def wait_for_lines(self, line: int) -> None:
        """Wait until there is something behind a line number, or nothing will ever be."""
        while self.last <= line and not (self.sealed or self.closed):
            await self._news.wait()

    def _keep(self, before: int, piece: EventChunk) -> None:
        self._before.append(before)
        self._tail.append(piece)
        self._tail_bytes += len(piece.events)
        if self._tail_bytes > 2 * TAIL_BYTES:
            self._trim(TAIL_BYTES)

    def _trim(self, size: int) -> None:
        drop = 0
        while self._tail_bytes > size and drop < len(self._tail):
            self._tail_bytes -= len(self._tail[drop].events)
            drop += 1
        del self._tail[:drop], self._before[:drop]

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()
