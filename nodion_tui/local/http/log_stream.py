"""The log stream of one follower."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing

from sse_starlette import EventSourceResponse, ServerSentEvent

from nodion_tui.local import payloads as wire
from nodion_tui.local.execution.live_log import SEND_BYTES, LiveLog
from nodion_tui.local.storage.run_row import RunRow
from nodion_tui.local.storage.store import EngineStore
from nodion_tui.model.run import FINAL_STATUSES

FEW_FOLLOWERS = 10
"""With more of them each is sent to less often, and more at once."""
PACE_SECONDS = 0.0005
"""Pause for each follower there is, after something was sent to one of many."""
STORE_LINES = 1000
"""Lines read at once for a follower who is behind."""


def log_stream(
    store: EngineStore, run: RunRow, feed: LiveLog, after: int, ping_seconds: float
) -> EventSourceResponse:
    """Answer with a run's lines behind a line number, as they are committed, then its state."""
    return EventSourceResponse(
        _events(store, run, feed, after),
        ping=ping_seconds,
        ping_message_factory=lambda: ServerSentEvent(comment="ping", sep="\n"),
        sep="\n",
    )


async def _events(
    store: EngineStore, run: RunRow, feed: LiveLog, after: int
) -> AsyncGenerator[bytes, None]:
    feed.followers += 1
    try:
        async with aclosing(_lines(store, run, feed, after)) as lines:
            async for events in lines:
                yield events
        if feed.sealed:
            ended = await store.run(run.runner_id, run.id)
            if ended is not None and ended.status in FINAL_STATUSES:
                yield wire.stream_event("state", ended.state_payload())
    finally:
        feed.followers -= 1


async def _lines(
    store: EngineStore, run: RunRow, feed: LiveLog, after: int
) -> AsyncGenerator[bytes, None]:
    while not feed.closed:
        if piece := feed.events_after(after):
            after = piece.last_line
            yield piece.events
            if feed.followers > FEW_FOLLOWERS:
                await asyncio.sleep(feed.followers * PACE_SECONDS)
        elif (known := feed.last) > after:
            blocks = await store.blocks(run.number, after, STORE_LINES, SEND_BYTES)
            for block in blocks:
                yield wire.log_events(feed.prefix, block)
            after = blocks[-1].last if blocks else known
        elif feed.sealed:
            return
        else:
            await feed.wait_for_lines(after)
