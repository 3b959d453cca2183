"""Snapshots of a folder's content and permissions, to compare before and after."""

import os
import stat
from pathlib import Path
from typing import NamedTuple


class Entry(NamedTuple):
    """One file, folder or link."""

    mode: int
    owner: tuple[int, int]
    changed: int
    """Modification time in nanoseconds; -1 to ignore it."""
    content: bytes
    """For a link: its target."""


def read_tree(root: Path, *, times: bool = True) -> dict[str, Entry]:
    """Return all entries by relative path, including the root; does not follow links."""
    paths = [root]
    if root.is_dir() and not root.is_symlink():
        for folder, folders, files in os.walk(root):
            paths += [Path(folder, name) for name in (*folders, *files)]
    return {str(path.relative_to(root)): _entry(path, times=times) for path in paths}


def unchanged(before: dict[str, Entry], after: dict[str, Entry]) -> bool:
    """Whether all previous entries are unchanged; additional ones are ignored."""
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
