"""Ctrl+C and a closed stdout while a command waits."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import FrameType

from nodion_tui.cli.output.streams import stdout_can_close


class InterruptWatch:
    """Events for ctrl+c and for a stdout whose reader has exited."""

    def __init__(self) -> None:
        self.interrupted = asyncio.Event()
        self.output_closed = asyncio.Event()

    async def wait_for(self, task: "asyncio.Task[int]", *, interruptible: bool = True) -> None:
        """Waits until the task is done, ctrl+c is pressed or stdout is closed."""
        events = [self.output_closed, self.interrupted] if interruptible else [self.output_closed]
        waiters = [asyncio.create_task(event.wait()) for event in events]
        try:
            await asyncio.wait([task, *waiters], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for waiter in waiters:
                waiter.cancel()


@asynccontextmanager
async def watch_interrupts() -> AsyncIterator[InterruptWatch]:
    """Watches during the block; the second ctrl+c ends the program immediately."""
    loop = asyncio.get_running_loop()
    watch = InterruptWatch()

    def on_interrupt(_number: int, _frame: FrameType | None) -> None:
        if watch.interrupted.is_set():
            # The loop may be blocked by a reader that does not read.
            raise KeyboardInterrupt
        loop.call_soon_threadsafe(watch.interrupted.set)

    previous_handler = signal.signal(signal.SIGINT, on_interrupt)
    stdout = sys.stdout.fileno() if stdout_can_close() else None
    if stdout is not None:
        # The writing end of a pipe becomes "readable" only when its reader closes it.
        loop.add_reader(stdout, watch.output_closed.set)
    try:
        yield watch
    finally:
        if stdout is not None:
            loop.remove_reader(stdout)
        signal.signal(signal.SIGINT, previous_handler)
