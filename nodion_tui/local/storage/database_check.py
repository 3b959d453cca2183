"""Verifies the database of a data folder without changing anything: `serve --check`."""

import contextlib
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

from nodion_tui.local.storage import database_file, integrity, migrations
from nodion_tui.local.storage.data_dir import classify_folder
from nodion_tui.local.storage.folder_lock import FolderLock
from nodion_tui.local.storage.store_faults import reason_of
from nodion_tui.local.storage.write_ahead_log import WriteAheadLog
from nodion_tui.model.errors import ConfigError

_KINDS = {
    "missing": "there is no database",
    "empty": "it is empty: an engine has lost it, or never started",
    "newer": "it was written by a newer version of nodion-tui",
    "foreign": "damaged, or not a database of the engine",
}


def check_database(folder: Path) -> list[str]:
    """Verify the database of a data folder; returns what is wrong with it.

    Raises:
        ConfigError: it is not a data folder, or an engine uses it.
    """
    path = folder.absolute() / database_file.DATABASE_NAME
    try:
        lock = FolderLock(path.parent)
    except OSError as error:
        raise ConfigError(f"{folder}: {error.strerror}") from None
    try:
        classify_folder(lock)
        kind = database_file.database_kind_with_wal(path)
        if name := database_file.foreign_file(lock.folder_fd, kind):
            return [f"{folder / name}: {_KINDS['foreign']}"]
        problems = [_KINDS[kind]] if kind in _KINDS else _find_problems(path)
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from None
    finally:
        lock.release()
    if problems and kind == "ours":
        problems.append(f"restore a backup, or move {path} away to start with a new one")
    return [f"{path}: {problem}" for problem in problems]


def _find_problems(path: Path) -> list[str]:
    try:
        with _open_unchanged(path) as (db, lost_commits):
            lost = [f"its log (-wal) is damaged: {lost_commits:,} changes are lost"]
            pages = integrity.page_problems(db)
            migrations.migrate(db)
            runs = [problem] if (problem := integrity.run_problem(db)) else []
            return [*(lost if lost_commits else ()), *pages, *runs, *integrity.log_problems(db)]
    except sqlite3.Error as error:
        return [reason_of(error)]


@contextlib.contextmanager
def _open_unchanged(path: Path) -> Iterator[tuple[sqlite3.Connection, int]]:
    """Open a copy of a database, and count the lost transactions of its log.

    SQLite itself would write the log back, and remove it.
    """
    with tempfile.TemporaryDirectory(prefix="nodion-check-") as folder:
        copy = Path(folder, path.name)
        for suffix in ("", "-wal"):
            with contextlib.suppress(FileNotFoundError):
                shutil.copyfile(f"{path}{suffix}", f"{copy}{suffix}")
        log = WriteAheadLog.read(copy)
        with contextlib.closing(sqlite3.connect(copy, isolation_level=None)) as db:
            yield db, log.lost_commits(db)
