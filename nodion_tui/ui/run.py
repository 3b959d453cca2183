"""Runs the app in a real terminal and returns the exit code of the process."""

import asyncio
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from nodion_tui.ui.terminal.colors.question import TerminalQuestion
from nodion_tui.ui.terminal.memory_tuning import (
    MemoryTrimmer,
    gc_paused,
    map_large_blocks,
)
from nodion_tui.ui.terminal.output.output_form import inside_screen
from nodion_tui.ui.terminal.plain_textual import plain_textual
from nodion_tui.ui.terminal.restore import (
    TerminalAttributes,
    graceful_exit,
    terminal_attributes,
)

if TYPE_CHECKING:
    from nodion_tui.ui.app import NodionApp

_SETTLED_SECONDS = 1.0
"""Seconds after which the objects of the start-up have been created."""

_SWITCH_SECONDS = 0.0005
"""GIL switch interval: how long the threads that read keys and write frames wait for a busy event
loop. A key waits for two or three of them; Python's default is 5 ms."""


def run(make: "Callable[[TerminalQuestion], NodionApp]") -> int:
    """Make the app and run it until it exits; the terminal is restored afterwards.

    Args:
        make: imports and creates the app, which is most of the start-up time; the terminal is
            asked for its colours meanwhile.

    Returns:
        0 after a quit, 128 + n after signal n, 1 after a crash.
    """
    attributes = terminal_attributes()
    with (
        TerminalQuestion(os.environ, ask=not plain_textual()) as question,
        gc_paused() as collect_again,
    ):
        return asyncio.run(_run(make(question), attributes, collect_again))


async def _run(
    app: "NodionApp", attributes: TerminalAttributes | None, collect_again: Callable[[], None]
) -> int:
    def settled() -> None:
        collect_again()
        map_large_blocks()
        MemoryTrimmer(lambda: app.typing)

    sys.setswitchinterval(_SWITCH_SECONDS)
    asyncio.get_running_loop().call_later(_SETTLED_SECONDS, settled)
    with graceful_exit(lambda code: app.exit(return_code=code), attributes):
        try:
            # With the mouse on, GNU screen (4.9) keeps an escape key back until the next key, and
            # passes both on as alt and that key: Esc does nothing, and the next key is lost.
            await app.run_async(mouse=not inside_screen(os.environ))
        finally:
            await app.aclose()
    return app.return_code or 0
