"""Whose a file is that lies where the program keeps one of its own.

A name proves nothing: the data folder may be a person's project. Only what a file holds tells
that the program wrote it, and whoever reads one looks for that before the file is replaced or
renamed. Here is what no file of the program's ever is: a link, a folder, a pipe, another user's.
"""

import errno
import os
import stat
from pathlib import Path

from nodion_tui.config.paths import display_path


class ForeignFile(OSError):
    """Something of a person's has the name; the message is a sentence for whoever reads it.

    Args:
        path: where it is.
        what: what it is, such as "a symbolic link".
    """

    def __init__(self, path: Path, what: str) -> None:
        super().__init__(
            f"{display_path(path)}: {what}; nodion-tui did not write it, so it stays as it is and "
            "nothing is saved there: move it away, or set NODION_TUI_DATA to another folder"
        )


def read_owned_file(path: Path, limit: int) -> bytes:
    """The first bytes of a regular file of this user's; nothing else is so much as opened.

    Args:
        path: where it is; a link there is not followed.
        limit: so many bytes at most.

    Raises:
        FileNotFoundError: nothing has that name.
        NotOurs: what has it is no such file, or cannot be read.
    """
    try:
        _check(path, path.lstat())
        # It may have become a link or a pipe by now: neither is followed or waited for.
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        with os.fdopen(os.open(path, flags), "rb") as file:
            _check(path, os.fstat(file.fileno()))
            return file.read(limit)
    except (FileNotFoundError, ForeignFile):
        raise
    except OSError as error:
        raise ForeignFile(path, f"it cannot be read ({error.strerror or error})") from None


def open_lock_file(path: Path) -> int:
    """An open, empty file to lock; it is made where there is none, and nothing is ever written.

    A file that holds something is a person's, or another program's lock, and is not locked:
    whoever uses it would have to wait.

    Raises:
        NotOurs: what is there is no empty file of this user's.
        OSError: it cannot be made.
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
        raise ForeignFile(path, "a file of another user's")
    if empty and status.st_size:
        raise ForeignFile(path, "a file that holds something")
