"""Prepares what is opened next, after the first paint: what its opening takes then is less.

Modules are imported and sheets parsed beside the event loop: up to half of a first opening.
"""

import asyncio
from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import Any

from textual.app import App

SECONDS = 1.0
"""Time after the first paint when it begins."""
_MODULES = (
    "nodion_tui.ui.trigger.flow",
    "nodion_tui.ui.commands.help_screen",
    "nodion_tui.ui.timeline.screen",
    "nodion_tui.ui.wall.screen",
    "nodion_tui.ui.merged.screen",
    "nodion_tui.ui.stop.flow",
)
"""What keys of the dashboard import, the most used first."""
_STYLED = {"nodion_tui.ui.trigger.flow": ("nodion_tui.ui.dialogs", "nodion_tui.ui.trigger")}
"""Module → packages of what it opens whose styles are parsed: those of the form are most."""
_PAUSE_SECONDS = 0.05
"""Time between two of them, in which the event loop has the processor alone."""


async def preload(app: App[Any], mount: Callable[[], Awaitable[None]]) -> None:
    """Import each in turn, in a thread.

    Args:
        app: whose keys open them.
        mount: mounts the one that takes longest to.
    """
    # The first paint needs no dialog.
    from nodion_tui.ui.terminal.dialog_door import parse_styles  # noqa: PLC0415

    for module in _MODULES:
        await asyncio.to_thread(import_module, module)
        for package in _STYLED.get(module, ()):
            await parse_styles(app, package)
        await asyncio.sleep(_PAUSE_SECONDS)
    await mount()
