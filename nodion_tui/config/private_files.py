"""Writing a file that is its owner's alone, in one step."""

import contextlib
import os
import tempfile
from pathlib import Path


def make_private_folder(path: Path) -> None:
    """Make a folder, and those above it that are missing, 0700; the umask plays no part.

    Raises:
        OSError: it cannot be made, or is there and is no folder.
    """
    for each in reversed(path.parents):
        if not each.exists():
            each.mkdir(mode=0o700, exist_ok=True)
    path.mkdir(mode=0o700, exist_ok=True)


def write_private_file(path: Path, content: bytes) -> None:
    """Write a 0600 file in a 0700 folder: a reader sees the old content or the new, never a part.

    A symbolic link at `path` is replaced, never written through. The umask plays no part.

    Raises:
        OSError: the file cannot be written; what was there before is still there.
    """
    make_private_folder(path.parent)
    # mkstemp makes its file 0600 and refuses one that is there.
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
