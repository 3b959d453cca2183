"""Detects files that the program did not write, at paths where it stores its own.

A name proves nothing: the data folder may be a user's project. Only its content shows that the
program wrote a file, and readers check that before they replace or rename it. This module rejects
what a file of the program never is: a link, a folder, a pipe, another user's file.
"""

import errno
import os
import stat
from pathlib import Path

from nodion_tui.config.paths import display_path


class ForeignFile(OSError):
    """The path is taken by something that the program did not write, such as "a symbolic link"."""

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(
            f"{display_path(path)}: {what}; nodion-tui did not write it, so it is left unchanged "
            "and nothing is saved there: move it, or set NODION_TUI_DATA to another folder"
        )


def read_owned_file(path: Path, limit: int) -> bytes:
    """Reads a regular file of the current user; anything else, links too, is not even opened.

    At most `limit` bytes are read.

    Raises:
        FileNotFoundError: the file does not exist.
        ForeignFile: not such a file, or unreadable.
    """
    try:
        _check(path, path.lstat())
        # It may have become a link or a pipe meanwhile: these flags neither follow nor block.
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        with os.fdopen(os.open(path, flags), "rb") as file:
            _check(path, os.fstat(file.fileno()))
            return file.read(limit)
    except (FileNotFoundError, ForeignFile):
        raise
    except OSError as error:
        raise ForeignFile(path, f"it cannot be read ({error.strerror or error})") from None


def open_lock_file(path: Path) -> int:
    """Opens an empty lock file, which is created if missing and never written.

    A non-empty file belongs to the user or is another program's lock. It is not locked, as that
    would block its owner.

    Raises:
        ForeignFile: not an empty file of the current user.
        OSError: it cannot be created.
    """
    flags = os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        return os.open(path, flags | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        _check(path, path.lstat(), empty=True)
    try:
        handle = os.open(path, flags)
    except OSError as error:
        if error.errno == errno.ENOENT:
            raise
        raise ForeignFile(path, f"it cannot be opened ({error.strerror or error})") from None
    try:
        _check(path, os.fstat(handle), empty=True)
    except BaseException:
        os.close(handle)
        raise
    return handle


def _check(path: Path, status: os.stat_result, *, empty: bool = False) -> None:
    if stat.S_ISLNK(status.st_mode):
        raise ForeignFile(path, "a symbolic link")
    if stat.S_ISDIR(status.st_mode):
        raise ForeignFile(path, "a folder")
    if not stat.S_ISREG(status.st_mode):
        raise ForeignFile(path, "not a regular file")
    if status.st_uid != os.geteuid():
        raise ForeignFile(path, "a file owned by another user")
    if empty and status.st_size:
        raise ForeignFile(path, "a non-empty file")
