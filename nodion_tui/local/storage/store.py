"""SQLite in WAL mode: runners, runs and log lines, and how they survive a kill.

A commit is safe against the death of the process; it does not wait for the disk, so the last
moments before a power cut may be missing (`synchronous=NORMAL`).
"""

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

from nodion_tui.local.payloads import LogBlock
from nodion_tui.local.storage import schema
from nodion_tui.local.storage.run_row import NewRun, RunRow
from nodion_tui.local.storage.writer import Operation, WriterThread

T = TypeVar("T")
READERS = 2
PAGE_BYTES = 4 << 20
"""A page of very long lines ends early at about this size; the next page has the rest."""


class EngineStore:
    """One data folder's database. Reads see what is committed and nothing else."""

    def __init__(self, path: Path) -> None:
        self._path = path
        connection = schema.connect(path)
        schema.create_tables(connection)
        self.folder_number = schema.folder_number(connection)
        """The number of the data folder that it was last used in; 0: none is known."""
        self._writer = WriterThread(connection, asyncio.get_running_loop())
        self._writer_connection = connection
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="store-reader")
        self._idle_connections: asyncio.Queue[sqlite3.Connection] = asyncio.Queue()
        for _ in range(READERS):
            self._idle_connections.put_nowait(schema.connect(path, read_only=True))
        self._change_count = self._pending_changes = 0
        self._list_cache: dict[str, tuple[int, bytes]] = {}
        self._writer.start()

    async def aclose(self) -> None:
        """Write what waits and close; a checkpoint leaves one tidy file."""
        await asyncio.to_thread(self._writer.close)
        self._readers.shutdown()
        while not self._idle_connections.empty():
            self._idle_connections.get_nowait().close()
        self._writer_connection.close()

    async def set_folder_number(self, number: int) -> None:
        """Keep the number of the data folder that it is used in.

        Raises:
            StoreUnavailable: it cannot be written.
        """
        if number != self.folder_number:
            await self._writer.submit(lambda db: schema.set_folder_number(db, number))
            self.folder_number = number

    def stop_retrying(self) -> None:
        """Let go of what cannot be written: the engine goes."""
        self._writer.stop_retrying()

    async def add_run(self, run: NewRun) -> RunRow:
        """Keep a new run as pending; returned when it is committed."""
        row: RunRow = await self._commit_change(lambda db: schema.insert_run(db, run))
        return row

    async def mark_canceled(self, run: int, at: int) -> None:
        """Mark as canceled, unless it has already ended."""
        await self._commit_change(lambda db: schema.cancel_run(db, run, at))

    async def mark_running(self, run: int, at: int) -> bool:
        """From pending to running; False where it is pending no more."""
        changed: bool = await self._commit_change(
            lambda db: schema.start_run(db, run, at), retry=True
        )
        return changed

    async def mark_finished(self, run: int, status: str, exit_code: int | None, at: int) -> None:
        """The end of a run that nobody canceled meanwhile."""
        await self._commit_change(
            lambda db: schema.finish_run(db, run, status, exit_code, at), retry=True
        )

    def append_block(self, run: int, block: LogBlock, *, public: bool) -> "asyncio.Future[None]":
        """Keep lines; done when they are committed. Calls are committed in their order."""
        values = (run, block.first, block.line_count, block.read_at, public, block.bodies)

        def insert(db: sqlite3.Connection) -> None:
            db.execute("INSERT INTO blocks VALUES (?, ?, ?, ?, ?, ?)", values)

        return self._writer.submit(insert, retry=True)

    async def save_runners(
        self, definitions: list[tuple[str, bytes]], at: int
    ) -> dict[str, tuple[int, int]]:
        """Keep the runners' definitions; when each was created and last changed."""
        times: dict[str, tuple[int, int]] = await self._writer.submit(
            lambda db: schema.upsert_runners(db, definitions, at)
        )
        return times

    async def find_run(self, runner_id: str, run_id: str) -> RunRow | None:
        """One run by both its ids."""
        return await self.read(lambda db: schema.find_run(db, runner_id, run_id))

    async def unfinished_runs(self) -> list[RunRow]:
        """Runs that are pending or running, oldest first."""
        return await self.read(schema.unfinished_runs)

    async def runs_payload(self, runner_id: str) -> bytes:
        """The body of `GET runs`: newest first; made anew only where a run has changed."""
        change_count, had_pending_changes = self._change_count, self._pending_changes
        cached = self._list_cache.get(runner_id)
        if cached is not None and cached[0] == change_count and not had_pending_changes:
            return cached[1]
        body = await self.read(lambda db: schema.runs_payload(db, runner_id))
        if not had_pending_changes:
            self._list_cache[runner_id] = (change_count, body)
        return body

    async def last_line(self, run: int) -> int:
        """The number of a run's last committed line, public or not; 0 without one."""
        return await self.read(lambda db: schema.last_line(db, run))

    async def blocks(
        self, run: int, after: int, lines: int, size: int = PAGE_BYTES
    ) -> list[LogBlock]:
        """Public lines behind a line number, at most so many, and at least one if there is one."""
        return await self.read(lambda db: list(_limit_blocks(db, run, after, lines, size)))

    async def _commit_change(self, operation: Operation, *, retry: bool = False) -> Any:
        """Commit a change of a run; no list of runs made before or meanwhile is used again."""
        self._pending_changes += 1
        try:
            return await self._writer.submit(operation, retry=retry)
        finally:
            self._pending_changes -= 1
            self._change_count += 1

    async def read(self, query: Callable[[sqlite3.Connection], T]) -> T:
        """Call something with a reading connection, in a thread."""
        connection = await self._idle_connections.get()
        future = asyncio.get_running_loop().run_in_executor(self._readers, query, connection)
        future.add_done_callback(lambda _: self._idle_connections.put_nowait(connection))
        return await future


def _limit_blocks(
    db: sqlite3.Connection, run: int, after: int, lines: int, size: int
) -> Iterator[LogBlock]:
    with contextlib.closing(schema.blocks_from(db, run, after)) as rows:
        for row in rows:
            block = LogBlock(*row)
            if block.last <= after:
                continue
            block_part = block.lines_after(after).first_lines(lines)
            yield block_part
            lines -= block_part.line_count
            size -= len(block_part.bodies)
            if lines <= 0 or size <= 0:
                return
