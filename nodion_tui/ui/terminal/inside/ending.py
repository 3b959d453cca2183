"""Ends an app once the screens that are being opened are mounted.

Textual 8.2 mounts no children in an app that ends: a screen that is just opened waits for its own
for ever, or fails without them.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from textual.app import App

_SECONDS = 1.0
"""Patience with what is being mounted."""


def end_when_mounted(app: App[Any], end: Callable[[], None]) -> None:
    """Call `end` when everything in an app is mounted: at once if it is."""

    async def wait_and_end() -> None:
        await mounted(app)
        end()

    if _mounts(app):
        app.call_next(wait_and_end)
    else:
        end()


async def mounted(app: App[Any]) -> None:
    """Wait for what is being mounted; not in an app that mounts no more."""
    tasks = [asyncio.create_task(event.wait()) for event in _mounts(app)]
    if tasks and app.is_running:
        await asyncio.wait(tasks, timeout=_SECONDS)
    for task in tasks:
        task.cancel()


def _mounts(app: App[Any]) -> list[asyncio.Event]:
    """What is set when the widgets that are being mounted are."""
    events: list[asyncio.Event] = [node._mounted_event for node in app._registry]
    return [event for event in events if not event.is_set()]
