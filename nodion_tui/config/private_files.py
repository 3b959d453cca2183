"""Writes private files (0600) atomically, in private folders (0700)."""

import contextlib
import os
import tempfile
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


def write_private_file(path: Path, content: bytes) -> None:
    """Write a 0600 file in a 0700 folder atomically: readers see the old or the new content.

    A symbolic link at `path` is replaced, never followed. The umask is ignored.

    Raises:
        OSError: the file cannot be written; the old content is unchanged.
    """
    make_private_folder(path.parent)
    # mkstemp creates the file with mode 0600 and rejects an existing one.
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise
