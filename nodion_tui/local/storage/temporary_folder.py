"""Removes temporary data folders.

Only files of the engine are removed: run folders with their marks, the database, the key, the
address and the mark, each only if its content shows that it is the engine's, and `work/` if it is
empty. A file of others stays, and the folder with it; without its mark engines ignore the folder.
"""

import contextlib
import os

from nodion_tui.local.storage import database_file
from nodion_tui.local.storage.address_file import ADDRESS_FILE, parse_address
from nodion_tui.local.storage.engine_key import KEY_FILE, is_key
from nodion_tui.local.storage.folder_lock import MARK_FILE, FolderLock
from nodion_tui.local.storage.folder_mark import has_identity, read_own_file
from nodion_tui.local.storage.run_folders import WORK_FOLDER, RunFolders

TEMPORARY_PREFIX = "nodion-tui-"
"""Prefix of the names. A name proves nothing; only the mark inside does."""
_READ_BYTES = 4096


def remove_temporary_folder(lock: FolderLock, folder_number: int) -> None:
    """Remove a temporary folder that this process has locked; files of others stay."""
    folder_fd = lock.folder_fd
    RunFolders(lock.path, folder_fd, folder_number).remove_all()
    with contextlib.suppress(OSError):
        os.rmdir(WORK_FOLDER, dir_fd=folder_fd)
    _remove_database(lock)
    if is_key(_read_start(folder_fd, KEY_FILE)):
        _unlink(folder_fd, KEY_FILE)
    if parse_address(_read_start(folder_fd, ADDRESS_FILE) or b"") is not None:
        _unlink(folder_fd, ADDRESS_FILE)
    with contextlib.suppress(OSError):
        if lock.read_mark().identity == lock.identity:
            _unlink(folder_fd, MARK_FILE)
    if has_identity(lock.path, lock.identity):
        with contextlib.suppress(OSError):
            lock.path.rmdir()


def _remove_database(lock: FolderLock) -> None:
    with contextlib.suppress(OSError):
        kind = database_file.database_kind_with_wal(lock.path / database_file.DATABASE_NAME)
        if kind not in {"ours", "empty"} or not has_identity(lock.path, lock.identity):
            return
        for name in database_file.SIDE_FILES:
            start = _read_start(lock.folder_fd, name)
            if start is not None and database_file.is_side_file(name, start):
                _unlink(lock.folder_fd, name)
        _unlink(lock.folder_fd, database_file.DATABASE_NAME)


def _read_start(folder_fd: int, name: str) -> bytes | None:
    with contextlib.suppress(OSError, ValueError):
        return read_own_file(name, folder_fd, _READ_BYTES)
    return None


def _unlink(folder_fd: int, name: str) -> None:
    with contextlib.suppress(OSError):
        os.unlink(name, dir_fd=folder_fd)
