"""What the pane does for its controllers."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol
from weakref import ref

from nodion_tui.monitor.monitor import Monitor
from nodion_tui.ui.dialogs.menu import MenuEntry
from nodion_tui.ui.log.open_log import OpenLog


class StartWorker(Protocol):
    """Starts a worker of the pane, which ends with it."""

    def __call__(
        self, work: Callable[[], Awaitable[None]], group: str, *, exclusive: bool = True
    ) -> None:
        """Start it; an exclusive one cancels the other workers of its group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionContext:
    """Asks, shows and starts what more than one controller needs."""

    monitor: Callable[[], Monitor | None]
    """Returns the monitor of the profile."""
    choose: Callable[[str, Sequence[MenuEntry]], Awaitable[str | None]]
    """Asks with a menu of this title."""
    show_message: Callable[[str], None]
    moved: Callable[[], None]
    """Repaints the log."""
    is_shown: Callable[[OpenLog], bool]
    """Whether a log is still on screen."""
    start_worker: StartWorker

    def start(
        self,
        work: Callable[[OpenLog], Awaitable[None]],
        log: OpenLog,
        group: str,
        *,
        exclusive: bool = True,
    ) -> None:
        """Start a worker on a log, which does nothing if the log is closed before.

        A finished worker keeps its arguments until the next garbage collection, so they are weak.
        """
        self.start_worker(partial(_work_on, work, ref(log)), group, exclusive=exclusive)


async def _work_on(work: Callable[[OpenLog], Awaitable[None]], reference: ref[OpenLog]) -> None:
    log = reference()
    if log is not None:
        await work(log)
