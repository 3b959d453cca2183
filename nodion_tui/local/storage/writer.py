"""Single writer thread of the database: all queued operations go into one commit."""

import asyncio
import contextlib
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple

from nodion_tui.local.storage.store_faults import (
    OpenFile,
    StoreHealth,
    StoreUnavailable,
    is_locked,
    reason_of,
)

RETRY_SECONDS = 1.0
"""Interval of retries for operations that must not be lost, if the disk is full or fails."""
LOCKED_RETRY_SECONDS = 0.05
"""Interval of retries while another program has locked the database."""
LOCKED_PATIENCE_SECONDS = 2.0
"""How long another program may lock the database until that is told and fails operations."""

Operation = Callable[[sqlite3.Connection], Any]


class _Write(NamedTuple):
    operation: Operation
    done: "asyncio.Future[Any]"
    retry: bool
    submitted_at: float


class WriterThread(threading.Thread):
    """Executes operations in order; a future is done when its operation is committed.

    Clients only ever see committed data: the engine responds with the results of these futures or
    with what it reads from the database.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        loop: asyncio.AbstractEventLoop,
        file: OpenFile,
        health: StoreHealth,
    ) -> None:
        super().__init__(name="store-writer", daemon=True)
        self._connection = connection
        self._loop = loop
        self._file = file
        self._health = health
        self._queue: deque[_Write] = deque()
        self._wake = threading.Condition()
        self._closing = False
        self._may_retry = True
        self.discarded_count = 0
        """Number of operations that must not be lost, and are."""

    def submit(self, operation: Operation, *, retry: bool = False) -> "asyncio.Future[Any]":
        """Queue an operation.

        Args:
            operation: called in the writer thread, inside a transaction.
            retry: if the disk is full, retry until it is not; otherwise the future fails with
                `StoreUnavailable`.
        """
        done: asyncio.Future[Any] = self._loop.create_future()
        with self._wake:
            if self._closing:
                done.set_exception(StoreUnavailable("the store is closed"))
                return done
            self._queue.append(_Write(operation, done, retry, time.monotonic()))
            self._wake.notify()
        return done

    def stop_retrying(self) -> None:
        """Stop retrying failed operations: the engine shuts down."""
        with self._wake:
            self._may_retry = False
            self._wake.notify()

    def close(self) -> None:
        """Write queued operations, then end the thread (blocks until then)."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        self.join()

    def run(self) -> None:
        """Write groups until the thread is closed and the queue empty."""
        while group := self._next_group():
            outcomes = self._commit(group)
            to_retry = [write for write, outcome in outcomes if isinstance(outcome, _Retry)]
            self._report([pair for pair in outcomes if not isinstance(pair[1], _Retry)])
            if to_retry:
                self._requeue(to_retry, next(o.pause for _, o in outcomes if isinstance(o, _Retry)))

    def _next_group(self) -> list[_Write]:
        with self._wake:
            self._wake.wait_for(lambda: self._queue or self._closing)
            group = list(self._queue)
            self._queue.clear()
            return group

    def _requeue(self, writes: list[_Write], pause: float) -> None:
        with self._wake:
            self._queue.extendleft(reversed(writes))
            self._wake.wait_for(lambda: self._closing or not self._may_retry, pause)

    def _commit(self, group: list[_Write]) -> list[tuple[_Write, object]]:
        try:
            self._file.check()
            self._connection.execute("BEGIN IMMEDIATE")
            outcomes = [(write, self._perform(write)) for write in group]
            self._connection.execute("COMMIT")
        except (sqlite3.Error, OSError) as error:
            with contextlib.suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
            self._shrink_log(error)
            return self._failed(group, error)
        if self._health.fault is not None:
            self._tell(self._health.wrote)
        if self._file.is_moved:
            self._tell(self._health.moved)
        return outcomes

    def _shrink_log(self, error: Exception) -> None:
        """Write the log (WAL) back: with many small commits it may be what fills the disk."""
        if isinstance(error, sqlite3.Error) and not is_locked(error):
            with contextlib.suppress(sqlite3.Error):
                self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _failed(self, group: list[_Write], error: Exception) -> list[tuple[_Write, object]]:
        """Decide for each operation of a group whether it is retried or fails."""
        may_retry = self._may_retry and not self._closing
        waited = time.monotonic() - group[0].submitted_at
        if is_locked(error) and may_retry and waited < LOCKED_PATIENCE_SECONDS:
            return [(write, _Retry(LOCKED_RETRY_SECONDS)) for write in group]
        reason = reason_of(error)
        self._tell(self._health.write_failed, reason)
        pause = LOCKED_RETRY_SECONDS if is_locked(error) else RETRY_SECONDS
        failure = StoreUnavailable(f"the engine cannot save its data: {reason}")
        if not may_retry:
            self.discarded_count += sum(write.retry for write in group)
        return [(write, _Retry(pause) if may_retry and write.retry else failure) for write in group]

    def _perform(self, write: _Write) -> object:
        try:
            return write.operation(self._connection)
        except sqlite3.IntegrityError as error:
            return error
        except sqlite3.Error:
            raise
        except Exception as error:  # noqa: BLE001 raised where the future is awaited
            return error

    def _report(self, outcomes: list[tuple[_Write, object]]) -> None:
        self._tell(_resolve, outcomes)

    def _tell(self, callback: Callable[..., None], *arguments: Any) -> None:
        with contextlib.suppress(RuntimeError):  # the event loop is closed, and nobody waits
            self._loop.call_soon_threadsafe(callback, *arguments)


class _Retry(NamedTuple):
    """Outcome of an operation that is tried again after a pause in seconds."""

    pause: float


def _resolve(outcomes: list[tuple[_Write, object]]) -> None:
    for write, outcome in outcomes:
        if write.done.done():
            continue
        if isinstance(outcome, Exception):
            write.done.set_exception(outcome)
        else:
            write.done.set_result(outcome)
