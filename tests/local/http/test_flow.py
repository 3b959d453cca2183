"""Memory is bounded: writers wait for the store, disconnected followers are released."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.execution.live_log import TAIL_BYTES, LiveLog
from nodion_tui.local.execution.run_output import MAX_UNCOMMITTED_BYTES, RunOutput
from nodion_tui.local.http.log_stream import _events
from nodion_tui.local.payloads import LogBlock, new_line_id_prefix
from nodion_tui.local.storage.run_row import RunRow
from nodion_tui.local.storage.store import EngineStore
from nodion_tui.model.trigger import TriggerRequest


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[EngineStore]:
    opened = EngineStore(tmp_path / "db")
    yield opened
    await opened.aclose()


@pytest.fixture
async def run(store: EngineStore) -> RunRow:
    return await store.add_run("x", TriggerRequest(), 1)


async def test_output_waits_while_the_store_is_behind(
    store: EngineStore, run: RunRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nodion_tui.local.storage.writer.RETRY_SECONDS", 0.05)
    live_log = LiveLog(run.line_id_prefix)
    output = RunOutput(store, run.number, live_log, EngineSettings())
    store._writer_connection.execute("PRAGMA query_only=1")
    writing = asyncio.create_task(output.write(b"x" * 99 + b"\n" + b"y\n" * MAX_UNCOMMITTED_BYTES))
    await asyncio.wait([writing], timeout=0.1)
    assert not writing.done()
    assert live_log.last_line == 0, "nothing is told before it is committed"
    store._writer_connection.execute("PRAGMA query_only=0")
    await writing
    await output.close()
    assert live_log.last_line == await store.last_line(run.number) == 1 + MAX_UNCOMMITTED_BYTES


async def test_a_fault_in_one_change_is_told_and_ends_no_other(store: EngineStore) -> None:
    def broken(_: object) -> None:
        raise ValueError("a defect")

    with pytest.raises(ValueError, match="a defect"):
        await store._writer.submit(broken)
    assert await store.save_runners([("x", b"{}")], 7) == {"x": (7, 7)}


async def test_a_follower_who_goes_is_forgotten(store: EngineStore, run: RunRow) -> None:
    live_log = LiveLog(run.line_id_prefix)
    follower = _events(store, run, live_log, 0)
    waiting = asyncio.ensure_future(anext(follower))
    await asyncio.sleep(0)
    assert live_log.followers == 1
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert live_log.followers == 0


async def test_a_stream_without_a_final_state_ends_with_an_error(
    store: EngineStore, run: RunRow
) -> None:
    live_log = LiveLog(run.line_id_prefix)
    live_log.seal()
    (event,) = [event async for event in _events(store, run, live_log, 0)]
    assert event.startswith(b'event: error\ndata: {"error":"the final state ')


def test_tail_is_bounded_and_gone_with_the_last_follower() -> None:
    live_log = LiveLog(new_line_id_prefix())
    live_log.followers = 1
    for number in range(1, 30_000):
        live_log.publish(LogBlock(number, 1, 0, b"x" * 100), public=True)
    assert TAIL_BYTES / 2 < live_log._tail_bytes <= 2 * TAIL_BYTES
    assert live_log._tail_bytes == sum(len(chunk.events) for chunk in live_log._tail)
    assert live_log.events_after(1) is None
    piece = live_log.events_after(29_990)
    assert piece is not None
    assert (piece.last_line, piece.events.count(b"event: log")) == (29_999, 9)
    live_log.followers = 0
    live_log.publish(LogBlock(30_000, 1, 0, b"x"), public=True)
    assert (live_log._tail_bytes, live_log._tail) == (0, [])
