"""Ctrl+C, and the end of whoever reads our output, while a command waits for something."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import FrameType

from nodion_tui.cli.output.streams import stdout_can_close


class InterruptWatch:
    """Tells of a ctrl+c and of a reader that went away."""

    def __init__(self) -> None:
        self.interrupted = asyncio.Event()
        self.output_closed = asyncio.Event()

    async def wait_for(self, work: "asyncio.Task[int]", *, interruptible: bool = True) -> None:
        """Wait until the work is done, or there was a ctrl+c, or the reader has gone."""
        awaited = [self.output_closed, self.interrupted] if interruptible else [self.output_closed]
        events = [asyncio.create_task(event.wait()) for event in awaited]
        try:
            await asyncio.wait([work, *events], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for event in events:
                event.cancel()


@asynccontextmanager
async def watch_interrupts() -> AsyncIterator[InterruptWatch]:
    """Watch while the block runs; the second ctrl+c in it ends the program at once."""
    loop = asyncio.get_running_loop()
    watch = InterruptWatch()

    def on_interrupt(_number: int, _frame: FrameType | None) -> None:
        if watch.interrupted.is_set():
            # The loop may be held up by a reader who does not read.
            raise KeyboardInterrupt
        loop.call_soon_threadsafe(watch.interrupted.set)

    before = signal.signal(signal.SIGINT, on_interrupt)
    watched = sys.stdout.fileno() if stdout_can_close() else None
    if watched is not None:
        # Nothing is ever read from the writing end: it becomes "readable" when its reader goes.
        loop.add_reader(watched, watch.output_closed.set)
    try:
        yield watch
    finally:
        if watched is not None:
            loop.remove_reader(watched)
        signal.signal(signal.SIGINT, before)
