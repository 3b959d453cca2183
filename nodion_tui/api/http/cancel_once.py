"""Tasks that are cancelled at most once, however often their caller is cancelled.

An HTTP connection that is cancelled again while a first cancel closes it stays open permanently.
Every use of a connection therefore runs in its own task, and a second cancel of the caller does
not reach that task.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from nodion_tui.model.errors import NodionError

T = TypeVar("T")


class ClientClosed(NodionError):
    """The client was closed before or during this request."""

    title = "Connection to this profile closed"


class CancelOnceTasks:
    """Keeps references to running tasks, cancels each at most once and waits for all of them."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closed = False

    def start(self, coroutine: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Starts a task; its result may be awaited, or ignored if the caller was cancelled.

        Raises:
            ClientClosed: no more tasks are started.
        """
        if self._closed:
            coroutine.close()
            raise ClientClosed
        task = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._forget)
        return task

    async def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """The result of the coroutine; if the caller is cancelled, the coroutine is too, once.

        Raises:
            ClientClosed: before, or meanwhile.
        """
        task = self.start(coroutine)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            caller = asyncio.current_task()
            if task.cancelled() and not (caller and caller.cancelling()):
                raise ClientClosed from None
            task.cancel()
            raise

    async def aclose(self) -> None:
        """Cancel all running tasks and wait until they have ended."""
        self._closed = True
        for task in self._tasks:
            if not task.cancelling():
                task.cancel()
        if self._tasks:
            await asyncio.wait(set(self._tasks))

    def _forget(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()
