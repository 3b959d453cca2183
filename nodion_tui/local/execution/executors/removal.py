"""Removing containers, which has to come true."""

import asyncio
import logging
from collections.abc import Sequence

from nodion_tui.local.execution.executors import create_flags as flags
from nodion_tui.local.execution.executors.engine_cli import Tool

TRIES = 3
PAUSE_SECONDS = 0.5
"""Between two tries: a lock or a busy mount often goes by itself."""
_logger = logging.getLogger(__name__)


async def remove(tool: Tool, kind: flags.Kind, containers: Sequence[str]) -> None:
    """Kill and remove containers; those that are gone already are no problem."""
    for attempt in range(TRIES):
        if attempt:
            await asyncio.sleep(PAUSE_SECONDS)
        said = await tool.call(*flags.removal(kind, containers))
        if said.code == 0 or "no such container" in said.text.lower():
            return
    _logger.warning("a container could not be removed; the engine's next start tries again")
