"""One connection to a run's log stream, read ahead by a background task.

The task buffers what the socket delivers, so that a reader gets everything that has arrived in one
batch, can wait with a time-out, and can be cancelled any number of times: the task itself is
cancelled once and closes the connection cleanly. Streams of one client share `DecodeTurns`.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, suppress
from typing import Self

from nodion_tui.api.http.cancel_once import CancelOnceTasks, ClientClosed
from nodion_tui.api.http.decode_turns import DecodeTurns
from nodion_tui.api.http.sse import EventBatch, EventDecoder, EventTooLong
from nodion_tui.model.errors import ConnectionLost, NodionError

MAX_READ_AHEAD = 1024 * 1024
"""Largest read-ahead buffer in bytes; when it is full, reading stops (back-pressure)."""

BATCH_BYTES = 128 * 1024
"""Bytes decoded at once, some 500 lines: blocks the event loop for half a millisecond, and their
way through all layers takes a fifth of that."""

_FLOOD_BYTES = 32 * 1024
"""Bytes that are decoded without waiting for more, which arrive meanwhile."""

BATCH_INTERVAL = 0.05
"""Seconds between two batches smaller than `_FLOOD_BYTES`: every batch has a fixed cost, and
readers are not notified more often anyway. The first data after a pause is not delayed."""

_FLOOD_INTERVAL = 0.01
"""Seconds between a larger batch and such a small one, which may be the end of a flood."""

_READ_EARLY = 0.005
"""Seconds before the next batch at which the socket of a busy log is read again: each read has a
cost as well. Until then data stays in the socket buffer, and so does the end of the stream."""

_FLOOD_READS = 0.002
"""Seconds between two such reads after a large batch: the end of a flood is seen soon."""

Connect = Callable[[], AbstractAsyncContextManager[AsyncIterator[bytes]]]
"""Opens the connection, checks the response head, and yields the chunks of the body."""


class LogStream:
    """The events of one connection. Created by `NodionClient.stream_logs`."""

    def __init__(self, connect: Connect, tasks: CancelOnceTasks, turns: DecodeTurns) -> None:
        self._connect = connect
        self._tasks = tasks
        self._turns = turns
        self._decoder = EventDecoder()
        self._chunks: list[bytes] = []
        self._size = 0
        self._may_decode_at = float("-inf")
        """When a small batch may be decoded, by the monotonic clock."""
        self._longest_rest = BATCH_INTERVAL
        """Maximum seconds between two reads of a busy log."""
        self._has_data = asyncio.Event()
        self._is_flooded = asyncio.Event()
        """Set when `_FLOOD_BYTES` are buffered, or the stream has ended."""
        self._has_room = asyncio.Event()
        self._error: NodionError | None = None
        self._task: asyncio.Task[None] | None = None
        self.is_open = False
        """The response head has arrived and is valid."""
        self.ended = False
        """No more data will arrive; buffered data may still be pending."""
        self.bytes_received = 0
        """Bytes of the body received so far, pings included."""

    async def __aenter__(self) -> Self:
        """Start connecting without waiting for the response."""
        self._task = self._tasks.start(self._read())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait((self._task,))

    async def __aiter__(self) -> AsyncIterator[EventBatch]:
        """Batches of events until the server closes the stream.

        Raises:
            NodionError: the stream could not be opened, or broke.
        """
        while (batch := await self.take()) is not None:
            if batch:
                yield batch

    @property
    def retry(self) -> float | None:
        """Seconds of the last `retry:` field."""
        return None if self._decoder.retry is None else self._decoder.retry / 1000

    async def take(self, max_wait: float | None = None) -> EventBatch | None:
        """The buffered events (up to `BATCH_BYTES` and one chunk); waits if there is no data.

        Args:
            max_wait: longest wait in seconds; None for no limit.

        Returns:
            The events; empty after the time-out, or if the data (a ping, the head, part of an
            event) completes none. None when the stream has ended.

        Raises:
            NodionError: the stream could not be opened, or broke. All earlier events have been
                returned.
        """
        if not self._chunks and not self.ended:
            await self._wait(self._has_data, max_wait)
            self._has_data.clear()
        if self._chunks:
            if (delay := self._batch_delay()) > 0:
                await self._wait(self._is_flooded, delay)
            async with self._turns.take_turn():
                return self._decode()
        if not self.ended:
            return ()
        if self._error is not None:
            raise self._error
        return None

    def _decode(self) -> EventBatch:
        size = 0
        count = 0
        while count < len(self._chunks) and size < BATCH_BYTES:
            size += len(self._chunks[count])
            count += 1
        data = b"".join(self._chunks[:count])
        del self._chunks[:count]
        self._size -= size
        if self._size <= MAX_READ_AHEAD:
            self._has_room.set()
        if not self._chunks:
            self._has_data.clear()
        if self._size < _FLOOD_BYTES:
            self._is_flooded.clear()
        is_flood = size >= _FLOOD_BYTES
        self._longest_rest = _FLOOD_READS if is_flood else BATCH_INTERVAL
        interval = _FLOOD_INTERVAL if is_flood else BATCH_INTERVAL
        self._may_decode_at = time.monotonic() + interval
        try:
            return self._decoder.feed(data)
        except EventTooLong as error:
            raise ConnectionLost(str(error)) from None

    def _batch_delay(self) -> float:
        """Seconds until a small batch may be decoded."""
        return self._may_decode_at - time.monotonic()

    async def _wait(self, event: asyncio.Event, max_wait: float | None) -> None:
        """Waits for an event, at most until the stream ends."""
        if self.ended or event.is_set():
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(max_wait):
                await event.wait()

    async def _read(self) -> None:
        try:
            async with self._connect() as chunks:
                self.is_open = True
                self._has_data.set()
                async for chunk in chunks:
                    await self._buffer(chunk)
        except NodionError as error:
            self._error = error
        except asyncio.CancelledError:
            self._error = ClientClosed()
            raise
        finally:
            self.ended = True
            self._has_data.set()
            self._is_flooded.set()

    async def _buffer(self, chunk: bytes) -> None:
        self.bytes_received += len(chunk)
        self._chunks.append(chunk)
        self._size += len(chunk)
        self._has_data.set()
        delay = self._batch_delay() - _READ_EARLY
        if self._size >= _FLOOD_BYTES:
            self._is_flooded.set()
        elif self.bytes_received > _FLOOD_BYTES and delay > 0:
            await asyncio.sleep(min(delay, self._longest_rest))
        if self._size > MAX_READ_AHEAD:
            self._has_room.clear()
            await self._has_room.wait()
