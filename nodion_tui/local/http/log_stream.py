"""Log stream (SSE) of one follower."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from sse_starlette import EventSourceResponse, ServerSentEvent

from nodion_tui.local import payloads
from nodion_tui.local.execution.live_log import SEND_BYTES, LiveLog
from nodion_tui.local.storage.run_row import RunRow
from nodion_tui.local.storage.store import EngineStore
from nodion_tui.model.run import FINAL_STATUSES

FEW_FOLLOWERS = 10
"""With more followers each gets larger and less frequent sends."""
PACE_SECONDS = 0.0005
"""Pause per follower after each send, if there are many."""
STORE_LINES = 1000
"""Lines read at once for a follower that is behind the tail."""


def log_stream(
    store: EngineStore, row: RunRow, live_log: LiveLog, after_line: int, ping_seconds: float
) -> EventSourceResponse:
    """Respond with a run's lines after a line number, as they are committed, then its state."""
    return EventSourceResponse(
        _events(store, row, live_log, after_line),
        ping=ping_seconds,
        ping_message_factory=lambda: ServerSentEvent(comment="ping", sep="\n"),
        sep="\n",
    )


async def _events(
    store: EngineStore, row: RunRow, live_log: LiveLog, after_line: int
) -> AsyncGenerator[bytes, None]:
    live_log.followers += 1
    try:
        async with aclosing(_line_events(store, row, live_log, after_line)) as lines:
            async for events in lines:
                yield events
        if live_log.sealed:
            final_run = await store.find_run(row.runner_id, row.id)
            if final_run is not None and final_run.status in FINAL_STATUSES:
                yield payloads.stream_event("state", final_run.state_payload())
    finally:
        live_log.followers -= 1


async def _line_events(
    store: EngineStore, row: RunRow, live_log: LiveLog, after_line: int
) -> AsyncGenerator[bytes, None]:
    while not live_log.closed:
        if chunk := live_log.events_after(after_line):
            after_line = chunk.last_line
            yield chunk.events
            if live_log.followers > FEW_FOLLOWERS:
                await asyncio.sleep(live_log.followers * PACE_SECONDS)
        elif (committed_line := live_log.last_line) > after_line:
            blocks = await store.blocks(row.number, after_line, STORE_LINES, SEND_BYTES)
            for block in blocks:
                yield payloads.log_events(live_log.line_id_prefix, block)
            after_line = blocks[-1].last if blocks else committed_line
        elif live_log.sealed:
            return
        else:
            await live_log.wait_for_lines(after_line)
