"""Reads files that decide what is executed and which key is sent: config.toml, local.toml, keys.

Whoever may write such a file, or a folder that leads to it, runs commands as this user. So it is
used only if nobody else can write it, as OpenSSH demands of its configuration (`StrictModes`).
Files and folders of root are accepted, folders with the sticky bit (/tmp) too, and write access of
a group of which the user is the only member (the default of many distributions).
"""

import grp
import os
import pwd
import stat
from pathlib import Path

from nodion_tui.config.paths import display_path


class UntrustedFile(Exception):
    """The file is not used; the message is a sentence with path and what to do."""


def read_trusted_file(path: Path, limit: int, *, secret: bool = False) -> bytes:
    """Reads at most `limit` + 1 bytes of a regular file that only the user can change.

    Links are followed: the file that they lead to, and its folders, are checked.

    Args:
        path: the file.
        limit: bytes; one more byte is read, so that a longer file can be told.
        secret: it must not be readable by others either.

    Raises:
        FileNotFoundError: it does not exist.
        UntrustedFile: not a regular file, or others can write it (read it, if it is secret).
        OSError: it cannot be read.
    """
    # A pipe must not block, neither at the opening nor at the reading: it is not read at all.
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(file.fileno())
        shown = display_path(path)
        if not stat.S_ISREG(status.st_mode):
            raise UntrustedFile(f"{shown}: not a regular file")
        if secret and status.st_mode & 0o077:
            raise UntrustedFile(f"{shown}: readable by other users; run: chmod 600 {shown}")
        _check_writers(path, status)
        for folder in Path(os.path.realpath(path)).parents:
            _check_writers(folder, folder.stat())
        return file.read(limit + 1)


def _check_writers(path: Path, status: os.stat_result) -> None:
    shown = display_path(path)
    if status.st_uid not in {os.geteuid(), 0}:
        raise UntrustedFile(
            f"{shown}: owned by {_user_name(status.st_uid)}, who could change what runs here;"
            f" run: sudo chown {_user_name(os.geteuid())} {shown}"
        )
    is_sticky = stat.S_ISDIR(status.st_mode) and status.st_mode & stat.S_ISVTX
    writers = status.st_mode & 0o022
    if writers == stat.S_IWGRP and _is_private_group(status.st_gid):
        writers = 0
    if writers and not is_sticky:
        raise UntrustedFile(f"{shown}: writable by other users; run: chmod go-w {shown}")


def _is_private_group(gid: int) -> bool:
    """Whether the group is named like the user, as user private groups are, and has no others."""
    try:
        group = grp.getgrgid(gid)
    except KeyError:
        return False
    name = _user_name(os.geteuid())
    return group.gr_name == name and set(group.gr_mem) <= {name}


def _user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"
