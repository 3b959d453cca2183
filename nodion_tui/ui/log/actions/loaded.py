"""Waits until the lines of a log that exist have been read."""

import asyncio

from nodion_tui.monitor.log.shown_log import ShownLog
from nodion_tui.monitor.log.state import LogPhase, LogState


async def loaded(session: ShownLog) -> None:
    """Wait until the lines that exist have been read, or cannot be."""
    done = asyncio.Event()

    def note(state: LogState) -> None:
        if state.phase is not LogPhase.LOADING:
            done.set()

    unsubscribe = session.subscribe(note)
    try:
        note(session.state)
        await done.wait()
    finally:
        unsubscribe()
