"""Tells whether a file is a database of the engine, without changing or creating any file."""

import contextlib
import os
import shutil
import sqlite3
import stat
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Literal

from nodion_tui.local.storage import migrations
from nodion_tui.local.storage.folder_mark import read_own_file

DATABASE_NAME = "engine.sqlite3"
SIDE_FILES = (f"{DATABASE_NAME}-wal", f"{DATABASE_NAME}-shm", f"{DATABASE_NAME}-journal")
"""Files that SQLite keeps beside an open database, or leaves after a crash."""
_HEADER = b"SQLite format 3\0"
MAX_COPY_BYTES = 128 << 20
_MAGIC = {
    "-wal": (b"\x37\x7f\x06\x82", b"\x37\x7f\x06\x83"),
    "-shm": ((3_007_000).to_bytes(4, sys.byteorder),),
    "-journal": (b"\xd9\xd5\x05\xf9",),
}

DatabaseKind = Literal["missing", "empty", "ours", "newer", "foreign"]


def database_kind(path: Path) -> DatabaseKind:
    """Classify a file by its checkpointed content.

    `empty`: a database without tables, or an empty file.
    """
    try:
        status = path.lstat()
    except FileNotFoundError:
        return "missing"
    except OSError:
        return "foreign"
    if not stat.S_ISREG(status.st_mode) or status.st_uid != os.geteuid():
        return "foreign"
    if not status.st_size:
        return "empty"
    with contextlib.suppress(OSError, sqlite3.Error):
        if _has_sqlite_header(path):
            with contextlib.closing(_open(path)) as db:
                return _classify(db)
    return "foreign"


def database_kind_with_wal(path: Path) -> DatabaseKind:
    """Classify a file including the write-ahead log of a killed engine, read from a copy.

    Raises:
        OSError: the copy cannot be made.
    """
    kind = database_kind(path)
    wal = path.with_name(f"{path.name}-wal")
    if kind != "empty" or not wal.is_file() or wal.is_symlink():
        return kind
    if path.stat().st_size + wal.stat().st_size > MAX_COPY_BYTES:
        return kind
    with tempfile.TemporaryDirectory(prefix="nodion-look-") as folder:
        copy = Path(folder, DATABASE_NAME)
        shutil.copyfile(path, copy)
        shutil.copyfile(wal, copy.with_name(f"{DATABASE_NAME}-wal"))
        with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(copy)) as db:
            return _classify(db)
    return "foreign"


def foreign_file(folder_fd: int, kind: DatabaseKind) -> str | None:
    """Return the name of a file that SQLite would overwrite and that is not the engine's.

    Args:
        folder_fd: descriptor of the data folder.
        kind: kind of its database; if missing, all side files are foreign.
    """
    if kind == "foreign":
        return DATABASE_NAME
    for name in SIDE_FILES:
        try:
            start = read_own_file(name, folder_fd, 4)
        except FileNotFoundError:
            continue
        except (OSError, ValueError):
            return name
        if start and (kind == "missing" or not is_side_file(name, start)):
            return name
    return None


def is_side_file(name: str, start: bytes) -> bool:
    """Whether a file starts like the side file of an SQLite database with that name."""
    # Only zeros: made on a full disk, or by an engine that was killed before it wrote more.
    return not start[:4].strip(b"\0") or start[:4] in _MAGIC.get(
        name.removeprefix(DATABASE_NAME), ()
    )


def _has_sqlite_header(path: Path) -> bool:
    """Check the header: SQLite would treat and overwrite a file shorter than a page as empty."""
    with path.open("rb") as file:
        return file.read(len(_HEADER)) == _HEADER


def _open(path: Path) -> sqlite3.Connection:
    # `immutable`: no lock, no side files.
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


def _classify(db: sqlite3.Connection) -> DatabaseKind:
    version = migrations.schema_version(db)
    columns = _columns(db)
    if not version:
        return "foreign" if columns else "empty"
    expected = _expected_columns(version)
    if version > migrations.SCHEMA_VERSION and expected.keys() <= columns.keys():
        return "newer"
    # Versions before the mark file kept the folder's number in the table `meta`.
    columns.pop("meta", None)
    return "ours" if version <= migrations.SCHEMA_VERSION and columns == expected else "foreign"


@cache
def _expected_columns(version: int) -> dict[str, tuple[str, ...]]:
    """Return the columns of a version's tables; of the newest known one for a newer version."""
    with contextlib.closing(sqlite3.connect(":memory:", isolation_level=None)) as db:
        migrations.migrate(db, min(version, migrations.SCHEMA_VERSION))
        return _columns(db)


def _columns(db: sqlite3.Connection) -> dict[str, tuple[str, ...]]:
    rows = db.execute(
        "SELECT m.name, c.name FROM sqlite_master AS m JOIN pragma_table_info(m.name) AS c"
        " WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid"
    ).fetchall()
    return {table: tuple(column for name, column in rows if name == table) for table, _ in rows}
