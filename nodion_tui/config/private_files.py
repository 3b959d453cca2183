"""Writes private files (0600), each whole or not at all, and makes private folders (0700).

Nothing that exists under a new file's name is opened, so no link is followed.

What a killed write leaves is removed by the next write of the same file, and only by proof: an
extended attribute that the program set, its owner, and a lock that its writer would hold. Where the
file system or the platform has no such attributes (NFS, macOS), leftovers stay: their name proves
nothing.
"""

import contextlib
import os
import re
import stat
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from nodion_tui.config.file_lock import lock

UNFINISHED = "user.nodion-tui.unfinished"
"""Extended attribute of a file that is being written."""


def make_private_folder(path: Path) -> None:
    """Create a folder and its missing parents with mode 0700, regardless of the umask.

    Raises:
        OSError: it cannot be created, or exists and is not a folder.
    """
    for parent in reversed(path.parents):
        if not parent.exists():
            parent.mkdir(mode=0o700, exist_ok=True)
    path.mkdir(mode=0o700, exist_ok=True)


@contextmanager
def new_private_file(path: str | Path, folder_fd: int | None = None) -> Iterator[int]:
    """Create a 0600 file, open for reading and writing; if the block fails, it is removed.

    Args:
        path: its path, or its name in the open folder `folder_fd`.
        folder_fd: descriptor of a folder, whatever has become of its path.

    Raises:
        FileExistsError: the name is taken.
        OSError: it cannot be created.
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(path, flags, 0o600, dir_fd=folder_fd)
    try:
        yield descriptor
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(path, dir_fd=folder_fd)
        raise
    finally:
        os.close(descriptor)


def write_all(descriptor: int, chunks: Iterable[bytes], *, sync: bool = True) -> None:
    """Write to an open file, and wait until the disk has it unless `sync` is off."""
    with os.fdopen(descriptor, "wb", closefd=False) as file:
        file.writelines(chunks)
    if sync:
        os.fsync(descriptor)


def temporary_name(name: str) -> str:
    """A hidden name for a file that is renamed to `name` when it is complete."""
    return f"{_temporary_prefix(name)}{os.urandom(4).hex()}"


def _temporary_prefix(name: str) -> str:
    return f".{name.removeprefix('.')}."


def write_private_file(path: Path, content: bytes) -> None:
    """Write a 0600 file in a 0700 folder atomically: readers see the old or the new content.

    A symbolic link at `path` is replaced, never followed. The umask is ignored.

    Raises:
        OSError: the file cannot be written; the old content is unchanged.
    """
    make_private_folder(path.parent)
    with _temporary_file(path, (content,)) as temporary:
        temporary.replace(path)


def create_private_file(path: Path, chunks: Iterable[bytes]) -> None:
    """Write a 0600 file in a 0700 folder atomically, only if its name is free.

    Raises:
        FileExistsError: the name is taken; what has it is unchanged.
        OSError: the file cannot be written; no partial file is left.
    """
    make_private_folder(path.parent)
    with _temporary_file(path, chunks) as temporary:
        _take_name(temporary, path)


def write_new_private_file(path: Path, chunks: Iterable[bytes]) -> Path:
    """Write a 0600 file atomically under a name that is free: `path`, or one with a number.

    Returns:
        The path of the file.

    Raises:
        OSError: it cannot be written; no partial file is left.
    """
    with _temporary_file(path, chunks) as temporary:
        for free in numbered(path):
            with contextlib.suppress(FileExistsError):
                _take_name(temporary, free)
                return free
    raise FileExistsError(str(path))


def _take_name(temporary: Path, path: Path) -> None:
    """Rename a complete file, so that no file is overwritten.

    Raises:
        FileExistsError: the name is taken.
        OSError: the file cannot be renamed.
    """
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:  # the file system has no hard links: an empty file reserves the name
        with new_private_file(path):
            temporary.replace(path)
    else:
        temporary.unlink()


@contextmanager
def _temporary_file(path: Path, chunks: Iterable[bytes]) -> Iterator[Path]:
    """Write a complete file beside `path`, which the block renames; if it fails, it is removed.

    Raises:
        OSError: it cannot be written.
    """
    _remove_leftovers(path)
    temporary = path.with_name(temporary_name(path.name))
    with new_private_file(temporary) as descriptor:
        with contextlib.suppress(OSError):
            lock(descriptor)
            if sys.platform == "linux":
                os.setxattr(descriptor, UNFINISHED, b"1")
        write_all(descriptor, chunks)
        yield temporary
        # Not before: a file that a kill leaves under both names is removed under this one.
        if sys.platform == "linux":
            with contextlib.suppress(OSError):
                os.removexattr(descriptor, UNFINISHED)


def _remove_leftovers(path: Path) -> None:
    names = re.compile(re.escape(_temporary_prefix(path.name)) + r"[0-9a-f]{8}")
    with contextlib.suppress(OSError), os.scandir(path.parent) as entries:
        for entry in entries:
            if names.fullmatch(entry.name):
                with contextlib.suppress(OSError):
                    _remove_leftover(Path(entry.path))


def _remove_leftover(path: Path) -> None:
    """Remove a file that is marked as unfinished, ours, and not being written.

    Raises:
        OSError: it is not, or cannot be opened.
    """
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    descriptor = os.open(path, flags)
    try:
        status = os.fstat(descriptor)
        is_own = stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid()
        if is_own and sys.platform == "linux":
            os.getxattr(descriptor, UNFINISHED)
            lock(descriptor)
            if os.path.samestat(status, path.lstat()):
                path.unlink()
    finally:
        os.close(descriptor)


def numbered(path: Path) -> Iterator[Path]:
    """The path, then the same with numbers before the suffix: `run.log`, `run-2.log`."""
    yield path
    for number in range(2, 1000):
        yield path.with_name(f"{path.stem}-{number}{path.suffix}")
