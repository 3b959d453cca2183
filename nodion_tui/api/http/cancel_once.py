"""Tasks that are cancelled once, however often their caller is.

An HTTP connection that is cancelled while it is being closed after a cancel stays open for good.
So whatever uses a connection runs in a task of its own, and a caller's second cancel ends the
caller alone.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from nodion_tui.model.errors import NodionError

T = TypeVar("T")


class ClientClosed(NodionError):
    """The client was closed, with this under way or before."""

    title = "The connection to this profile was closed"


class CancelOnceTasks:
    """Holds on to tasks until they are done, and can wait for all of them."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closed = False

    def start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """A task whose outcome somebody will look at, or nobody if that one was cancelled.

        Raises:
            Closed: nothing is begun any more.
        """
        if self._closed:
            work.close()
            raise ClientClosed
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._forget)
        return task

    async def run(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of the work; if the caller is cancelled, the work is too, once.

        Raises:
            Closed: before, or meanwhile.
        """
        task = self.start(work)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            caller = asyncio.current_task()
            if task.cancelled() and not (caller and caller.cancelling()):
                raise ClientClosed from None
            task.cancel()
            raise

    async def aclose(self) -> None:
        """Cancel what still runs, and wait until it has ended."""
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
