"""Mark file of a folder that the engine created: its kind and the folder's identity.

A mark is valid only for the folder whose device and inode it contains. They are compared each time,
so that a copy, a restored backup or a folder that replaced another is not taken for the original.
"""

import os
import secrets
import stat
from typing import Annotated, Literal, NamedTuple

import msgspec

from nodion_tui.model.errors import ConfigError

MARK_VERSION = 1
MAX_MARK_BYTES = 4096
MAX_NUMBER = (1 << 30) - 1
_WRITABLE_BY_OTHERS = 0o022

FolderKind = Literal["nodion-tui data folder", "nodion-tui run folder"]


class FolderIdentity(NamedTuple):
    """Device and inode: identify a folder as long as it exists, independent of its name."""

    device: int
    inode: int


class FolderMark(msgspec.Struct, frozen=True, kw_only=True):
    """Content of a mark file."""

    kind: FolderKind
    version: Annotated[int, msgspec.Meta(ge=1)] = MARK_VERSION
    number: Annotated[int, msgspec.Meta(ge=1, le=MAX_NUMBER)]
    """Labels processes and containers of this data folder, so that they can be found."""
    device: int
    inode: int
    temporary: bool = False
    """Whether the engine that created the folder removes it on exit; after a crash others may."""

    @property
    def identity(self) -> FolderIdentity:
        """Identity of the marked folder."""
        return FolderIdentity(self.device, self.inode)


def new_folder_number() -> int:
    """Make a number for a data folder: 30 random bits, never 0."""
    return secrets.randbelow(MAX_NUMBER) + 1


def identity_of(folder_fd: int) -> FolderIdentity:
    """Return the identity of an open folder."""
    status = os.fstat(folder_fd)
    return FolderIdentity(status.st_dev, status.st_ino)


def has_identity(
    path: str | os.PathLike[str], identity: FolderIdentity, *, parent_fd: int | None = None
) -> bool:
    """Whether a path leads to the folder with this identity; symbolic links are not followed."""
    try:
        status = os.stat(path, dir_fd=parent_fd, follow_symlinks=False)
    except OSError:
        return False
    return stat.S_ISDIR(status.st_mode) and FolderIdentity(status.st_dev, status.st_ino) == identity


def read_mark(name: str, folder_fd: int, kind: FolderKind) -> FolderMark:
    """Read a mark file in an open folder.

    Raises:
        FileNotFoundError: there is no such file.
        ConfigError: it is not a valid mark; the message is a part of a sentence.
    """
    try:
        mark = msgspec.json.decode(read_own_file(name, folder_fd, MAX_MARK_BYTES), type=FolderMark)
    except FileNotFoundError:
        raise
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a mark of nodion-tui"
        raise ConfigError(f"{name} cannot be used ({reason})") from None
    if mark.version > MARK_VERSION:
        raise ConfigError(f"{name} was written by a newer version of nodion-tui")
    if mark.kind != kind:
        raise ConfigError(f"{name} cannot be used (it marks another kind of folder)")
    return mark


def read_own_file(name: str, folder_fd: int, limit: int) -> bytes:
    """Read the start of a regular file that belongs to this user and is writable by no other.

    Raises:
        OSError: it cannot be opened, or is a symbolic link.
        ValueError: it is not such a file.
    """
    # Without O_NONBLOCK a FIFO with that name would block the start.
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
    with os.fdopen(os.open(name, flags, dir_fd=folder_fd), "rb", closefd=True) as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode) or status.st_uid != os.geteuid():
            raise ValueError("not a regular file of this user")
        if stat.S_IMODE(status.st_mode) & _WRITABLE_BY_OTHERS:
            raise ValueError("others can write to it")
        return file.read(limit)
