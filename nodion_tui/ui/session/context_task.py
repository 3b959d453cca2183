"""Enters and leaves an asynchronous context in a task of its own.

Some contexts must be left by the task that entered them, and briefly outlive the screen.
"""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Generic, TypeVar

T = TypeVar("T")


class ContextTask(Generic[T]):
    """Enters a context and keeps it open until `leave`.

    Args:
        make: creates the context.
    """

    def __init__(self, make: Callable[[], AbstractAsyncContextManager[T]]) -> None:
        self._make = make
        self._done = asyncio.Event()
        self._entered: asyncio.Future[T] | None = None
        self._task: asyncio.Task[None] | None = None

    async def enter(self) -> T:
        """Enter the context; errors of entering are raised here."""
        loop = asyncio.get_running_loop()
        self._entered = loop.create_future()
        self._task = loop.create_task(self._run(self._entered))
        await asyncio.wait((self._entered, self._task), return_when=asyncio.FIRST_COMPLETED)
        if not self._entered.done():
            await self._task
        return await self._entered

    async def leave(self) -> None:
        """Leave the context or cancel entering it; errors of leaving are raised here."""
        self._done.set()
        if self._task is None or self._entered is None:
            return
        if self._entered.done():
            await self._task
        else:
            self._task.cancel()
            await asyncio.wait((self._task,))

    async def _run(self, entered: "asyncio.Future[T]") -> None:
        async with self._make() as value:
            entered.set_result(value)
            await self._done.wait()
