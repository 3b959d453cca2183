"""Having something run while a test looks on, and waiting for what it tells its subscribers."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Protocol


class Runs(Protocol):
    """A log session, a search, or whatever else works until it is cancelled."""

    async def run(self) -> None: ...


@asynccontextmanager
async def running(work: Runs) -> AsyncGenerator[asyncio.Task[None], None]:
    """It at work."""
    task = asyncio.create_task(work.run())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait((task,))


async def wait_for_change(
    subscribe: Callable[[Callable[..., None]], Callable[[], None]], ready: Callable[[], bool]
) -> None:
    """Wait until something holds, looking again whenever subscribers are told."""
    holds = asyncio.Event()
    unsubscribe = subscribe(lambda *_: holds.set() if ready() else None)
    try:
        if not ready():
            async with asyncio.timeout(5):
                await holds.wait()
    finally:
        unsubscribe()
