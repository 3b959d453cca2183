"""Removes the data folders and processes of temporary engines that were killed.

A folder is removed only if its mark says that it is temporary and identifies this very folder, it
belongs to this user, and its lock is free: then its engine has died. Everything else in the folder
for temporary files is left alone, whatever its name.
"""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from nodion_tui.local.execution.executors.process_marks import ProcessMarks
from nodion_tui.local.storage.folder_lock import MARK_FILE, FolderLock
from nodion_tui.local.storage.folder_mark import identity_of, read_mark
from nodion_tui.local.storage.temporary_folder import TEMPORARY_PREFIX, remove_temporary_folder
from nodion_tui.model.errors import ConfigError


def remove_stale_engines() -> None:
    """Kill the processes of this user's dead temporary engines and remove their folders."""
    for path in _marked_folders():
        with contextlib.suppress(ConfigError, OSError):
            _remove(path)


def _marked_folders() -> Iterator[Path]:
    """Yield folders with the mark of a temporary engine, without locking any."""
    with contextlib.suppress(OSError):
        folder = Path(tempfile.gettempdir())
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if entry.name.startswith(TEMPORARY_PREFIX)]
        yield from (path for name in names if _is_temporary(path := folder / name))


def _is_temporary(path: Path) -> bool:
    with contextlib.suppress(ConfigError, OSError):
        folder_fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            mark = read_mark(MARK_FILE, folder_fd, "nodion-tui data folder")
            return mark.temporary and mark.identity == identity_of(folder_fd)
        finally:
            os.close(folder_fd)
    return False


def _remove(path: Path) -> None:
    """Remove a folder unless an engine has locked it.

    Raises:
        ConfigError: an engine uses the folder, or it belongs to another user.
        OSError: the folder is gone or cannot be read.
    """
    lock = FolderLock(path)
    try:
        mark = lock.read_mark()
        if mark.temporary and mark.identity == lock.identity and not lock.writable_by_others:
            ProcessMarks(mark.number).kill_all()
            remove_temporary_folder(lock, mark.number)
    finally:
        lock.release()
