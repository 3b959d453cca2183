"""Where the engine of a data folder listens, and who is attached to it.

A file in the folder has its address. A dashboard that uses the engine holds a shared lock on it
(`flock`, so that it ends with the dashboard however that ends); the engine finds out that nobody is
attached by taking the lock alone.
"""

import contextlib
import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from nodion_tui.config import Secret
from nodion_tui.config.private_files import write_private_file
from nodion_tui.local.storage.address_file import (
    ADDRESS_FILE,
    MAX_BYTES,
    Address,
    encode_address,
    parse_address,
)
from nodion_tui.local.storage.engine_key import KEY_FILE, read_key
from nodion_tui.local.storage.folder_lock import FolderInUse, FolderLock
from nodion_tui.model.errors import ConfigError

_LEAVE = b"leave\n"
"""Appended by a dashboard that leaves runs running."""


class Attachment:
    """Keeps an engine alive until `close`, or the end of this process."""

    def __init__(self, descriptor: int, folder: Path, address: Address) -> None:
        self._descriptor = descriptor
        self._folder = folder
        self.url = address.url
        """Base address of the engine, `http://127.0.0.1:N/v1`."""
        self.engine: Literal["served", "kept"] = "served" if address.is_served else "kept"
        """The engine as `Profile.engine` has it: a served one stays whoever is attached."""

    @property
    def key(self) -> Secret:
        """The key of the engine.

        Raises:
            ConfigError: the key file cannot be used.
        """
        return read_key(self._folder / KEY_FILE)

    def leave_running(self) -> None:
        """Ask the engine to stay until its runs have ended, though nobody is attached.

        Raises:
            ConfigError: the file cannot be written.
        """
        try:
            os.write(self._descriptor, _LEAVE)
        except OSError as error:
            problem = f"the engine cannot be asked to stay: {error.strerror}"
            raise ConfigError(f"{self._folder / ADDRESS_FILE}: {problem}") from None

    def close(self) -> None:
        """Detach."""
        os.close(self._descriptor)


class PublishedAddress:
    """The address file of an engine that is running here."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def is_needed(self, *, has_runs: bool) -> bool:
        """Whether a dashboard is attached, or left runs that have not ended.

        Args:
            has_runs: whether there are runs that have not ended.
        """
        with contextlib.suppress(OSError), self._path.open("rb") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
            if has_runs and file.read(MAX_BYTES).endswith(_LEAVE):
                return True
            self._path.unlink()  # while it is locked, so that nobody attaches any more
        return False


@contextmanager
def published(folder: Path, url: str, *, is_served: bool = False) -> Iterator[PublishedAddress]:
    """Publish the address of the engine that uses a folder until the block exits.

    Args:
        folder: the data folder.
        url: base address of the engine.
        is_served: whether it was started by itself, and stays whoever is attached.

    Raises:
        ConfigError: the file cannot be written.
    """
    path = folder / ADDRESS_FILE
    try:
        write_private_file(path, encode_address(Address(url, is_served)))
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from None
    try:
        yield PublishedAddress(path)
    finally:
        with contextlib.suppress(OSError):
            path.unlink()


def attach(folder: Path) -> Attachment | None:
    """Attach to the engine that uses a data folder; None if there is none, or it is ending.

    Raises:
        ConfigError: the folder cannot be used as data folder.
    """
    path = folder / ADDRESS_FILE
    try:
        flags = os.O_RDWR | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        descriptor = os.open(path, flags)
    except OSError:
        return None
    with contextlib.ExitStack() as stack:
        stack.callback(os.close, descriptor)
        address = _locked_address(path, descriptor)
        if address is None or not _is_in_use(folder):
            return None
        stack.pop_all()
        return Attachment(descriptor, folder, address)


def _locked_address(path: Path, descriptor: int) -> Address | None:
    """Share the lock of an address file and read it; None if it is ending or not ours."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        status = os.fstat(descriptor)
        is_ours = stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid()
        if is_ours and os.path.samestat(path.lstat(), status):
            return parse_address(os.pread(descriptor, MAX_BYTES, 0))
    except OSError:
        pass
    return None


def _is_in_use(folder: Path) -> bool:
    """Whether an engine has locked the folder: the file may be one that a crash has left."""
    try:
        FolderLock(folder).release()
    except FolderInUse:
        return True
    except OSError as error:
        raise ConfigError(f"{folder}: {error.strerror}") from None
    return False
