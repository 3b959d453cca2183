"""Reloads local.toml when it changes; while it has errors, the previous runners stay."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from nodion_tui.local.runners.local_toml import LocalConfig, read_local_toml
from nodion_tui.model.errors import ConfigError
from nodion_tui.model.text.format import count

POLL_SECONDS = 0.5
"""Poll interval of the file; one stat per poll, whose cost is negligible."""

Fingerprint = tuple[int, int, int] | None


def fingerprint(path: Path) -> Fingerprint:
    """Return mtime, size and inode, which identify a state of a file; None if it is unreadable."""
    try:
        status = path.stat()
    except OSError:
        return None
    return (status.st_mtime_ns, status.st_size, status.st_ino)


def load_local_toml(path: Path) -> LocalConfig:
    """Read the file, whatever it contains or is.

    Raises:
        ConfigError: it is not a regular file (opening a FIFO would wait for a writer), or invalid.
    """
    if path.exists() and not path.is_file():
        raise ConfigError(f"{path}: not a regular file")
    try:
        return read_local_toml(path)
    except ConfigError:
        raise
    except Exception as error:
        raise ConfigError(f"{path}: cannot be used: {error}") from error


async def watch_local_toml(
    path: Path,
    last_fingerprint: Fingerprint,
    apply: Callable[[LocalConfig], Awaitable[None]],
    notice: Callable[[str], None],
    poll_seconds: float = POLL_SECONDS,
) -> None:
    """Poll the file until cancelled.

    Args:
        path: the file.
        last_fingerprint: its fingerprint from before it was last read.
        apply: receives the new content if the file has changed and is valid.
        notice: receives errors and the success message, once per state of the file.
        poll_seconds: poll interval.
    """
    previous_fingerprint = last_fingerprint
    while True:
        await asyncio.sleep(poll_seconds)
        current_fingerprint = await asyncio.to_thread(fingerprint, path)
        is_being_written = current_fingerprint != previous_fingerprint
        previous_fingerprint = current_fingerprint
        if current_fingerprint == last_fingerprint or is_being_written:
            continue
        last_fingerprint = current_fingerprint
        try:
            config = await asyncio.to_thread(load_local_toml, path)
        except ConfigError as error:
            notice(f"{error.detail}\nrunners unchanged")
            continue
        await apply(config)
        notice(f"{path}: {count(len(config.runners), 'runner')} loaded")
