"""Runs the app in a real terminal and gives the exit code of the process."""

import asyncio
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from nodion_tui.ui.terminal.memory_tuning import (
    MemoryTrimmer,
    gc_paused,
    limit_width_cache,
    map_large_blocks,
)
from nodion_tui.ui.terminal.restore import graceful_exit

if TYPE_CHECKING:
    from nodion_tui.ui.app import NodionApp

_SETTLED_SECONDS = 1.0
"""After so long everything that a start makes has been made."""

_SWITCH_SECONDS = 0.0005
"""What the threads that read keys and write frames wait for a busy event loop at most, each time;
by Python's own 5 ms a key waits for two or three of those."""


def run(make: "Callable[[], NodionApp]") -> int:
    """Make the app and run it until it ends; the terminal is then as it was.

    Args:
        make: imports and makes the app, which is the larger part of a start.

    Returns:
        0 after a quit, 128 + n after signal n, 1 after a crash.
    """
    limit_width_cache()
    with gc_paused() as collect_again:
        return asyncio.run(_run(make(), collect_again))


async def _run(app: "NodionApp", collect_again: Callable[[], None]) -> int:
    def settled() -> None:
        collect_again()
        map_large_blocks()
        MemoryTrimmer(lambda: app.typing)

    sys.setswitchinterval(_SWITCH_SECONDS)
    asyncio.get_running_loop().call_later(_SETTLED_SECONDS, settled)
    with graceful_exit(lambda code: app.exit(return_code=code)):
        try:
            await app.run_async()
        finally:
            await app.aclose()
    return app.return_code or 0
