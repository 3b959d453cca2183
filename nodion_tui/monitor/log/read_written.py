"""Reads a log as far as it is written, for what needs all of it at once."""

import asyncio
from collections.abc import Callable
from contextlib import ExitStack

from nodion_tui.monitor.log.session import LogSession
from nodion_tui.monitor.log.state import LogPhase, LogState


def is_loaded(state: LogState) -> bool:
    """Whether the lines written so far were read, or cannot be."""
    return state.phase is not LogPhase.LOADING


async def read_written(session: LogSession, done: Callable[[LogState], bool] = is_loaded) -> None:
    """Read a log until its state is `done`, or it has ended; errors are set in the state."""
    changed = asyncio.Event()
    with ExitStack() as stack:
        stack.callback(session.subscribe(lambda _: changed.set()))
        reading = asyncio.ensure_future(session.run())
        stack.callback(reading.cancel)
        while not done(session.state) and not reading.done():
            changed.clear()
            waiting = asyncio.ensure_future(changed.wait())
            stack.callback(waiting.cancel)
            await asyncio.wait((reading, waiting), return_when=asyncio.FIRST_COMPLETED)
