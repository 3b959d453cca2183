"""Reads a log for a command as far as the service has it now."""

import asyncio

from nodion_tui.model.errors import NodionError
from nodion_tui.monitor.log.session import LogSession
from nodion_tui.monitor.log.state import LogPhase

READ_SECONDS = 30.0
"""Time that a log may take to be read before a command is given it."""


async def read_log(session: LogSession) -> str:
    """Read what has been written so far; returns why not all of it is there, or an empty text.

    A log that is being followed has it already, and no end to wait for.
    """
    changed = asyncio.Event()
    unsubscribe = session.subscribe(lambda _: changed.set())
    try:
        async with asyncio.timeout(READ_SECONDS):
            while not await session.catch_up():
                pass
            while session.state.phase is LogPhase.LOADING:
                await changed.wait()
                changed.clear()
    except TimeoutError:
        return "The log is still being read: the command gets the lines read so far."
    except NodionError as error:
        return f"The log could not be read to its end: {error.title}"
    finally:
        unsubscribe()
    return ""
