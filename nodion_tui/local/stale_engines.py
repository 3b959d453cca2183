"""Clears what temporary engines that were killed left behind.

A folder is cleared only if its mark says that it is temporary and names this very folder, it is
this user's, and its lock is free: then its engine has died. Everything else in the folder for
temporary files is left alone, whatever it is called.
"""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from nodion_tui.local.execution.executors.process_marks import ProcessMarks
from nodion_tui.local.storage.folder_lock import MARK_FILE, FolderLock
from nodion_tui.local.storage.folder_mark import FolderMark, identity_of, read_mark
from nodion_tui.local.storage.temporary_folder import TEMPORARY_PREFIX, remove_temporary_folder
from nodion_tui.model.errors import ConfigError


def remove_stale_engines() -> None:
    """End the processes of this user's dead temporary engines, and remove their folders."""
    for path in _marked_folders():
        with contextlib.suppress(ConfigError, OSError):
            _remove(path)


def _marked_folders() -> Iterator[Path]:
    """Folders that bear the mark of a temporary engine; nothing is locked for looking."""
    with contextlib.suppress(OSError):
        folder = Path(tempfile.gettempdir())
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if entry.name.startswith(TEMPORARY_PREFIX)]
        yield from (path for name in names if _is_temporary(path := folder / name))


def _is_temporary(path: Path) -> bool:
    with contextlib.suppress(ConfigError, OSError):
        folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            mark = read_mark(MARK_FILE, folder, "nodion-tui data folder")
            return mark.temporary and mark.identity == identity_of(folder)
        finally:
            os.close(folder)
    return False


def _remove(path: Path) -> None:
    """Clear one that no engine holds.

    Raises:
        ConfigError: an engine uses it, or it belongs to someone else.
        OSError: it is gone, or cannot be read.
    """
    lock = FolderLock(path)
    try:
        mark: FolderMark = lock.read_mark()
        if mark.temporary and mark.identity == lock.identity and not lock.writable_by_others:
            ProcessMarks(mark.number).kill_all()
            remove_temporary_folder(lock, mark.number)
    finally:
        lock.release()
