"""The data folder: whose it is, that only one engine uses it, and the key in it."""

import base64
import fcntl
import hmac
import os
import secrets
import shutil
import sqlite3
import stat
import tempfile
from pathlib import Path

from nodion_tui.config import Secret
from nodion_tui.config.private import private_folder, write_private
from nodion_tui.local.store import Store
from nodion_tui.model.errors import ConfigError

KEY_FILE = "key"
KEY_PREFIX = "local_"
DATABASE = "engine.sqlite3"
TEMPORARY_PREFIX = "nodion-tui-"
"""How the name of a temporary data folder begins."""


class DataDir:
    """A folder of this user's own, 0700, locked while an engine runs on it."""

    def __init__(self, path: Path | None) -> None:
        """Open the folder, or make a temporary one.

        Raises:
            ConfigError: it belongs to someone else, is no folder, or another engine uses it.
        """
        self._temporary = path is None
        self.path = Path(tempfile.mkdtemp(prefix=TEMPORARY_PREFIX)) if path is None else path
        self._lock = -1
        try:
            _make_private(self.path)
            self._lock = _lock(self.path)
        except OSError as error:
            raise ConfigError(f"{self.path}: {error.strerror}") from None

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.path / DATABASE

    def open_store(self) -> Store:
        """Open the database, made at the first start.

        Raises:
            ConfigError: it cannot be used.
        """
        try:
            # SQLite would make it readable by others; what it makes beside it follows suit.
            self.database.touch(mode=0o600)
            return Store(self.database)
        except (sqlite3.Error, ValueError, OSError) as error:
            raise ConfigError(f"{self.database}: {error}") from None

    @property
    def work(self) -> Path:
        """Where runs get their folders."""
        return self.path / "work"

    @property
    def demo(self) -> Path:
        """Where the demo runners' scripts are."""
        return self.path / "demo"

    @property
    def key_file(self) -> Path:
        """Where the key is kept, 0600."""
        return self.path / KEY_FILE

    def key(self) -> Secret:
        """The key of this folder, made at the first call.

        Raises:
            ConfigError: the file is not this user's alone, holds no key, or cannot be written.
        """
        if not (self.key_file.exists() or self.key_file.is_symlink()):
            key = f"{KEY_PREFIX}{secrets.token_urlsafe(32)}\n"
            try:
                write_private(self.key_file, key.encode())
            except OSError as error:
                raise ConfigError(f"{self.key_file}: {error.strerror}") from None
        return read_key(self.key_file)

    def close(self) -> None:
        """Let another engine use it; a temporary one is removed."""
        if self._temporary:
            shutil.rmtree(self.path, ignore_errors=True)
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


def reading_key(key: Secret) -> Secret:
    """The key that belongs to another and may only read; whoever has it cannot tell the other."""
    digest = hmac.digest(key.reveal().encode(), b"read", "sha256")
    return Secret(f"{KEY_PREFIX}read_{base64.urlsafe_b64encode(digest).decode().rstrip('=')}")


def read_key(path: Path) -> Secret:
    """The key that a file of this user's own keeps.

    Raises:
        ConfigError: the file is not this user's alone, or holds no key.
    """
    try:
        return Secret(_read_private(path))
    except (OSError, ValueError):
        raise ConfigError(f"{path}: no key can be read from it") from None


def _make_private(path: Path) -> None:
    private_folder(path)
    status = path.lstat()
    if not stat.S_ISDIR(status.st_mode):
        raise ConfigError(f"{path}: not a folder")
    if status.st_uid != os.geteuid():
        raise ConfigError(f"{path}: the folder belongs to another user")
    if stat.S_IMODE(status.st_mode) & 0o077:
        path.chmod(0o700)


def _lock(path: Path) -> int:
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(path / "lock", flags, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise ConfigError(f"{path}: another engine uses this folder") from None
    return descriptor


def _read_private(path: Path) -> str:
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW)) as file:
        status = os.fstat(file.fileno())
        if status.st_uid != os.geteuid():
            raise ConfigError(f"{path}: the key file belongs to another user")
        if stat.S_IMODE(status.st_mode) & 0o077:
            raise ConfigError(f"{path}: others can read the key file; make it 0600")
        return file.read(4096)
