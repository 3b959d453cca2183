"""Imports what is opened next, beside the event loop: up to half of what a first opening takes."""

import asyncio
from importlib import import_module

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
_PAUSE_SECONDS = 0.05
"""Time between two of them, in which the event loop has the processor alone."""


async def preload() -> None:
    """Import each in turn, in a thread."""
    for module in _MODULES:
        await asyncio.to_thread(import_module, module)
        await asyncio.sleep(_PAUSE_SECONDS)
