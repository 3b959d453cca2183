"""Live log of a run: a bounded tail in memory, shared by all its followers.

A follower is a line number: the last line it has received. Lines still in the tail are sent from
memory, encoded once for all followers; a follower further behind reads the store. So memory does
not grow with the number of followers, and a slow follower blocks nobody.
"""

import asyncio
from bisect import bisect_left
from typing import NamedTuple

from nodion_tui.local import payloads
from nodion_tui.local.payloads import LogBlock

TAIL_BYTES = 1 << 20
"""Encoded events kept for the followers of one run; up to twice as much, to trim less often."""
SEND_BYTES = 1 << 17
"""Approximate size of one send to a follower."""


class EventChunk(NamedTuple):
    """Consecutive encoded `log` events."""

    last_line: int
    events: bytes


class LiveLog:
    """Publishes committed lines to followers."""

    def __init__(self, line_id_prefix: str, *, last_line: int = 0) -> None:
        self.line_id_prefix = line_id_prefix
        self.last_line = last_line
        """Number of the last committed line, public or internal."""
        self.sealed = False
        """Whether the run's state is final. A stopped run may still write late lines."""
        self.closed_because = ""
        """Why followers are disconnected before the final state; empty: they are not."""
        self.followers = 0
        self._tail: list[EventChunk] = []
        self._previous_lines: list[int] = []
        self._tail_bytes = 0
        self._changed = asyncio.Event()

    def publish(self, block: LogBlock, *, public: bool) -> None:
        """Publish committed lines."""
        previous_line, self.last_line = self.last_line, block.last
        if not self.followers:
            self._trim(0)
        elif public:
            self._append(
                previous_line,
                EventChunk(block.last, payloads.log_events(self.line_id_prefix, block)),
            )
        self._wake_followers()

    def seal(self) -> None:
        """End the streams after the lines so far: the run's end was committed."""
        self.sealed = True
        self._wake_followers()

    def close(self, reason: str) -> None:
        """Disconnect followers without a final state, and tell them the reason."""
        self.closed_because = reason
        self._wake_followers()

    def events_after(self, line: int) -> EventChunk | None:
        """Return the events after a line; None if the tail does not start at the next line."""
        index = bisect_left(self._previous_lines, line)
        if index == len(self._previous_lines) or self._previous_lines[index] != line:
            return None
        events: list[bytes] = []
        byte_count = 0
        for chunk in self._tail[index:]:
            events.append(chunk.events)
            byte_count += len(chunk.events)
            if byte_count >= SEND_BYTES:
                break
        return EventChunk(chunk.last_line, b"".join(events))

    async def wait_for_lines(self, line: int) -> None:
        """Wait until there are lines after a line number, or the log is sealed or closed."""
        while self.last_line <= line and not (self.sealed or self.closed_because):
            await self._changed.wait()

    def _append(self, previous_line: int, chunk: EventChunk) -> None:
        self._previous_lines.append(previous_line)
        self._tail.append(chunk)
        self._tail_bytes += len(chunk.events)
        if self._tail_bytes > 2 * TAIL_BYTES:
            self._trim(TAIL_BYTES)

    def _trim(self, byte_count: int) -> None:
        dropped = 0
        while self._tail_bytes > byte_count and dropped < len(self._tail):
            self._tail_bytes -= len(self._tail[dropped].events)
            dropped += 1
        del self._tail[:dropped], self._previous_lines[:dropped]

    def _wake_followers(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()
