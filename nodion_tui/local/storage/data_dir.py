"""Data folder of an engine: ownership, content, and what may be removed from it.

A folder is accepted as data folder if it is missing (it is created with 0700), empty, or has the
engine's mark. Any other folder is refused and left unchanged: nothing in it is written, removed or
made private. An existing folder keeps its permissions.

The engine creates in it: the mark, the key, the database with SQLite's side files, and `work/` with
the folders of active runs. The engine that dashboards share adds a file with its address, and
removes it (`running_engine`). Otherwise an engine removes only:

- the folder of a run, if the mark beside it was made for this very folder (`run_folders`);
- from a temporary folder all of the above, if the content shows that it is the engine's, and then
  the folder, if it is empty by then (`temporary_folder`).

Files of others in it always stay. A copy of a data folder gets a new number, so that its engine
neither ends nor removes anything of the original.
"""

import asyncio
import contextlib
import os
import shlex
import sqlite3
import stat
import tempfile
from collections.abc import Callable
from enum import Enum
from pathlib import Path

from nodion_tui.config import Secret, file_lock
from nodion_tui.config.private_files import make_private_folder
from nodion_tui.local.storage import database_file
from nodion_tui.local.storage.engine_key import KEY_FILE, make_key, read_key
from nodion_tui.local.storage.folder_lock import MARK_FILE, FolderLock
from nodion_tui.local.storage.folder_mark import new_folder_number
from nodion_tui.local.storage.run_folders import WORK_FOLDER, RunFolders, check_work_folder
from nodion_tui.local.storage.start_check import inspect_at_start
from nodion_tui.local.storage.store import EngineStore
from nodion_tui.local.storage.store_faults import advice, start_problem
from nodion_tui.local.storage.temporary_folder import TEMPORARY_PREFIX, remove_temporary_folder
from nodion_tui.model.errors import ConfigError

FRESH_SECONDS = 3600.0
"""Cleaners remove what is days old."""
_LEGACY_LOCK = "lock"
_LEGACY_FILES = frozenset(
    {database_file.DATABASE_NAME, *database_file.SIDE_FILES, KEY_FILE, _LEGACY_LOCK}
)
_LEGACY_FOLDERS = frozenset({WORK_FOLDER, "demo"})
"""All that versions without a mark file put into a data folder."""


class FolderOrigin(Enum):
    """State of the folder before this engine opened it."""

    NEW = "new"
    """Missing or empty."""
    SAME = "same"
    """A data folder with the data of a previous engine."""
    COPY = "copy"
    """A copy of a data folder or of its database: jobs of the original's engine are not ours.

    Includes a folder whose file system got another device number, as some do when they are
    remounted: the two cases are indistinguishable."""
    UNMARKED = "unmarked"
    """A data folder without a mark: jobs of previous engines cannot be found."""


class DataDir:
    """A data folder, locked while an engine uses it."""

    def __init__(self, path: Path | None) -> None:
        """Open the folder, or create a temporary one.

        Raises:
            ConfigError: it cannot be used as data folder, or another engine uses it.
        """
        self._temporary = path is None
        self._legacy_lock_fd = -1
        try:
            if path is None:
                # 0700; until it is marked, no engine removes it.
                self.path = Path(tempfile.mkdtemp(prefix=TEMPORARY_PREFIX))
            else:
                self.path = path.absolute()
                if not os.path.lexists(self.path):
                    make_private_folder(self.path)
            self._lock = FolderLock(self.path)
        except OSError as error:
            raise ConfigError(f"{path or 'temporary folder'}: {error.strerror}") from None
        try:
            self.origin = classify_folder(self._lock)
            self.folder_number = self._choose_folder_number()
            self._claimed = self.origin is FolderOrigin.SAME
            if self.origin is FolderOrigin.NEW:
                self.claim()
        except BaseException as error:
            self._release()
            if isinstance(error, OSError):
                raise ConfigError(f"{self.path}: {error.strerror}") from None
            raise
        self.run_folders = RunFolders(self.path, self._lock.folder_fd, self.folder_number)

    @property
    def database(self) -> Path:
        """Path of the SQLite file."""
        return self.path / database_file.DATABASE_NAME

    @property
    def key_file(self) -> Path:
        """Path of the key file, 0600."""
        return self.path / KEY_FILE

    def open_store(self, notice: Callable[[str], None] | None = None) -> EngineStore:
        """Open the database; creates it at first start.

        Args:
            notice: receives what was lost since the folder was last used, and later faults.

        Raises:
            ConfigError: it cannot be used, or belongs to another program.
        """
        try:
            kind = database_file.database_kind(self.database)
            if name := database_file.foreign_file(self._lock.folder_fd, kind):
                problem = "damaged, or not a database of the engine, but has its name"
                raise ConfigError(f"{self.path / name}: {problem}; {advice(self.database)}")
            if kind == "missing":
                # SQLite would make it readable by others; its side files get the same mode.
                self.database.touch(mode=0o600, exist_ok=False)
            findings = inspect_at_start(self.database)
            store = EngineStore(self.database, notice)
        except (sqlite3.Error, OSError) as error:
            problem = start_problem(self.database, error)
            raise ConfigError(f"{self.database}: {problem}") from None
        except ValueError as error:
            raise ConfigError(f"{self.database}: {error}") from None
        is_new = kind in {"missing", "empty"}
        if is_new and self.origin is not FolderOrigin.NEW:
            findings.append(f"{kind}: its runs and logs are lost; started with a new database")
        for finding in findings:
            store.health.notice(finding)
        if (
            self.origin is FolderOrigin.SAME
            and not is_new
            and store.folder_number != self.folder_number
        ):
            self.origin = FolderOrigin.COPY  # only the database was copied
        return store

    def key(self) -> Secret:
        """Return the key of this folder; creates it at the first call.

        Raises:
            ConfigError: the file is not private, contains no key, or cannot be written.
        """
        if not os.path.lexists(self.key_file):
            make_key(self.key_file)
        return read_key(self.key_file)

    def claim(self) -> None:
        """Mark the folder as this engine's; required before any job is started.

        Runs that are active in the database of a copy must be ended before: the next engine
        assumes that it may end all jobs of this folder.

        Raises:
            ConfigError: the mark cannot be written.
        """
        if self._claimed:
            return
        try:
            replace = self.origin is FolderOrigin.COPY
            self._lock.write_mark(self.folder_number, temporary=self._temporary, replace=replace)
        except OSError as error:
            raise ConfigError(f"{self.path}: {error.strerror}") from None
        self._claimed = True

    async def keep_fresh(self) -> None:
        """Renew the times of a temporary folder's files until cancelled.

        systemd-tmpfiles passes over a locked folder; other cleaners of old files go by their times.
        The runtime folder (XDG_RUNTIME_DIR) was weighed: it is memory, and ends with the session.
        """
        names = (MARK_FILE, KEY_FILE, database_file.DATABASE_NAME, *database_file.SIDE_FILES)
        while self._temporary:
            for name in (*names, "."):
                with contextlib.suppress(OSError):
                    os.utime(name, dir_fd=self._lock.folder_fd, follow_symlinks=False)
            await asyncio.sleep(FRESH_SECONDS)

    def close(self) -> None:
        """Unlock the folder; a temporary one is removed first."""
        if self._temporary and self._lock.folder_fd >= 0:
            remove_temporary_folder(self._lock, self.folder_number)
        self._release()

    def _release(self) -> None:
        self._lock.release()
        if self._legacy_lock_fd >= 0:
            os.close(self._legacy_lock_fd)
            self._legacy_lock_fd = -1

    def _choose_folder_number(self) -> int:
        """Return the number that labels processes and containers: the mark's, or a new one.

        Raises:
            ConfigError: an engine of an older version uses the folder.
            OSError: the mark cannot be written.
        """
        if self.origin is FolderOrigin.UNMARKED:
            self._legacy_lock_fd = _lock_legacy_file(self._lock)
        if self.origin is not FolderOrigin.SAME:
            return new_folder_number()
        mark = self._lock.read_mark()
        if mark.temporary:  # a user who names the folder wants to keep it
            self._lock.write_mark(mark.number, temporary=False, replace=True)
        return mark.number


def check_data_folder(path: Path) -> None:
    """Check whether a folder can be opened as a data folder, without changing anything.

    Raises:
        FolderInUse: another engine uses it.
        ConfigError: as `DataDir` would raise.
    """
    try:
        lock = FolderLock(path.absolute())
    except FileNotFoundError:
        return
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from None
    try:
        classify_folder(lock)
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from None
    finally:
        lock.release()


def classify_folder(lock: FolderLock) -> FolderOrigin:
    """Determine the origin of a locked folder.

    Raises:
        ConfigError: it is neither empty nor a data folder, or cannot be used as one.
        OSError: it cannot be read.
    """
    names = frozenset(os.listdir(lock.folder_fd))  # noqa: PTH208  # by descriptor
    if MARK_FILE in names:
        origin = (
            FolderOrigin.SAME if lock.read_mark().identity == lock.identity else FolderOrigin.COPY
        )
    elif not names:
        origin = FolderOrigin.NEW
    elif _is_legacy_folder(lock, names):
        origin = FolderOrigin.UNMARKED
    else:
        problem = "not empty and not a nodion-tui data folder; choose an empty or new folder"
        raise ConfigError(f"{lock.path}: {problem}")
    if lock.writable_by_others:
        command = f"chmod 700 {shlex.quote(str(lock.path))}"
        problem = "other users can write to it; choose a new folder or make this one private"
        raise ConfigError(f"{lock.path}: {problem}: {command}")
    check_work_folder(lock.path, lock.folder_fd)
    return origin


def _is_legacy_folder(lock: FolderLock, names: frozenset[str]) -> bool:
    """Whether it is a data folder of a version without a mark file and contains nothing else."""
    if database_file.DATABASE_NAME not in names or not names <= _LEGACY_FILES | _LEGACY_FOLDERS:
        return False
    for name in names:
        status = os.stat(name, dir_fd=lock.folder_fd, follow_symlinks=False)
        has_expected_type = stat.S_ISDIR if name in _LEGACY_FOLDERS else stat.S_ISREG
        if not has_expected_type(status.st_mode) or status.st_uid != os.geteuid():
            return False
    return database_file.database_kind_with_wal(lock.path / database_file.DATABASE_NAME) == "ours"


def _lock_legacy_file(lock: FolderLock) -> int:
    """Lock the lock file of older versions and return its descriptor; -1 if there is none.

    Raises:
        ConfigError: an engine of such a version is running.
    """
    with contextlib.suppress(FileNotFoundError):
        flags = os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK
        descriptor = os.open(_LEGACY_LOCK, flags, dir_fd=lock.folder_fd)
        try:
            file_lock.lock(descriptor)
        except OSError:
            os.close(descriptor)
            raise ConfigError(f"{lock.path}: another engine uses this folder") from None
        return descriptor
    return -1
