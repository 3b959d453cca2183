"""A flood is decoded in batches, so that key presses are handled in between."""

import asyncio

from nodion_tui.api.http.cancel_once import CancelOnceTasks
from nodion_tui.api.http.decode_turns import DecodeTurns
from nodion_tui.api.http.stream import BATCH_BYTES, LogStream
from tests.support.sse_events import events_of
from tests.support.stream_body import stream_of

LINE = b'event: log\ndata: {"id": "1", "body": "' + b"x" * 120 + b'"}\n\n'
PIECE = LINE * 50


async def test_buffered_data_is_decoded_in_batches() -> None:
    async with LogStream(stream_of([PIECE] * 100), CancelOnceTasks(), DecodeTurns()) as stream:
        assert stream._task is not None
        await asyncio.wait((stream._task,), timeout=20)
        assert stream.ended, "all of it has arrived"
        counts = [len(events_of(batch)) async for batch in stream]
    assert sum(counts) == 100 * 50
    assert max(counts) * len(LINE) <= BATCH_BYTES + len(PIECE)
