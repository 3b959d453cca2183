"""The archive's file: an SQLite database that is ours by its mark, or is left as it is.

The mark is SQLite's `application_id`, which stands in the first page, so that a file is looked at
without opening it as a database. A file that has another mark, is damaged or was written by a newer
version is reported and not changed.
"""

import contextlib
import os
import sqlite3
import struct
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from nodion_tui.config.ownership import ForeignFile, read_owned_file
from nodion_tui.config.paths import display_path
from nodion_tui.config.private_files import create_private_file

_Kind = TypeVar("_Kind")

FILE_NAME = "archive.sqlite3"
APPLICATION_ID = 0x6E546C61
"""`nTla`: marks the file as an archive of this program."""
SCHEMA_VERSION = 1
LOCK_SECONDS = 5.0
"""Wait for another program that writes a log."""
_MAGIC = b"SQLite format 3\0"
_HEADER = struct.Struct(">60xI4xI")
"""`user_version` and `application_id` in the first page."""
_DAMAGED = "damaged; it is left unchanged: move it away to start with a new one"
_opening = threading.Lock()
_connections: Counter[tuple[int, int] | None] = Counter()
"""Of this process, by the identity of the file."""
_SIDE_FILES = ("-wal", "-shm", "-journal")
_SCHEMA = (
    """CREATE TABLE log (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  api_url TEXT NOT NULL,
  project TEXT NOT NULL,
  runner_id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  runner TEXT NOT NULL,
  run BLOB NOT NULL,
  ended_at INTEGER NOT NULL,
  archived_at INTEGER NOT NULL,
  lines INTEGER NOT NULL,
  text_bytes INTEGER NOT NULL,
  stored_bytes INTEGER NOT NULL,
  blocks INTEGER NOT NULL,
  last_id TEXT,
  last_lines BLOB NOT NULL,
  UNIQUE (api_url, project, runner_id, run_id)
)""",
    "CREATE INDEX log_by_age ON log (api_url, project, ended_at)",
    """CREATE TABLE block (
  log INTEGER NOT NULL,
  number INTEGER NOT NULL,
  first INTEGER NOT NULL,
  lines INTEGER NOT NULL,
  text_bytes INTEGER NOT NULL,
  after_id TEXT,
  checksum INTEGER NOT NULL,
  plain INTEGER NOT NULL,
  special BLOB NOT NULL,
  lengths BLOB NOT NULL,
  times BLOB NOT NULL,
  text BLOB NOT NULL,
  PRIMARY KEY (log, number)
)""",
    f"PRAGMA user_version = {SCHEMA_VERSION}",
)


class ArchiveFault(OSError):
    """The archive cannot be used; the message is one sentence that names the file."""


class ArchiveMissing(ArchiveFault):
    """There is no archive yet."""


def archive_path(data_folder: Path) -> Path:
    """Where the archive of all profiles is."""
    return data_folder / FILE_NAME


@contextmanager
def opened(path: Path, *, writes: bool = False) -> Iterator[sqlite3.Connection]:
    """The database, in autocommit mode, until the block ends; any thread may use it.

    Args:
        path: of the file.
        writes: make it if there is none, and allow changes.

    Raises:
        ArchiveMissing: there is none.
        ArchiveFault: it is not ours, damaged, of a newer version, or cannot be read or written.
    """
    try:
        with (
            _checked(path, writes=writes),
            contextlib.closing(_connect(path, writes=writes)) as db,
        ):
            if writes:
                _prepare(db)
            yield db
    except ArchiveFault:
        raise
    except sqlite3.Error as error:
        raise ArchiveFault(f"{display_path(path)}: {_reason(error)}") from None
    except UnicodeDecodeError:  # what SQLite says quotes the file
        raise ArchiveFault(f"{display_path(path)}: {_DAMAGED}") from None
    except ForeignFile as error:
        raise ArchiveFault(str(error)) from None
    except OSError as error:
        raise ArchiveFault(f"{display_path(path)}: {error.strerror or error}") from None


def checked_row(row: Sequence[Any], kind: type[_Kind]) -> _Kind:
    """The values of a row: SQLite keeps any type in any column, so damage may have changed it.

    Raises:
        sqlite3.DataError: they are not of the types of `kind`.
    """
    try:
        return msgspec.convert(row, kind, strict=False, builtin_types=(bytes,))
    except msgspec.ValidationError:
        raise sqlite3.DataError(_DAMAGED) from None


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All changes of the block at once, or none."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


@contextmanager
def _checked(path: Path, *, writes: bool) -> Iterator[None]:
    """Check the file; not while this process has it open, which has checked it.

    A check closes the file, and with any descriptor of a file that is closed, a process loses the
    locks that SQLite has on it: another program would remove the side files that are in use.
    """
    with _opening:
        identity = _identity(path)
        if identity is None or not _connections[identity]:
            _check(path, writes=writes)
            identity = _identity(path)
        _connections[identity] += 1
    try:
        yield
    finally:
        with _opening:
            _connections[identity] -= 1
            if not _connections[identity]:
                del _connections[identity]


def _identity(path: Path) -> tuple[int, int] | None:
    """Device and inode; None if there is no file."""
    with contextlib.suppress(FileNotFoundError):
        status = path.lstat()
        return status.st_dev, status.st_ino
    return None


def _check(path: Path, *, writes: bool) -> None:
    """Raises unless the file is ours, or may be made."""
    try:
        header = read_owned_file(path, 100)
    except FileNotFoundError:
        if not writes:
            raise ArchiveMissing(f"{display_path(path)}: nothing is archived") from None
        _create(path)
        return
    if not header:  # made by a program that was killed before it wrote more
        if not writes:
            raise ArchiveMissing(f"{display_path(path)}: nothing is archived")
        return
    version, mark = _HEADER.unpack_from(header.ljust(100, b"\0"))
    if not header.startswith(_MAGIC) or mark != APPLICATION_ID:
        raise ForeignFile(path, "not an archive of nodion-tui, or damaged")
    if version > SCHEMA_VERSION:
        raise ArchiveFault(f"{display_path(path)}: written by a newer version of nodion-tui")


def _create(path: Path) -> None:
    """Make the file with its mark and tables, unless another program does at this moment."""
    for suffix in _SIDE_FILES:
        side_file = path.with_name(f"{path.name}{suffix}")
        # That of another program, which makes the archive at this moment, has the file beside it.
        if os.path.lexists(side_file) and not os.path.lexists(path):
            raise ForeignFile(side_file, "a file that SQLite would overwrite")
    with contextlib.suppress(FileExistsError):
        create_private_file(path, (_empty_archive(),))


def _empty_archive() -> bytes:
    """The content of a file without logs.

    SQLite writes the first page before the mark, and a file without a mark is not ours: so this
    happens in a folder of its own. `Connection.serialize` was weighed: not every Python has it.
    """
    with tempfile.TemporaryDirectory(prefix="nodion-tui-") as folder:
        path = Path(folder, FILE_NAME)
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as db:
            _create_tables(db)
        return path.read_bytes()


def _connect(path: Path, *, writes: bool) -> sqlite3.Connection:
    # Also to read: with `mode=ro`, SQLite fails at the moment when another program, the last one
    # to close the file, removes its side files.
    mode = "mode=ro&immutable=1" if not writes and _cannot_change(path) else "mode=rw"
    uri = f"{path.absolute().as_uri()}?{mode}"
    db = sqlite3.connect(
        uri, uri=True, timeout=LOCK_SECONDS, isolation_level=None, check_same_thread=False
    )
    try:
        # SQLite's own memory stays small, and what is read again comes from the system's cache.
        db.execute("PRAGMA cache_size = -1024")
        if not writes:
            db.execute("PRAGMA query_only = 1")
    except BaseException:
        db.close()
        raise
    return db


def _cannot_change(path: Path) -> bool:
    """Whether the file is in a folder that is not writable, where SQLite can make no side files.

    The file is ours alone, so nobody else changes it either. One that was not closed has changes in
    a side file, which would be left out.
    """
    write_ahead_log = path.with_name(f"{path.name}-wal")
    return not os.access(path.parent, os.W_OK) and not write_ahead_log.exists()


def _prepare(db: sqlite3.Connection) -> None:
    """Set how the file is written, and create the tables if it is empty."""
    if not db.execute("PRAGMA user_version").fetchone()[0]:
        _create_tables(db)
    if db.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        # Where two programs make the file at once, one finds it locked: the other one sets it.
        with contextlib.suppress(sqlite3.OperationalError):
            db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = NORMAL")
    db.execute("PRAGMA journal_size_limit = 4194304")


def _create_tables(db: sqlite3.Connection) -> None:
    """Set the mark and create the tables, unless another program just has."""
    # Space of logs that are gone is given back to the file system. This writes the first page.
    db.execute("PRAGMA auto_vacuum = INCREMENTAL")
    with transaction(db):
        if not db.execute("PRAGMA user_version").fetchone()[0]:
            db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            for statement in _SCHEMA:
                db.execute(statement)


def _reason(error: sqlite3.Error) -> str:
    code = getattr(error, "sqlite_errorcode", None)
    if code is None and not isinstance(error, sqlite3.ProgrammingError):
        return _DAMAGED  # a value that is not of its column's type or encoding
    match (code or 0) & 0xFF:
        case sqlite3.SQLITE_FULL:
            return "the disk is full"
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return "locked by another program"
        # An error in a statement of ours: the damage is in the names of tables or columns.
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_ERROR:
            return _DAMAGED
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_PERM:
            return "it cannot be written"
        case _:
            return str(error)
