"""Lock of a data folder that an engine uses.

It is an `flock` on the folder itself, so it needs no file: a cleaner of old temporary files that
removes all content does not affect it (and systemd-tmpfiles skips locked folders). The mark file is
locked too, for file systems that cannot lock folders, and for NFS, where a lock on a folder is not
visible to other machines.
"""

import contextlib
import errno
import os
import stat
from pathlib import Path

import msgspec

from nodion_tui.config.file_lock import lock
from nodion_tui.config.private_files import new_private_file, temporary_name, write_all
from nodion_tui.local.storage.folder_mark import (
    FolderIdentity,
    FolderKind,
    FolderMark,
    has_identity,
    identity_of,
    read_mark,
)
from nodion_tui.model.errors import ConfigError

MARK_FILE = ".nodion-tui-engine"
_CANNOT_LOCK = frozenset(
    {errno.EBADF, errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EINVAL, errno.EISDIR}
)


class FolderInUse(ConfigError):
    """Another engine, or another program, has locked the folder."""


class FolderLock:
    """An open and locked folder, until `release` or the exit of this process.

    Child processes do not inherit the descriptors: a job that outlives its engine does not keep
    the lock.
    """

    def __init__(self, path: Path) -> None:
        """Open and lock a folder of this user; nothing in it is changed.

        Raises:
            FolderInUse: it is already locked.
            ConfigError: it is not a folder of this user.
            OSError: it cannot be opened.
        """
        self.path = path
        _check_folder(path)
        self.folder_fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        self._mark_fd = -1
        try:
            self.identity: FolderIdentity = identity_of(self.folder_fd)
            self._folder_locked = self._flock(self.folder_fd)
            self._lock_mark_file()
            self._check_identity()
        except BaseException:
            self.release()
            raise

    def release(self) -> None:
        """Unlock and close the folder."""
        for descriptor in (self._mark_fd, self.folder_fd):
            if descriptor >= 0:
                os.close(descriptor)
        self._mark_fd = self.folder_fd = -1

    @property
    def writable_by_others(self) -> bool:
        """Whether other users can create and rename files in it."""
        return bool(stat.S_IMODE(os.fstat(self.folder_fd).st_mode) & 0o022)

    def read_mark(self) -> FolderMark:
        """Read the mark of this data folder.

        Raises:
            FileNotFoundError: it has no mark.
            ConfigError: the file is not a valid mark.
        """
        try:
            return read_mark(MARK_FILE, self.folder_fd, "nodion-tui data folder")
        except ConfigError as error:
            raise ConfigError(f"{self.path}: {error.detail}; choose another folder") from None

    def write_mark(self, number: int, *, temporary: bool, replace: bool) -> None:
        """Write the mark for this folder: a new file, or an atomic replacement of the old one.

        Raises:
            OSError: it cannot be written, or exists and `replace` is not set.
            ConfigError: another engine has locked it.
        """
        device, inode = self.identity
        kind: FolderKind = "nodion-tui data folder"
        mark = FolderMark(kind=kind, number=number, device=device, inode=inode, temporary=temporary)
        name = temporary_name(MARK_FILE) if replace else MARK_FILE
        with new_private_file(name, self.folder_fd) as descriptor:
            self._lock_mark_fd(descriptor)
            write_all(descriptor, (msgspec.json.encode(mark), b"\n"))
            if replace:
                os.rename(name, MARK_FILE, src_dir_fd=self.folder_fd, dst_dir_fd=self.folder_fd)
            mark_fd = os.dup(descriptor)  # which shares the lock
        if self._mark_fd >= 0:
            os.close(self._mark_fd)
        self._mark_fd = mark_fd

    def _check_identity(self) -> None:
        """Raise unless the path still leads to the opened and locked folder."""
        if (
            not has_identity(self.path, self.identity)
            or os.fstat(self.folder_fd).st_uid != os.geteuid()
        ):
            raise ConfigError(f"{self.path}: the folder was replaced meanwhile; try again")

    def _lock_mark_file(self) -> None:
        flags = os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK
        try:
            self._mark_fd = os.open(MARK_FILE, flags, dir_fd=self.folder_fd)
        except OSError:
            # No mark yet: it is locked on creation, which only one engine can do. Or it is
            # something else, which is reported when the mark is read.
            return
        self._lock_mark_fd(self._mark_fd)
        current = os.stat(MARK_FILE, dir_fd=self.folder_fd, follow_symlinks=False)
        if (current.st_dev, current.st_ino) != tuple(identity_of(self._mark_fd)):
            raise self._busy_error()

    def _lock_mark_fd(self, descriptor: int) -> None:
        """Lock a mark file; a lock on either the folder or the mark file is enough."""
        if not self._flock(descriptor) and not self._folder_locked:
            raise ConfigError(f"{self.path}: its file system does not support locks (flock)")

    def _flock(self, descriptor: int) -> bool:
        """Lock a file or folder; False if its file system does not support that."""
        try:
            lock(descriptor)
        except BlockingIOError:
            raise self._busy_error() from None
        except OSError as error:
            if error.errno in _CANNOT_LOCK:
                return False
            raise
        return True

    def _busy_error(self) -> FolderInUse:
        with contextlib.suppress(OSError, ConfigError):
            self.read_mark()
            return FolderInUse(f"{self.path}: another engine uses this folder")
        return FolderInUse(f"{self.path}: another engine or program has locked this folder")


def _check_folder(path: Path) -> None:
    """Raise unless it is a folder of this user, and not a link to one."""
    status = path.lstat()
    if stat.S_ISLNK(status.st_mode):
        raise ConfigError(f"{path}: not a folder but a symbolic link; use its target")
    if not stat.S_ISDIR(status.st_mode):
        raise ConfigError(f"{path}: not a folder")
    if status.st_uid != os.geteuid():
        raise ConfigError(f"{path}: the folder belongs to another user")
