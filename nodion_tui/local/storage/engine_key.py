"""API key of an engine, stored in its data folder, and the derived read-only key."""

import base64
import hmac
import os
import re
import secrets
import stat
from pathlib import Path

from nodion_tui.config import Secret
from nodion_tui.config.private_files import write_private_file
from nodion_tui.model.errors import ConfigError

KEY_FILE = "key"
KEY_PREFIX = "local_"
_KEY = re.compile(rb"local_[\w-]{43}\n", re.ASCII)
_MAX_BYTES = 4096


def make_key(path: Path) -> None:
    """Write a new key to a 0600 file.

    Raises:
        ConfigError: the file cannot be written.
    """
    key = f"{KEY_PREFIX}{secrets.token_urlsafe(32)}\n"
    try:
        write_private_file(path, key.encode())
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from None


def read_key(path: Path) -> Secret:
    """Read the key from a private file of this user.

    Raises:
        ConfigError: the file is not private, or contains no key.
    """
    try:
        return Secret(_read_private(path))
    except (OSError, ValueError):
        raise ConfigError(f"{path}: contains no key") from None


def derive_read_key(key: Secret) -> Secret:
    """Derive the read-only key from a key; the key cannot be computed from it."""
    digest = hmac.digest(key.reveal().encode(), b"read", "sha256")
    return Secret(f"{KEY_PREFIX}read_{base64.urlsafe_b64encode(digest).decode().rstrip('=')}")


def is_key(content: bytes | None) -> bool:
    """Whether a file's content is exactly a key as `make_key` writes it."""
    return content is not None and _KEY.fullmatch(content) is not None


def _read_private(path: Path) -> str:
    # Without O_NONBLOCK a FIFO with that name would block the start.
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise ValueError("not a regular file")
        if status.st_uid != os.geteuid():
            raise ConfigError(f"{path}: the key file belongs to another user")
        if stat.S_IMODE(status.st_mode) & 0o077:
            raise ConfigError(f"{path}: others can read the key file; make it 0600")
        return os.read(descriptor, _MAX_BYTES).decode()
    finally:
        os.close(descriptor)
