"""What is in a folder, to the last byte and permission, for comparing before and after."""

import os
import stat
from pathlib import Path
from typing import NamedTuple


class Entry(NamedTuple):
    """One file, folder or link."""

    mode: int
    owner: tuple[int, int]
    changed: int
    """When its content was modified, in nanoseconds; -1 where that is not to be compared."""
    content: bytes
    """A link's: what it leads to."""


def read_tree(root: Path, *, times: bool = True) -> dict[str, Entry]:
    """All that is there by relative path, the root itself included; follows no link."""
    paths = [root]
    if root.is_dir() and not root.is_symlink():
        for folder, folders, files in os.walk(root):
            paths += [Path(folder, name) for name in (*folders, *files)]
    return {str(path.relative_to(root)): _entry(path, times=times) for path in paths}


def unchanged(before: dict[str, Entry], after: dict[str, Entry]) -> bool:
    """Whether all that was there is there still, whatever was added."""
    return before.items() <= after.items()


def _entry(path: Path, *, times: bool) -> Entry:
    status = path.lstat()
    content = b""
    if stat.S_ISREG(status.st_mode):
        content = path.read_bytes()
    elif stat.S_ISLNK(status.st_mode):
        content = os.fsencode(path.readlink())
    changed = status.st_mtime_ns if times else -1
    return Entry(status.st_mode, (status.st_uid, status.st_gid), changed, content)
