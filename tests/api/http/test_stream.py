"""A flood is decoded in batches, so that key presses are handled in between."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace

import pytest

from nodion_tui.api.http import stream as stream_module
from nodion_tui.api.http.cancel_once import CancelOnceTasks
from nodion_tui.api.http.decode_turns import DecodeTurns
from nodion_tui.api.http.stream import _FLOOD_BYTES, _FLOOD_READS, BATCH_BYTES, LogStream
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


async def test_after_a_large_batch_the_socket_is_read_again_soon(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The clock stands still, so that how long is rested does not depend on the machine."""
    rests: list[float] = []
    is_decoded, sleep = asyncio.Event(), asyncio.sleep

    async def note(seconds: float) -> None:
        rests.append(seconds)
        await sleep(0)

    async def body() -> AsyncIterator[bytes]:
        yield LINE * (_FLOOD_BYTES // len(LINE) + 1)
        await is_decoded.wait()
        yield LINE

    @asynccontextmanager
    async def connect() -> AsyncIterator[AsyncIterator[bytes]]:
        yield body()

    monkeypatch.setattr(stream_module, "time", SimpleNamespace(monotonic=lambda: 100.0))
    async with LogStream(connect, CancelOnceTasks(), DecodeTurns()) as stream:
        batch = await stream.take()
        while not batch:
            batch = await stream.take()
        monkeypatch.setattr(asyncio, "sleep", note)
        is_decoded.set()
        await stream.take()
    assert rests[:1] == [_FLOOD_READS]
