"""One connection to a run's log stream, read ahead by a task of its own.

The task collects what the socket brings, so that a reader gets everything that has arrived in one
batch, may wait with a time-out without harm, and may be cancelled any number of times: the task is
cancelled once and closes the connection in peace. Streams of one client decode in `Turns`.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, suppress
from types import TracebackType
from typing import Self

from httpx_sse import ServerSentEvent

from nodion_tui.api.http.cancel_once import CancelOnceTasks, ClientClosed
from nodion_tui.api.http.decode_turns import DecodeTurns
from nodion_tui.api.http.sse import EventDecoder, EventTooLong
from nodion_tui.model.errors import ConnectionLost, NodionError

MAX_READ_AHEAD = 1024 * 1024
"""Bytes read ahead at most; then the socket waits for the reader, and the server for the socket."""

BATCH_BYTES = 32 * 1024
"""Bytes decoded at once, some 180 lines: a millisecond or two in which nobody else has a turn."""

BATCH_INTERVAL = 0.05
"""Seconds from one batch to the next while there is less than a `BATCH`: every batch has a price of
its own, and nobody is told more often than that anyway. What comes after a pause is not held up."""

_AHEAD = 0.005
"""Seconds before the next batch from which on the socket of a log that says much is read again:
each read has a price as well. Until then what comes waits there, the end of the stream as well."""

Connect = Callable[[], AbstractAsyncContextManager[AsyncIterator[bytes]]]
"""Opens the connection, checks the head, and gives the body piece by piece."""


class LogStream:
    """The events of one connection. Made by `NodionClient.stream_logs`.

    Args:
        connect: see `Connect`.
        keeper: of the task that reads.
        turns: to decode.
    """

    def __init__(self, connect: Connect, keeper: CancelOnceTasks, turns: DecodeTurns) -> None:
        self._connect = connect
        self._keeper = keeper
        self._turns = turns
        self._decoder = EventDecoder()
        self._pieces: list[bytes] = []
        self._size = 0
        self._decoded_at = float("-inf")
        self._wake = asyncio.Event()
        self._full = asyncio.Event()
        """A batch is there, or all that will come."""
        self._room = asyncio.Event()
        self._error: NodionError | None = None
        self._task: asyncio.Task[None] | None = None
        self.is_open = False
        """The head has come, and it was right."""
        self.ended = False
        """Nothing more will arrive; what has arrived may still be waiting in here."""
        self.bytes_received = 0
        """Bytes of the body so far, pings included."""

    async def __aenter__(self) -> Self:
        """Begin to connect; the answer is not waited for."""
        self._task = self._keeper.start(self._read())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait((self._task,))

    async def __aiter__(self) -> AsyncIterator[Sequence[ServerSentEvent]]:
        """Batches of events until the server closes.

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

    async def wait_until_open(self) -> None:
        """Wait for the head.

        Raises:
            NodionError: the stream could not be opened.
        """
        while not (self.is_open or self.ended):
            await self._wait(self._wake, None)
            self._wake.clear()
        if not self.is_open and self._error is not None:
            raise self._error

    async def take(self, max_wait: float | None = None) -> Sequence[ServerSentEvent] | None:
        """What has arrived (up to `BATCH` bytes and a piece), waiting if there is nothing.

        Args:
            max_wait: seconds to wait at most.

        Returns:
            The events; none if the time is over, or if what came (a ping, the head, a part of an
            event) makes none. None when the stream has ended.

        Raises:
            NodionError: it could not be opened, or broke. Everything before has been given out.
        """
        if not self._pieces and not self.ended:
            await self._wait(self._wake, max_wait)
            self._wake.clear()
        if self._pieces:
            if (gathering := self._gathering()) > 0:
                await self._wait(self._full, gathering)
            async with self._turns.take_turn():
                return self._decode()
        if not self.ended:
            return ()
        if self._error is not None:
            raise self._error
        return None

    def _decode(self) -> Sequence[ServerSentEvent]:
        taken = 0
        count = 0
        while count < len(self._pieces) and taken < BATCH_BYTES:
            taken += len(self._pieces[count])
            count += 1
        arrived = b"".join(self._pieces[:count])
        del self._pieces[:count]
        self._size -= taken
        if self._size <= MAX_READ_AHEAD:
            self._room.set()
        if not self._pieces:
            self._wake.clear()
        if self._size < BATCH_BYTES:
            self._full.clear()
        self._decoded_at = time.monotonic()
        try:
            return self._decoder.feed(arrived)
        except EventTooLong as error:
            raise ConnectionLost(str(error)) from None

    def _gathering(self) -> float:
        """Seconds until less than a batch is decoded, too."""
        return self._decoded_at + BATCH_INTERVAL - time.monotonic()

    async def _wait(self, event: asyncio.Event, within: float | None) -> None:
        """Wait for an event, but not beyond the end."""
        if self.ended or event.is_set():
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                await event.wait()

    async def _read(self) -> None:
        try:
            async with self._connect() as pieces:
                self.is_open = True
                self._wake.set()
                async for piece in pieces:
                    await self._keep(piece)
        except NodionError as error:
            self._error = error
        except asyncio.CancelledError:
            self._error = ClientClosed()
            raise
        finally:
            self.ended = True
            self._wake.set()
            self._full.set()

    async def _keep(self, piece: bytes) -> None:
        self.bytes_received += len(piece)
        self._pieces.append(piece)
        self._size += len(piece)
        self._wake.set()
        if self._size >= BATCH_BYTES:
            self._full.set()
        elif self.bytes_received > BATCH_BYTES and (rest := self._gathering() - _AHEAD) > 0:
            await asyncio.sleep(rest)
        if self._size > MAX_READ_AHEAD:
            self._room.clear()
            await self._room.wait()
