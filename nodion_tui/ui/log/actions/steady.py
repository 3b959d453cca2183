"""Looks for an entry again where entries got other indexes meanwhile."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from nodion_tui.ui.log.viewport.viewport import LogViewport

T = TypeVar("T")
_MAX_LOOKS = 5
"""Times that something is looked for: of a merged log entries may move meanwhile."""


async def steady(viewport: LogViewport, find: Callable[[], Awaitable[T]]) -> T:
    """What is found in the log while no entry got another index, if that is possible."""
    for _ in range(_MAX_LOOKS):
        revision = viewport.buffer.revision
        found = await find()
        if revision == viewport.buffer.revision:
            break
    return found
