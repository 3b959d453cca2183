"""Tells whether committed changes in a write-ahead log were lost, which SQLite passes over.

SQLite ends its reading of the log at the first page whose checksum is wrong, without an error: for
it that is where a crash interrupted the last write. If a commit of the same log follows, that page
was damaged later. Format: https://www.sqlite.org/fileformat2.html#walformat
"""

import contextlib
import os
import sqlite3
from functools import partial
from pathlib import Path
from typing import NamedTuple

from nodion_tui.config.private_files import create_private_file
from nodion_tui.local.storage.database_file import MAX_COPY_BYTES

MAX_COPIES = 3
"""Copies of damaged logs that are kept beside a database; none is ever removed."""
_CHUNK_BYTES = 1 << 20
_HEADER_BYTES = 32
_FRAME_HEADER_BYTES = 24
_MAX_PAGE_BYTES = 65_536


class WriteAheadLog(NamedTuple):
    """State of a log before its database is opened, which changes it."""

    exists: bool
    commit_frames: tuple[int, ...] = ()
    """Numbers of the pages, from 1, that end a transaction of this log."""

    @classmethod
    def read(cls, database: Path) -> "WriteAheadLog":
        """Read the log beside a database; a missing or unreadable one has no pages."""
        path = database.with_name(f"{database.name}-wal")
        with contextlib.suppress(OSError), path.open("rb") as file:
            header = file.read(_HEADER_BYTES)
            salt, page_bytes = header[16:24], int.from_bytes(header[8:12])
            if len(header) == _HEADER_BYTES and 0 < page_bytes <= _MAX_PAGE_BYTES:
                return cls(
                    exists=True,
                    commit_frames=tuple(_commit_frames(file.fileno(), salt, page_bytes)),
                )
            return cls(exists=True, commit_frames=(1,) if header else ())
        return cls(exists=path.exists())

    def lost_commits(self, database: sqlite3.Connection) -> int:
        """Return how many of its transactions the opened database does not have."""
        valid_frames = max(database.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()[1], 0)
        return sum(frame > valid_frames for frame in self.commit_frames)


def keep_copy(database: Path) -> str:
    """Copy the log beside a database, from which its lost changes may be saved; says where.

    Of a log that is too large, or if there are `MAX_COPIES` already, it says that there is none.
    """
    log = database.with_name(f"{database.name}-wal")
    names = (f"{log.name}.damaged-{number}" for number in range(1, MAX_COPIES + 1))
    copies = [copy for name in names if not os.path.lexists(copy := log.with_name(name))]
    if not copies:
        return f"no copy of it was made: there are {MAX_COPIES} already ({log.name}.damaged-…)"
    try:
        if log.stat().st_size > MAX_COPY_BYTES:
            return f"no copy of it was made: it is larger than {MAX_COPY_BYTES >> 20} MiB"
        with log.open("rb") as source:
            create_private_file(copies[0], iter(partial(source.read, _CHUNK_BYTES), b""))
    except OSError as error:
        return f"no copy of it could be made: {error.strerror or error}"
    return f"a copy of it is {copies[0].name}"


def _commit_frames(descriptor: int, salt: bytes, page_bytes: int) -> list[int]:
    frame_bytes = _FRAME_HEADER_BYTES + page_bytes
    count = (os.fstat(descriptor).st_size - _HEADER_BYTES) // frame_bytes
    commits = []
    for index in range(count):
        offset = _HEADER_BYTES + index * frame_bytes
        header = os.pread(descriptor, _FRAME_HEADER_BYTES, offset)
        # Pages of an older log, which the current one has not overwritten yet, have another salt.
        # If none has the salt of the header, the header is damaged.
        if header[4:8] != b"\0\0\0\0" and header[8:16] == salt:
            commits.append(index + 1)
    return commits or ([1] if count else [])
