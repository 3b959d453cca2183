"""Runs a background task during a test, and waits for its notifications."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Protocol

_PATIENCE = 20.0
"""Seconds, of which a busy machine may stand still for several."""


class Runs(Protocol):
    """A log session, a search, or anything else that runs until it is cancelled."""

    async def run(self) -> None: ...


@asynccontextmanager
async def running(work: Runs) -> AsyncGenerator[asyncio.Task[None], None]:
    """Run it in a task within the context."""
    task = asyncio.create_task(work.run())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait((task,))


async def wait_for_change(
    subscribe: Callable[[Callable[..., None]], Callable[[], None]], ready: Callable[[], bool]
) -> None:
    """Wait until a condition is true; it is checked whenever subscribers are notified."""
    is_true = asyncio.Event()
    unsubscribe = subscribe(lambda *_: is_true.set() if ready() else None)
    try:
        if not ready():
            async with asyncio.timeout(_PATIENCE):
                await is_true.wait()
    finally:
        unsubscribe()
