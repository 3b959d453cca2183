"""Stores runners, runs and log lines in SQLite (WAL mode), so that they survive a kill.

A commit survives a crash of the process; it does not wait for the disk, so a power cut can lose
the last moments (`synchronous=NORMAL`).
"""

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from nodion_tui.local.payloads import LogBlock
from nodion_tui.local.storage import schema
from nodion_tui.local.storage.run_row import FinishedRun, RunRow
from nodion_tui.local.storage.store_faults import (
    OpenFile,
    StoreHealth,
    StoreUnavailable,
    reason_of,
)
from nodion_tui.local.storage.writer import Operation, WriterThread
from nodion_tui.model.trigger import TriggerRequest

T = TypeVar("T")
_logger = logging.getLogger(__name__)
READERS = 2
STOP_SECONDS = 1.0
"""How long a stop waits to be stored; after that it is kept in memory and stored later."""
DELETE_BLOCKS = 64
"""Blocks of lines deleted in one transaction, so that running jobs need not wait long."""
PAGE_BYTES = 4 << 20
"""Approximate size limit of a page with very long lines; the next page continues."""


class LogDeleted(Exception):
    """The log of a run is no longer kept; the message is for clients."""

    def __init__(self) -> None:
        super().__init__("the log was deleted after its retention period")


class EngineStore:
    """Database of one data folder. Reads see only committed data."""

    def __init__(self, path: Path, notice: Callable[[str], None] | None = None) -> None:
        """Open the database; creates its tables, or brings it to this version.

        Args:
            path: the file.
            notice: receives messages about a disk that is full or damaged, once each.

        Raises:
            ValueError: it was written by a newer version, or by another program.
            sqlite3.Error: it cannot be used.
        """
        path.touch(mode=0o600)
        self._file = OpenFile(path)
        connection = schema.connect(path, locked_seconds=0)
        schema.prepare(connection)
        self.folder_number = schema.folder_number(connection)
        """Number of the data folder that it was last used in; 0: unknown."""
        self.health = StoreHealth(path, notice or _logger.warning)
        self._writer = WriterThread(connection, asyncio.get_running_loop(), self._file, self.health)
        self._writer_connection = connection
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="store-reader")
        self._idle_connections: asyncio.Queue[sqlite3.Connection] = asyncio.Queue()
        for _ in range(READERS):
            self._idle_connections.put_nowait(schema.connect(path, read_only=True))
        self._change_count = self._pending_changes = 0
        self._list_cache: dict[str, tuple[int, bytes]] = {}
        self._unsaved: dict[int, RunRow] = {}
        """Runs by number that were stopped while nothing could be saved, as clients see them."""
        schema.set_open(connection, is_open=True)
        self._writer.start()

    async def aclose(self) -> None:
        """Write queued changes and close; a checkpoint leaves a single file."""
        await asyncio.to_thread(self._writer.close)
        self._readers.shutdown()
        while not self._idle_connections.empty():
            self._idle_connections.get_nowait().close()
        if discarded := self._writer.discarded_count:
            self.health.discarded(discarded)
        self.health.close()
        with contextlib.suppress(sqlite3.Error, OSError):
            self._file.check()
            schema.set_open(self._writer_connection, is_open=False)
        self._writer_connection.close()
        self._file.close()

    async def set_folder_number(self, number: int) -> None:
        """Store the number of the data folder.

        Raises:
            StoreUnavailable: the database cannot be written.
        """
        if number != self.folder_number:
            await self._writer.submit(lambda db: schema.set_folder_number(db, number))
            self.folder_number = number

    def stop_retrying(self) -> None:
        """Discard changes that cannot be written: the engine shuts down."""
        self._writer.stop_retrying()

    async def add_run(self, runner_id: str, request: TriggerRequest, at: int) -> RunRow:
        """Store a new run as pending; returns it once it is committed."""
        row: RunRow = await self._commit_change(
            lambda db: schema.insert_run(db, runner_id, request, at)
        )
        return row

    async def add_finished_runs(self, runs: Iterable[FinishedRun]) -> None:
        """Store runs that have ended, in one transaction; the writer takes them one by one.

        Raises:
            StoreUnavailable: the database cannot be written; it has none of them.
        """
        await self._commit_change(lambda db: schema.insert_finished_runs(db, runs))

    async def cancel(self, row: RunRow, at: int) -> bool:
        """Mark a run as canceled, unless it has ended.

        While nothing can be saved, clients see the run as canceled from memory, and it is stored
        later: the job is ended first, and that may be what makes room.

        Returns:
            Whether it is stored already.
        """
        change = asyncio.ensure_future(
            self._commit_change(lambda db: schema.cancel_run(db, row.number, at), retry=True)
        )
        await asyncio.wait([change], timeout=0 if self.health.fault else STOP_SECONDS)
        if change.done():
            await change
            return True
        self._unsaved[row.number] = row.canceled(at)
        self._change_count += 1
        change.add_done_callback(lambda done: self._forget_unsaved(row.number, done))
        return False

    def _forget_unsaved(self, run: int, change: "asyncio.Future[None]") -> None:
        """A stop is stored, or was given up at the end of the engine, which is told there."""
        self._unsaved.pop(run, None)
        if not change.cancelled():
            change.exception()

    async def mark_running(self, run: int, executor: str, at: int) -> bool:
        """Change a run from pending to running; False if it is no longer pending."""
        changed: bool = await self._commit_change(
            lambda db: schema.start_run(db, run, executor, at), retry=True
        )
        return changed

    async def mark_finished(self, run: int, status: str, exit_code: int | None, at: int) -> None:
        """Store the end of a run, unless it was canceled meanwhile."""
        await self._commit_change(
            lambda db: schema.finish_run(db, run, status, exit_code, at), retry=True
        )

    def append_block(self, run: int, block: LogBlock, *, public: bool) -> "asyncio.Future[None]":
        """Store lines; the future is done on commit. Calls are committed in order."""
        values = (run, block.first, block.line_count, block.read_at, public, block.bodies)

        def insert(db: sqlite3.Connection) -> None:
            db.execute("INSERT INTO blocks VALUES (?, ?, ?, ?, ?, ?)", values)

        return self._writer.submit(insert, retry=True)

    async def save_runners(
        self, definitions: list[tuple[str, bytes]], at: int
    ) -> dict[str, tuple[int, int]]:
        """Store definitions of runners; returns creation and change time by runner id."""
        times: dict[str, tuple[int, int]] = await self._writer.submit(
            lambda db: schema.upsert_runners(db, definitions, at)
        )
        return times

    async def find_run(self, runner_id: str, run_id: str) -> RunRow | None:
        """Return a run by the ids of its runner and its own."""
        row = await self.read(lambda db: schema.find_run(db, runner_id, run_id))
        return row and self._unsaved.get(row.number, row)

    async def unfinished_runs(self) -> list[RunRow]:
        """Return pending and running runs, oldest first."""
        return await self.read(schema.unfinished_runs)

    async def runs_payload(self, runner_id: str) -> bytes:
        """Return the response body of `GET runs`, newest first; cached until a run changes."""
        change_count, had_pending_changes = self._change_count, self._pending_changes
        cached = self._list_cache.get(runner_id)
        if cached is not None and cached[0] == change_count and not had_pending_changes:
            return cached[1]
        unsaved = dict(self._unsaved)
        body = await self.read(lambda db: schema.runs_payload(db, runner_id, unsaved))
        if not had_pending_changes:
            self._list_cache[runner_id] = (change_count, body)
        return body

    async def last_line(self, run: int) -> int:
        """Return the number of a run's last committed line, public or internal; 0 if none."""
        return await self.read(lambda db: schema.last_line(db, run))

    async def blocks(
        self, run: int, after: int, lines: int, size: int = PAGE_BYTES
    ) -> list[LogBlock]:
        """Return public lines after a line number: at least one, if any, and at most `lines`.

        Raises:
            LogDeleted: they are no longer kept.
            StoreUnavailable: they cannot be read.
        """

        def query(db: sqlite3.Connection) -> tuple[list[LogBlock], bool]:
            # In this order: a log is marked as deleted before the first of its blocks is.
            return list(_limit_blocks(db, run, after, lines, size)), schema.is_log_deleted(db, run)

        blocks, is_deleted = await self.read(query)
        if is_deleted:
            raise LogDeleted
        return blocks

    async def expire_logs(self, before: int, at: int, active_runs: frozenset[int]) -> None:
        """Delete the logs of runs that ended before a time: see `schema.expire_logs`.

        Raises:
            StoreUnavailable: the database cannot be written; what is missing is deleted next time.
        """
        await self._writer.submit(lambda db: schema.expire_logs(db, before, at, active_runs))
        while await self._writer.submit(lambda db: schema.delete_expired_blocks(db, DELETE_BLOCKS)):
            pass

    async def _commit_change(self, operation: Operation, *, retry: bool = False) -> Any:
        """Commit a change of a run; invalidates all lists of runs read before or meanwhile."""
        self._pending_changes += 1
        try:
            return await self._writer.submit(operation, retry=retry)
        finally:
            self._pending_changes -= 1
            self._change_count += 1

    async def read(self, query: Callable[[sqlite3.Connection], T]) -> T:
        """Call a query with a read-only connection, in a thread.

        Raises:
            StoreUnavailable: the database is damaged or cannot be read.
        """
        connection = await self._idle_connections.get()
        future = asyncio.get_running_loop().run_in_executor(self._readers, query, connection)
        future.add_done_callback(lambda _: self._idle_connections.put_nowait(connection))
        try:
            return await future
        except (sqlite3.Error, ValueError, TypeError) as error:
            reason = reason_of(error)
            self.health.read_failed(reason)
            raise StoreUnavailable(f"the engine cannot read its data: {reason}") from error


def _limit_blocks(
    db: sqlite3.Connection, run: int, after: int, lines: int, size: int
) -> Iterator[LogBlock]:
    with contextlib.closing(schema.blocks_from(db, run, after)) as blocks:
        for block in blocks:
            if block.last <= after:
                continue
            block_part = block.lines_after(after).first_lines(lines)
            yield block_part
            lines -= block_part.line_count
            size -= len(block_part.bodies)
            if lines <= 0 or size <= 0:
                return
