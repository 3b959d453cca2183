"""Workers of the log pane that keep no log in memory after their end."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Protocol
from weakref import ref

from nodion_tui.ui.log.open_log import OpenLog


class StartWorker(Protocol):
    """Starts a worker of the pane, which ends with it."""

    def __call__(
        self, work: Callable[[], Awaitable[None]], group: str, *, exclusive: bool = True
    ) -> None:
        """Start it; an exclusive one cancels the other workers of its group."""


def on_log(
    work: Callable[[OpenLog], Awaitable[None]], log: OpenLog
) -> Callable[[], Awaitable[None]]:
    """The work on a log, or nothing if it is closed before the worker starts.

    A finished worker keeps its arguments until the next garbage collection, so they are weak.
    """
    return partial(_work_on, work, ref(log))


async def _work_on(work: Callable[[OpenLog], Awaitable[None]], reference: ref[OpenLog]) -> None:
    log = reference()
    if log is not None:
        await work(log)
