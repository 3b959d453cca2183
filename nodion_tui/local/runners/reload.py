"""local.toml is read again when it changes; while it has a mistake, the old set stays."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

from nodion_tui.local.runners.local_toml import LocalConfig, read_local_toml
from nodion_tui.model.errors import ConfigError

POLL_SECONDS = 0.5
"""Between two looks at the file: a stat, which costs nothing that shows."""

Fingerprint = tuple[int, int, int] | None


def fingerprint(path: Path) -> Fingerprint:
    """What tells one state of a file from another; None while there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return (status.st_mtime_ns, status.st_size, status.st_ino)


async def watch(
    path: Path,
    last_fingerprint: Fingerprint,
    apply: Callable[[LocalConfig], Awaitable[None]],
    notice: Callable[[str], None],
    poll_seconds: float = POLL_SECONDS,
) -> None:
    """Look until cancelled.

    Args:
        path: the file.
        seen: its fingerprint before it was read the last time.
        apply: takes what it says, when that has changed and holds no mistake.
        notice: takes what is wrong with it, once for each of its states.
        poll_seconds: between two looks.
    """
    while True:
        await asyncio.sleep(poll_seconds)
        current_fingerprint = await asyncio.to_thread(fingerprint, path)
        if current_fingerprint == last_fingerprint:
            continue
        last_fingerprint = current_fingerprint
        try:
            config = await asyncio.to_thread(read_local_toml, path)
        except ConfigError as error:
            notice(f"{error.detail}\nthe runners stay as they were")
            continue
        await apply(config)
        count = len(config.runners)
        notice(f"{os.fspath(path)}: {count} runner{'' if count == 1 else 's'} from now on")
