"""Waits for keys that were typed ahead of one that a dialog handles itself."""

import asyncio
from typing import Any

from textual.app import App
from textual.screen import Screen


async def drain_typed_keys(screen: Screen[Any]) -> None:
    """Wait until all keys typed before have been handled by the fields of a screen.

    Keys of a burst wait in the queue of the field, while the submit key is handled at once and
    must not overtake them. Twice, because handling a key may post a message.
    """
    for node in (screen.focused or screen).ancestors_with_self:
        if isinstance(node, App):
            break
        for _ in range(2):
            drained = asyncio.Event()
            node.call_later(drained.set)
            await drained.wait()
