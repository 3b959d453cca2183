"""The finished logs of one profile on disk. Everything here blocks: call it in a thread.

Each log is written in one transaction, so that a killed program loses at most the one that it was
writing. Several programs may read and write at once. The logs of all profiles are in one file; each
profile sees and limits its own.
"""

import contextlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import msgspec

from nodion_tui.config import Profile
from nodion_tui.config.archive_limits import ArchiveLimits
from nodion_tui.model.run import Run, RunKey, RunRecord
from nodion_tui.monitor.archive.archive_file import (
    ArchiveFault,
    ArchiveMissing,
    archive_path,
    checked_row,
    opened,
    transaction,
)
from nodion_tui.monitor.archive.blocks import (
    Block,
    DamagedBlock,
    StoredSegment,
    check_block,
    pack_blocks,
)
from nodion_tui.monitor.archive.loaded_blocks import LoadedBlocks
from nodion_tui.monitor.log.finished_log import FinishedLog
from nodion_tui.monitor.log.timestamps import EPOCH

LOCAL_ENGINE = "local"
"""Stands for the address of the engine on this machine, whose port changes."""
_BLOCK = "first, lines, text_bytes, after_id, plain, special, lengths, times, text, checksum"


_Millis = Annotated[int, msgspec.Meta(ge=0, le=253_402_300_799_999)]
_Count = Annotated[int, msgspec.Meta(ge=0, le=2**48)]


class _LogRow(NamedTuple):
    """The columns of `_ROW`."""

    id: int
    runner_id: str
    run_id: str
    runner: str
    run: bytes
    ended_at: _Millis
    archived_at: _Millis
    lines: _Count
    text_bytes: _Count
    stored_bytes: _Count
    blocks: _Count
    last_id: str | None
    last_lines: bytes


_ROW = ", ".join(_LogRow._fields)


class ArchivedLog(msgspec.Struct, frozen=True):
    """What is known of an archived log without reading it."""

    number: int
    """Of its row; another log never gets it."""
    run: Run
    runner: str
    """Name of the runner when the log was archived; may be empty."""
    archived_at: datetime
    lines: int
    text_bytes: int
    stored_bytes: int
    """On disk."""
    blocks: int
    """Number of its blocks."""
    last_id: str | None
    last_lines: tuple[str, ...]
    """The last ones that are not blank, if the run failed."""

    @property
    def key(self) -> RunKey:
        """Which run."""
        return self.run.key


class LogArchive:
    """Reads and writes the archive of a profile.

    Args:
        data_folder: where the file is.
        profile: whose logs.
        loaded: limits how many blocks are decompressed at a time.
    """

    def __init__(
        self, data_folder: Path, profile: Profile, loaded: LoadedBlocks | None = None
    ) -> None:
        self.path = archive_path(data_folder)
        is_local = profile.engine in {"kept", "served"}
        address = LOCAL_ENGINE if is_local else profile.api_url.rstrip("/")
        self._account = (address, profile.project or "")
        self._limits = profile.archive
        self._loaded = loaded

    def put(
        self, log: FinishedLog, *, runner: str, last_lines: Sequence[str], now: datetime
    ) -> bool:
        """Write a log, and remove the oldest ones beyond the limits.

        Args:
            log: to write.
            runner: name of the runner.
            last_lines: of a failed run.
            now: the current time, aware.

        Returns:
            Whether it is kept: False if it is there already, or would be the first to be removed.

        Raises:
            ArchiveFault: it cannot be written; what was there is unchanged.
        """
        limits = self._limits
        ended_at = log.run.completed_at or now
        if limits is None or _is_too_old(ended_at, limits, now):
            return False
        blocks = list(pack_blocks(log.segments))
        stored_bytes = sum(block.stored_bytes for block in blocks)
        values = (
            *self._account,
            *log.run.key,
            runner,
            msgspec.json.encode(log.run.record),
            _millis(ended_at),
            _millis(now),
            sum(block.lines for block in blocks),
            sum(block.text_bytes for block in blocks),
            stored_bytes,
            len(blocks),
            log.last_id,
            msgspec.json.encode(last_lines),
        )
        try:
            with self._writing() as db, transaction(db):
                number = self._insert(db, values, blocks)
                self._remove_oldest(db, limits, now, number)
        except _NotKept:
            return False
        return True

    def trim(self, now: datetime) -> None:
        """Remove what exceeds the limits.

        Raises:
            ArchiveFault: the archive cannot be written.
        """
        if self._limits is not None and self.path.exists():
            with self._writing() as db, transaction(db):
                self._remove_oldest(db, self._limits, now)

    def logs(self) -> list[ArchivedLog]:
        """All logs of the profile, the run that ended last first.

        Raises:
            ArchiveFault: the archive cannot be read.
        """
        query = (
            f"SELECT {_ROW} FROM log WHERE api_url = ? AND project = ?"  # noqa: S608
            " ORDER BY ended_at DESC, id DESC"
        )
        with self._reading() as db:
            return [] if db is None else [*map(_archived, db.execute(query, self._account))]

    def read(self, key: RunKey) -> FinishedLog | None:
        """The log of a run; its lines are decompressed when they are needed.

        Raises:
            ArchiveFault: the archive or this log cannot be read.
        """
        with self._reading() as db:
            if db is None:
                return None
            with _snapshot(db):
                row = db.execute(
                    f"SELECT {_ROW} FROM log WHERE api_url = ? AND project = ?"  # noqa: S608
                    " AND runner_id = ? AND run_id = ?",
                    (*self._account, *key),
                ).fetchone()
                if row is None:
                    return None
                log = _archived(row)
                segments = [
                    StoredSegment(block, self._loaded)
                    for block in self._blocks(db, log, range(log.blocks))
                ]
        return FinishedLog(log.run, segments, log.lines, log.last_id)

    @contextmanager
    def reader(self) -> Iterator[Callable[[ArchivedLog, range], Iterator[StoredSegment]]]:
        """Reads some blocks of several logs, one after the other, on one connection.

        Raises:
            ArchiveFault: the archive or a log cannot be read.
        """
        with self._reading() as db:

            def read(log: ArchivedLog, numbers: range) -> Iterator[StoredSegment]:
                return map(StoredSegment, () if db is None else self._blocks(db, log, numbers))

            yield read

    def purge(self, keys: Iterable[RunKey] | None = None) -> int:
        """Remove logs of the profile; None: all of them. Returns how many.

        Raises:
            ArchiveFault: the archive cannot be written.
        """
        if not self.path.exists():
            return 0
        wanted = None if keys is None else set(keys)
        with self._writing() as db, transaction(db):
            query = "SELECT id, runner_id, run_id FROM log WHERE api_url = ? AND project = ?"
            rows = db.execute(query, self._account).fetchall()
            numbers = [row[0] for row in rows if wanted is None or RunKey(*row[1:]) in wanted]
            _remove(db, numbers)
        return len(numbers)

    def verify(self) -> Iterator[str]:
        """Read every line of the profile's logs; yields what is wrong with which log.

        Raises:
            ArchiveFault: the archive cannot be read.
        """
        with self._reading() as db:
            if db is None:
                return
            for (problem,) in db.execute("PRAGMA quick_check(20)").fetchall():
                if problem != "ok":
                    yield f"{self.path.name}: {problem}"
            for log in self.logs():
                lines = 0
                try:
                    for block in self._blocks(db, log, range(log.blocks)):
                        check_block(block)
                        lines += block.lines
                except (DamagedBlock, ArchiveFault) as error:
                    yield f"run {log.key.run_id}: {error}"
                else:
                    if lines != log.lines:
                        yield f"run {log.key.run_id}: {log.lines - lines:,} lines are missing"

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """The database; space that became free is given back afterwards."""
        with opened(self.path, writes=True) as db:
            yield db
            if db.execute("PRAGMA freelist_count").fetchone()[0]:
                db.executescript("PRAGMA incremental_vacuum")  # `execute` frees one page

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection | None]:
        """The database, or None if there is none."""
        with contextlib.ExitStack() as stack:
            try:
                db = stack.enter_context(opened(self.path))
            except ArchiveMissing:
                db = None
            yield db

    def _blocks(self, db: sqlite3.Connection, log: ArchivedLog, numbers: range) -> Iterator[Block]:
        query = (
            f"SELECT {_BLOCK} FROM block WHERE log = ? AND number >= ? AND number < ?"  # noqa: S608
            " ORDER BY number"
        )
        read = 0
        with contextlib.suppress(sqlite3.DataError):
            for row in db.execute(query, (log.number, numbers.start, numbers.stop)):
                block = checked_row(row, Block)
                if not block.is_whole:
                    break
                read += 1
                yield block
        if read < len(numbers):
            raise ArchiveFault(f"{self.path.name}: the log of run {log.run.id} is damaged or gone")

    def _insert(
        self, db: sqlite3.Connection, values: Sequence[object], blocks: Sequence[Block]
    ) -> int:
        names = (
            "api_url, project, runner_id, run_id, runner, run, ended_at, archived_at, lines,"
            " text_bytes, stored_bytes, blocks, last_id, last_lines"
        )
        row = db.execute(
            f"INSERT OR IGNORE INTO log ({names}) VALUES ({_marks(14)}) RETURNING id",  # noqa: S608
            values,
        ).fetchone()
        if row is None:
            raise _NotKept
        number = int(row[0])
        db.executemany(
            f"INSERT INTO block (log, number, {_BLOCK}) VALUES ({_marks(12)})",  # noqa: S608
            [(number, place, *block) for place, block in enumerate(blocks)],
        )
        return number

    def _remove_oldest(
        self, db: sqlite3.Connection, limits: ArchiveLimits, now: datetime, added: int = 0
    ) -> None:
        """Remove what exceeds the limits; raises _NotKept if that would be the log just added."""
        rows = db.execute(
            "SELECT id, ended_at, stored_bytes FROM log WHERE api_url = ? AND project = ?"
            " ORDER BY ended_at DESC, id DESC",
            self._account,
        ).fetchall()
        oldest = None if limits.max_age is None else _millis(now - limits.max_age)
        used, removed = 0, []
        for number, ended_at, stored_bytes in checked_row(rows, list[tuple[int, int, int]]):
            used += stored_bytes
            if used > limits.max_bytes or (oldest is not None and ended_at < oldest):
                removed.append(number)
        if added in removed:
            raise _NotKept
        _remove(db, removed)


class _NotKept(Exception):
    """The log is there already, or would be removed at once."""


@contextmanager
def _snapshot(db: sqlite3.Connection) -> Iterator[None]:
    """One state of the database for several queries."""
    db.execute("BEGIN")
    try:
        yield
    finally:
        db.execute("ROLLBACK")


def _remove(db: sqlite3.Connection, numbers: Sequence[int]) -> None:
    rows = [(number,) for number in numbers]
    db.executemany("DELETE FROM block WHERE log = ?", rows)
    db.executemany("DELETE FROM log WHERE id = ?", rows)


def _archived(row: Sequence[Any]) -> ArchivedLog:
    """A row of the table; a run that cannot be read keeps its ids."""
    log = checked_row(row, _LogRow)
    try:
        run = msgspec.json.decode(log.run, type=RunRecord)
        last = msgspec.json.decode(log.last_lines, type=tuple[str, ...])
    except (msgspec.MsgspecError, UnicodeDecodeError):
        ended_at = _moment(log.ended_at)
        run, last = RunRecord(id=log.run_id, status="unknown", completed_at=ended_at), ()
    return ArchivedLog(
        number=log.id,
        run=msgspec.structs.replace(run, id=log.run_id, runner_id=log.runner_id).run,
        runner=log.runner,
        archived_at=_moment(log.archived_at),
        lines=log.lines,
        text_bytes=log.text_bytes,
        stored_bytes=log.stored_bytes,
        blocks=log.blocks,
        last_id=log.last_id,
        last_lines=last,
    )


def _is_too_old(ended_at: datetime, limits: ArchiveLimits, now: datetime) -> bool:
    return limits.max_age is not None and now - ended_at > limits.max_age


def _millis(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(milliseconds=1)


def _moment(millis: int) -> datetime:
    return EPOCH + timedelta(milliseconds=millis)


def _marks(count: int) -> str:
    return ", ".join("?" * count)
