"""Log stream (SSE) of one follower."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from sse_starlette import EventSourceResponse, ServerSentEvent

from nodion_tui.local import payloads
from nodion_tui.local.execution.live_log import SEND_BYTES, LiveLog
from nodion_tui.local.storage.run_row import RunRow
from nodion_tui.local.storage.store import EngineStore, LogDeleted
from nodion_tui.local.storage.store_faults import StoreUnavailable
from nodion_tui.model.run import FINAL_STATUSES

FEW_FOLLOWERS = 10
"""With more followers each gets larger and less frequent sends."""
PACE_SECONDS = 0.0005
"""Pause per follower after each send, if there are many."""
STORE_LINES = 1000
"""Lines read at once for a follower that is behind the tail."""
INTERNAL_ERROR = "internal engine error; see the engine's log"
_logger = logging.getLogger(__name__)


class StreamBroken(Exception):
    """The engine ends a stream before the final state; the message is for its follower."""


def log_stream(
    store: EngineStore, row: RunRow, live_log: LiveLog, after_line: int, ping_seconds: float
) -> EventSourceResponse:
    """Respond with a run's lines after a line number, as they are committed, then its state.

    A stream that the engine cannot continue ends with an `error` event instead of the state.
    """
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
        yield payloads.stream_event("state", await _final_state(store, row))
    except (StreamBroken, StoreUnavailable, LogDeleted) as problem:
        yield payloads.stream_event("error", {"error": str(problem)})
    except Exception:
        _logger.exception("the log stream of run %s broke", row.id)
        yield payloads.stream_event("error", {"error": INTERNAL_ERROR})
    finally:
        live_log.followers -= 1


async def _final_state(store: EngineStore, row: RunRow) -> dict[str, Any]:
    """Return the payload of the `state` event.

    Raises:
        LogDeleted: some of the lines before it may be missing.
        StreamBroken: the run's row is damaged.
        StoreUnavailable: it cannot be read.
    """
    final_run = await store.find_run(row.runner_id, row.id)
    if final_run is None or final_run.status not in FINAL_STATUSES:
        raise StreamBroken("the final state of this run cannot be read")
    if final_run.log_deleted_at is not None:
        raise LogDeleted
    return final_run.state_payload()


async def _line_events(
    store: EngineStore, row: RunRow, live_log: LiveLog, after_line: int
) -> AsyncGenerator[bytes, None]:
    """Yield the lines up to the run's end, which is where they are when it is noticed.

    A stopped run may write for seconds after that: pages return these lines.

    Raises:
        StreamBroken: the log was closed.
        LogDeleted: it is no longer kept.
        StoreUnavailable: it cannot be read.
    """
    end_line: int | None = None
    while True:
        if live_log.sealed and end_line is None:
            end_line = live_log.last_line
        if end_line is not None and after_line >= end_line:
            return
        if live_log.closed_because:
            raise StreamBroken(live_log.closed_because)
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
        else:
            await live_log.wait_for_lines(after_line)
