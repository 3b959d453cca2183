"""Says in words why the database cannot be used, and tells when that begins and when it is over."""

import asyncio
import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

QUIET_SECONDS = 3.0
"""How long writing must have worked until the fault is over: a disk that is nearly full is full
again and again, which is one fault and not many."""

_REASONS = {
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_BUSY: "another program has locked the database",
    sqlite3.SQLITE_LOCKED: "another program has locked the database",
    sqlite3.SQLITE_READONLY: "the database or its folder is read-only",
    sqlite3.SQLITE_PERM: "the database or its folder is not accessible",
    sqlite3.SQLITE_CANTOPEN: "the database or its folder is not accessible",
    sqlite3.SQLITE_IOERR: "the disk reports an error",
    sqlite3.SQLITE_CORRUPT: "the database is damaged",
    sqlite3.SQLITE_NOTADB: "the database is damaged: not a database any more",
}
_PRIMARY_CODE = 0xFF
_SIDE_FILE_BYTES = 32_768
"""Size of the smallest index of the log (-shm)."""


class StoreUnavailable(Exception):
    """The database cannot be read or written; the message is for clients and has no path."""


class DatabaseRemoved(OSError):
    """The file that is open has no name any more: what is written to it is lost."""

    def __init__(self) -> None:
        super().__init__("the database was removed while in use")


def is_locked(error: Exception) -> bool:
    """Whether the cause is another program that has locked the database."""
    return _code(error) in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def reason_of(error: Exception) -> str:
    """Say why a statement failed, as part of a sentence and without any path."""
    if isinstance(error, DatabaseRemoved):
        return str(error)
    if isinstance(error, OSError):
        return f"the disk reports an error ({error.strerror})"
    if isinstance(error, sqlite3.Error):
        return _REASONS.get(_code(error), f"the database is damaged ({error})")
    return "the database is damaged: a row has a value that the engine never writes"


def advice(path: Path) -> str:
    """What a user can do about a damaged database."""
    return (
        f"verify it with: nodion-tui serve --check {path.parent}; then restore a backup, or move"
        " it away to start with a new one"
    )


def start_problem(path: Path, error: Exception) -> str:
    """Say why a start failed and what a user can do about it."""
    # SQLite has no code of its own for a full disk where it makes a side file.
    if _is_full(path.parent) and _code(error) in {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL}:
        return "the disk is full; make room and start again"
    return f"{reason_of(error)}; {_start_advice(path, error)}"


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < _SIDE_FILE_BYTES
    except OSError:
        return False


def _start_advice(path: Path, error: Exception) -> str:
    """What a user can do about an error that prevents the start."""
    match _code(error) if isinstance(error, sqlite3.Error) else None:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return "end that program and start again"
        case sqlite3.SQLITE_FULL:
            return "make room and start again"
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_CANTOPEN | None:
            return "make it readable and writable, or choose another folder with --data"
        case _:
            return advice(path)


def _code(error: Exception) -> int:
    # Python itself raises errors without a code, such as for text that is not UTF-8.
    return (getattr(error, "sqlite_errorcode", None) or sqlite3.SQLITE_ERROR) & _PRIMARY_CODE


class OpenFile:
    """The file that SQLite has open, which others may move or remove meanwhile.

    To be opened before any connection and closed after the last: closing a descriptor of a file
    also ends SQLite's locks of it (POSIX).
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)

    def close(self) -> None:
        """Close the descriptor."""
        os.close(self._descriptor)

    def check(self) -> None:
        """Raise `DatabaseRemoved` if the file was removed, or another took its name."""
        if not os.fstat(self._descriptor).st_nlink:
            raise DatabaseRemoved

    @property
    def is_moved(self) -> bool:
        """Whether the file has another name now; SQLite still writes to it."""
        try:
            return not os.path.samestat(os.fstat(self._descriptor), self._path.lstat())
        except OSError:
            return True


class StoreHealth:
    """What the engine knows of its database's state; used in the event loop's thread only.

    Args:
        path: the database.
        notice: receives one message when a fault begins and one when it is over.
    """

    def __init__(self, path: Path, notice: Callable[[str], None]) -> None:
        self._path = path
        self._notice = notice
        self._recovery: asyncio.TimerHandle | None = None
        self._told: set[str] = set()
        self.fault: str | None = None
        """Why nothing can be saved at present."""
        self.failing = asyncio.Event()
        """Set while nothing can be saved."""

    def write_failed(self, reason: str) -> None:
        """A commit failed; further failures for the same reason are part of the same fault."""
        self.close()
        self.failing.set()
        if reason != self.fault:
            self.fault = reason
            self._notice(
                f"{self._path}: {reason}; nothing can be saved: output of running jobs is held"
                " back, new runs are refused, and runs can be stopped"
            )

    def wrote(self) -> None:
        """A commit succeeded."""
        if self.fault is not None and self._recovery is None:
            loop = asyncio.get_running_loop()
            self._recovery = loop.call_later(QUIET_SECONDS, self._recovered)

    def read_failed(self, reason: str) -> None:
        """A query failed; each reason is told once."""
        if reason not in self._told:
            self._told.add(reason)
            self._notice(f"{self._path}: {reason}; {advice(self._path)}")

    def moved(self) -> None:
        """The database was moved, which is told once."""
        reason = "was moved while in use; runs and logs are saved where it is now"
        if reason not in self._told:
            self._told.add(reason)
            self.notice(reason)

    def discarded(self, count: int) -> None:
        """Changes were given up at the end, because they could still not be saved."""
        self._notice(f"{self._path}: {count:,} changes could not be saved and are lost")

    def notice(self, finding: str) -> None:
        """Tell what was found at the start."""
        self._notice(f"{self._path}: {finding}")

    def close(self) -> None:
        """Forget the recovery that is waited for."""
        if self._recovery is not None:
            self._recovery.cancel()
            self._recovery = None

    def _recovered(self) -> None:
        self._recovery = self.fault = None
        self.failing.clear()
        self._notice(f"{self._path}: can be written again; what was held back has been saved")
