"""Folders of runs in `work/` of a data folder; only marked folders are ever removed.

Beside each folder is a mark file, `RUN.mark`, with the data folder's number and the device and
inode of the run's folder. Only a folder with a matching mark is removed, with all its content.
Everything else in `work/` stays, including an unmarked folder with a run's name.
"""

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import msgspec

from nodion_tui.config.private_files import new_private_file, write_all
from nodion_tui.local.storage.folder_mark import (
    FolderMark,
    has_identity,
    identity_of,
    read_mark,
)
from nodion_tui.model.errors import ConfigError

WORK_FOLDER = "work"
_MARK_SUFFIX = ".mark"
_OPEN_FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


class RunFolders:
    """Creates and removes the folders of runs.

    Args:
        path: the data folder.
        folder_fd: descriptor of the data folder; all operations are relative to it, so that a
            folder that replaces it under its name is not touched.
        folder_number: the data folder's number.
    """

    def __init__(self, path: Path, folder_fd: int, folder_number: int) -> None:
        self._path = path
        self._folder_fd = folder_fd
        self._identity = identity_of(folder_fd)
        self._folder_number = folder_number

    def create(self, run_id: str) -> Path:
        """Create an empty folder for a run, 0700.

        Raises:
            OSError: it cannot be created, already exists, or the data folder was moved.
        """
        if not has_identity(self._path, self._identity):
            raise OSError(errno.ESTALE, "the data folder was moved or removed")
        with contextlib.suppress(FileExistsError):
            os.mkdir(WORK_FOLDER, 0o700, dir_fd=self._folder_fd)
        with self._open_work_folder() as work_fd:
            os.mkdir(run_id, 0o700, dir_fd=work_fd)
            try:
                self._write_mark(run_id, work_fd)
            except BaseException:
                os.rmdir(run_id, dir_fd=work_fd)
                raise
        return self._path / WORK_FOLDER / run_id

    @contextlib.contextmanager
    def temporary(self, run_id: str) -> Iterator[Path]:
        """Provide a folder for a run, removed at the end of the block."""
        path = self.create(run_id)
        try:
            yield path
        finally:
            self.remove(run_id)

    def remove(self, run_id: str) -> None:
        """Remove a run's folder and its mark, if both exist; never raises."""
        with contextlib.suppress(OSError, ConfigError), self._open_work_folder() as work_fd:
            self._remove(run_id, work_fd)

    def remove_all(self) -> None:
        """Remove the run folders that a crashed engine left; never raises."""
        with contextlib.suppress(OSError), self._open_work_folder() as work_fd:
            for name in os.listdir(work_fd):  # noqa: PTH208  # by descriptor
                if name.endswith(_MARK_SUFFIX):
                    with contextlib.suppress(OSError, ConfigError):
                        self._remove(name.removesuffix(_MARK_SUFFIX), work_fd)

    @contextlib.contextmanager
    def _open_work_folder(self) -> Iterator[int]:
        work_fd = os.open(WORK_FOLDER, _OPEN_FOLDER_FLAGS, dir_fd=self._folder_fd)
        try:
            yield work_fd
        finally:
            os.close(work_fd)

    def _write_mark(self, run_id: str, work_fd: int) -> None:
        status = os.stat(run_id, dir_fd=work_fd, follow_symlinks=False)
        mark = FolderMark(
            kind="nodion-tui run folder",
            number=self._folder_number,
            device=status.st_dev,
            inode=status.st_ino,
        )
        with new_private_file(f"{run_id}{_MARK_SUFFIX}", work_fd) as descriptor:
            write_all(descriptor, (msgspec.json.encode(mark),), sync=False)

    def _remove(self, run_id: str, work_fd: int) -> None:
        mark = read_mark(f"{run_id}{_MARK_SUFFIX}", work_fd, "nodion-tui run folder")
        if mark.number != self._folder_number:
            return
        if has_identity(run_id, mark.identity, parent_fd=work_fd):
            remove_tree(run_id, work_fd)
        # If the folder is still there, the mark stays and the next start of the engine retries.
        if not has_identity(run_id, mark.identity, parent_fd=work_fd):
            os.unlink(f"{run_id}{_MARK_SUFFIX}", dir_fd=work_fd)


def check_work_folder(path: Path, folder_fd: int) -> None:
    """Check whether an open data folder can contain run folders.

    Raises:
        ConfigError: `work` exists and is not a folder of this user.
    """
    with contextlib.suppress(FileNotFoundError):
        status = os.stat(WORK_FOLDER, dir_fd=folder_fd, follow_symlinks=False)
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid():
            problem = "not a folder of this user, but has a name that the engine needs"
            raise ConfigError(f"{path / WORK_FOLDER}: {problem}; move it away")


def remove_tree(name: str, parent_fd: int) -> None:
    """Remove a folder and its content as far as possible.

    Follows no symbolic links and enters no other file system, so that mounts of a job stay;
    `shutil.rmtree` would enter them.
    """
    with contextlib.suppress(OSError, RecursionError):
        status = os.stat(name, dir_fd=parent_fd, follow_symlinks=False)
        _remove_contents(name, parent_fd, status.st_dev)
        os.rmdir(name, dir_fd=parent_fd)


def _remove_contents(name: str, parent_fd: int, device: int) -> None:
    folder_fd = os.open(name, _OPEN_FOLDER_FLAGS, dir_fd=parent_fd)
    try:
        if os.fstat(folder_fd).st_dev != device:
            return
        with os.scandir(folder_fd) as entries:
            children = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
        for child, is_folder in children:
            with contextlib.suppress(OSError):
                if is_folder:
                    _remove_contents(child, folder_fd, device)
                    os.rmdir(child, dir_fd=folder_fd)
                else:
                    os.unlink(child, dir_fd=folder_fd)
    finally:
        os.close(folder_fd)
