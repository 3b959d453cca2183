"""The one thread that writes to the database, in groups: whatever waits goes into one commit."""

import asyncio
import contextlib
import sqlite3
import threading
from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple

RETRY_SECONDS = 1.0
"""Between two tries to write what must not be lost, where the disk is full or fails."""

Operation = Callable[[sqlite3.Connection], Any]


class StoreUnavailable(Exception):
    """The database cannot be written; the message names no path."""


class _Job(NamedTuple):
    operation: Operation
    done: "asyncio.Future[Any]"
    keep_trying: bool


class WriterThread(threading.Thread):
    """Executes operations in order; a future is done when its operation is committed.

    Nothing that a client sees has not been committed: what the engine tells, it tells from the
    results of these futures or reads from the database.
    """

    def __init__(self, connection: sqlite3.Connection, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(name="store-writer", daemon=True)
        self._connection = connection
        self._loop = loop
        self._waiting: deque[_Job] = deque()
        self._wake = threading.Condition()
        self._closing = False
        self._patient = True

    def submit(self, operation: Operation, *, retry: bool = False) -> "asyncio.Future[Any]":
        """Queue an operation.

        Args:
            operation: called in the writer's thread, inside a transaction.
            retry: where the disk is full, wait until it is not; otherwise the future
                fails with `StoreUnavailable`.
        """
        done: asyncio.Future[Any] = self._loop.create_future()
        with self._wake:
            if self._closing:
                done.set_exception(StoreUnavailable("the store is closed"))
                return done
            self._waiting.append(_Job(operation, done, retry))
            self._wake.notify()
        return done

    def stop_retrying(self) -> None:
        """Try nothing again from now on: the engine goes, disk or no disk."""
        with self._wake:
            self._patient = False
            self._wake.notify()

    def close(self) -> None:
        """Write what waits, then end the thread (blocks until it has)."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        self.join()

    def run(self) -> None:
        """Write groups until it is closed and nothing waits."""
        while group := self._next_group():
            outcomes = self._write(group)
            again = [job for job, outcome in outcomes if outcome is _AGAIN]
            self._tell([pair for pair in outcomes if pair[1] is not _AGAIN])
            if again:
                self._put_back(again)

    def _next_group(self) -> list[_Job]:
        with self._wake:
            self._wake.wait_for(lambda: self._waiting or self._closing)
            group = list(self._waiting)
            self._waiting.clear()
            return group

    def _put_back(self, jobs: list[_Job]) -> None:
        with self._wake:
            self._waiting.extendleft(reversed(jobs))
            self._wake.wait_for(lambda: self._closing or not self._patient, RETRY_SECONDS)

    def _write(self, group: list[_Job]) -> list[tuple[_Job, object]]:
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            outcomes = [(job, self._perform(job)) for job in group]
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            with contextlib.suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
            failure = StoreUnavailable(f"the data folder cannot be written: {error}")
            again = self._patient and not self._closing
            return [(job, _AGAIN if again and job.keep_trying else failure) for job in group]
        return outcomes

    def _perform(self, job: _Job) -> object:
        try:
            return job.operation(self._connection)
        except sqlite3.IntegrityError as error:
            return error
        except sqlite3.Error:
            raise
        except Exception as error:  # noqa: BLE001 it is told to whoever waits for it
            return error

    def _tell(self, outcomes: list[tuple[_Job, object]]) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is gone, and with it who waited
            self._loop.call_soon_threadsafe(_resolve, outcomes)


_AGAIN = object()


def _resolve(outcomes: list[tuple[_Job, object]]) -> None:
    for job, outcome in outcomes:
        if job.done.done():
            continue
        if isinstance(outcome, Exception):
            job.done.set_exception(outcome)
        else:
            job.done.set_result(outcome)
