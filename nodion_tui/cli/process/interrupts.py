"""Signals that end a command, and a closed stdout, while the command waits."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import FrameType

from nodion_tui.cli.output.streams import stdout_can_close
from nodion_tui.cli.process.exit_codes import INTERRUPTED, Interrupted, signal_exit_code

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
"""Ctrl+c, a canceled CI job, and a terminal that is gone."""


class InterruptWatch:
    """Events for a signal and for a stdout whose reader has exited."""

    def __init__(self) -> None:
        self.interrupted = asyncio.Event()
        self.output_closed = asyncio.Event()
        self.exit_code = INTERRUPTED
        """Exit code of a command that ends because of the signal: 128 + its number."""

    async def wait_for(self, task: "asyncio.Task[int]", *, interruptible: bool = True) -> None:
        """Waits until the task is done, a signal arrives or stdout is closed."""
        events = [self.output_closed, self.interrupted] if interruptible else [self.output_closed]
        await _wait_for_first(task, *events)

    async def wait_for_answer(self, task: "asyncio.Task[object]") -> None:
        """Waits until the task is done or a signal arrives; a closed stdout ends nothing."""
        await _wait_for_first(task, self.interrupted)


async def _wait_for_first(task: "asyncio.Task[object]", *events: asyncio.Event) -> None:
    waiters = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait([task, *waiters], return_when=asyncio.FIRST_COMPLETED)
    finally:
        for waiter in waiters:
            waiter.cancel()


@asynccontextmanager
async def watch_interrupts() -> AsyncIterator[InterruptWatch]:
    """Watches during the block; the second signal ends the program immediately.

    A signal that is ignored at the start, as SIGHUP under nohup, stays ignored.
    """
    loop = asyncio.get_running_loop()
    watch = InterruptWatch()

    def on_signal(number: int, _frame: FrameType | None) -> None:
        if watch.interrupted.is_set():
            # The loop may be blocked by a reader that does not read.
            raise Interrupted(signal_exit_code(number))
        watch.exit_code = signal_exit_code(number)
        loop.call_soon_threadsafe(watch.interrupted.set)

    previous_handlers = {
        number: signal.signal(number, on_signal)
        for number in SIGNALS
        if signal.getsignal(number) != signal.SIG_IGN
    }
    stdout = sys.stdout.fileno() if stdout_can_close() else None
    if stdout is not None:
        # The writing end of a pipe becomes "readable" only when its reader closes it.
        loop.add_reader(stdout, watch.output_closed.set)
    try:
        yield watch
    finally:
        if stdout is not None:
            loop.remove_reader(stdout)
        for number, handler in previous_handlers.items():
            signal.signal(number, handler)
