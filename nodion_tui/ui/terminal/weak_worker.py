"""Runs an object in a Textual worker without a strong reference to it.

A finished worker is cyclic garbage (worker, task, context), and its arguments and its error keep
the object alive, such as a log of many megabytes, until the next garbage collection.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol


class Runnable(Protocol):
    """An object that runs until it ends or is cancelled."""

    def run(self) -> Awaitable[None]:
        """Run to the end."""
        ...


async def run_weak_worker(reference: Callable[[], Runnable | None]) -> None:
    """Run the object if it still exists, and keep no reference to it afterwards.

    Args:
        reference: weak reference to it; the worker's own arguments must be weak, too.
    """
    work = reference()
    try:
        if work is not None:
            await work.run()
    except asyncio.CancelledError as error:
        # The frames of its traceback refer to the object.
        del work
        raise error.with_traceback(None) from None
