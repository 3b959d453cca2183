"""Running something in a worker of Textual that is not to be kept by it.

A worker that has ended is garbage in a cycle (worker, task, context), and by its arguments and its
error it keeps what it worked on, such as a log of many megabytes, until the collector comes by.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol


class Runnable(Protocol):
    """What runs until it ends or is cancelled."""

    def run(self) -> Awaitable[None]:
        """Do it."""
        ...


async def run_weakly(held: Callable[[], Runnable | None]) -> None:
    """Run it, if it is still there, and keep nothing of it when that ends.

    Args:
        held: a weak reference to it; the worker's own arguments must be no other, either.
    """
    work = held()
    try:
        if work is not None:
            await work.run()
    except asyncio.CancelledError as error:
        # The frames of what it did refer to it.
        del work
        raise error.with_traceback(None) from None
