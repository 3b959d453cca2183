"""Writes private files (0600), each whole or not at all, and makes private folders (0700).

Nothing that exists under a new file's name is opened, so no link is followed.
"""

import contextlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path


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
    return f".{name.removeprefix('.')}.{os.urandom(4).hex()}"


def write_private_file(path: Path, content: bytes) -> None:
    """Write a 0600 file in a 0700 folder atomically: readers see the old or the new content.

    A symbolic link at `path` is replaced, never followed. The umask is ignored.

    Raises:
        OSError: the file cannot be written; the old content is unchanged.
    """
    make_private_folder(path.parent)
    temporary = path.with_name(temporary_name(path.name))
    with new_private_file(temporary) as descriptor:
        write_all(descriptor, (content,))
        temporary.replace(path)


def write_new_private_file(path: Path, chunks: Iterable[bytes]) -> Path:
    """Write a 0600 file atomically under a name that is free: `path`, or one with a number.

    The name is reserved before the complete file gets it, so that no file is ever overwritten.

    Returns:
        The path of the file.

    Raises:
        OSError: it cannot be written; no partial file is left.
    """
    temporary = path.with_name(temporary_name(path.name))
    with new_private_file(temporary) as descriptor:
        write_all(descriptor, chunks)
        for free in numbered(path):
            with contextlib.suppress(FileExistsError), new_private_file(free):
                return temporary.replace(free)
    raise FileExistsError(str(path))


def numbered(path: Path) -> Iterator[Path]:
    """The path, then the same with numbers before the suffix: `run.log`, `run-2.log`."""
    yield path
    for number in range(2, 1000):
        yield path.with_name(f"{path.stem}-{number}{path.suffix}")
