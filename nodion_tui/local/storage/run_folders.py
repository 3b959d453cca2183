"""The folders of runs, in `work/` of a data folder: made exclusively, removed with proof alone.

Beside each folder is a mark file, `RUN.mark`, with the data folder's number and the device and
inode of the run's folder. Only a folder with its own mark is removed, with what its run left in
it. Whatever else somebody puts into `work/` stays, a folder with a run's name included.
"""

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import msgspec

from nodion_tui.local.storage.folder_mark import (
    FolderMark,
    has_identity,
    identity_of,
    read_mark,
    write_new_file,
)
from nodion_tui.model.errors import ConfigError

WORK_FOLDER = "work"
_MARK_SUFFIX = ".mark"
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


class RunFolders:
    """Makes and removes the folders of runs.

    Args:
        path: the data folder.
        folder: the data folder, opened; everything is done through it, so that a folder that
            takes its name meanwhile is not touched.
        number: the data folder's number.
    """

    def __init__(self, path: Path, folder: int, number: int) -> None:
        self._path = path
        self._folder = folder
        self._place = identity_of(folder)
        self._number = number

    def create(self, run_id: str) -> Path:
        """Make an empty folder for a run, 0700.

        Raises:
            OSError: it cannot be made, is there already, or the data folder is elsewhere now.
        """
        if not has_identity(self._path, self._place):
            raise OSError(errno.ESTALE, "the data folder was moved or removed")
        with contextlib.suppress(FileExistsError):
            os.mkdir(WORK_FOLDER, 0o700, dir_fd=self._folder)
        with self._opened() as work:
            os.mkdir(run_id, 0o700, dir_fd=work)
            try:
                self._write_mark(run_id, work)
            except BaseException:
                os.rmdir(run_id, dir_fd=work)
                raise
        return self._path / WORK_FOLDER / run_id

    @contextlib.contextmanager
    def temporary(self, run_id: str) -> Iterator[Path]:
        """A folder for a run, for as long as the block lasts."""
        path = self.create(run_id)
        try:
            yield path
        finally:
            self.remove(run_id)

    def remove(self, run_id: str) -> None:
        """Remove a run's folder and its mark, where there are both; never raises."""
        with contextlib.suppress(OSError, ConfigError), self._opened() as work:
            self._remove(run_id, work)

    def remove_all(self) -> None:
        """Remove what an engine that died left of its runs' folders; never raises."""
        with contextlib.suppress(OSError), self._opened() as work:
            for name in os.listdir(work):  # noqa: PTH208  # of what is open
                if name.endswith(_MARK_SUFFIX):
                    with contextlib.suppress(OSError, ConfigError):
                        self._remove(name.removesuffix(_MARK_SUFFIX), work)

    @contextlib.contextmanager
    def _opened(self) -> Iterator[int]:
        work = os.open(WORK_FOLDER, _FOLDER, dir_fd=self._folder)
        try:
            yield work
        finally:
            os.close(work)

    def _write_mark(self, run_id: str, work: int) -> None:
        status = os.stat(run_id, dir_fd=work, follow_symlinks=False)
        mark = FolderMark(
            kind="nodion-tui run folder",
            number=self._number,
            device=status.st_dev,
            inode=status.st_ino,
        )
        write_new_file(f"{run_id}{_MARK_SUFFIX}", work, msgspec.json.encode(mark))

    def _remove(self, run_id: str, work: int) -> None:
        mark = read_mark(f"{run_id}{_MARK_SUFFIX}", work, "nodion-tui run folder")
        if mark.number != self._number:
            return
        if has_identity(run_id, mark.identity, parent=work):
            remove_tree(run_id, work)
        if not has_identity(run_id, mark.identity, parent=work):  # else the next start tries again
            os.unlink(f"{run_id}{_MARK_SUFFIX}", dir_fd=work)


def check_work_folder(path: Path, folder: int) -> None:
    """See whether there can be folders of runs in a data folder that is open.

    Raises:
        ConfigError: `work` is there and is no folder of this user's.
    """
    with contextlib.suppress(FileNotFoundError):
        status = os.stat(WORK_FOLDER, dir_fd=folder, follow_symlinks=False)
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid():
            problem = "not a folder of this user's, and the engine needs the name"
            raise ConfigError(f"{path / WORK_FOLDER}: {problem}; move it away")


def remove_tree(name: str, parent: int) -> None:
    """Remove a folder and what is in it, as far as that can be done.

    Follows no symbolic link and enters no other file system, so that what a job mounted stays.
    `shutil.rmtree` would enter it.
    """
    with contextlib.suppress(OSError, RecursionError):
        _empty(name, parent, os.stat(name, dir_fd=parent, follow_symlinks=False).st_dev)
        os.rmdir(name, dir_fd=parent)


def _empty(name: str, parent: int, device: int) -> None:
    folder = os.open(name, _FOLDER, dir_fd=parent)
    try:
        if os.fstat(folder).st_dev != device:
            return
        with os.scandir(folder) as entries:
            found = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
        for inner, is_folder in found:
            with contextlib.suppress(OSError):
                if is_folder:
                    _empty(inner, folder, device)
                    os.rmdir(inner, dir_fd=folder)
                else:
                    os.unlink(inner, dir_fd=folder)
    finally:
        os.close(folder)
