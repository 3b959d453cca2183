"""Logs of runs that ended long enough ago are deleted, and then answered as gone."""

import asyncio
import dataclasses
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.execution.live_log import LiveLog
from nodion_tui.local.http.log_stream import STORE_LINES, _events
from nodion_tui.local.http.server import EngineServer
from nodion_tui.local.payloads import LogBlock
from nodion_tui.local.storage import store as store_module
from nodion_tui.local.storage.store import EngineStore
from nodion_tui.model.trigger import TriggerRequest
from tests.support.hostile import until
from tests.support.wire import Wire, connect

GONE = (410, {"error": "the log was deleted after its retention period"})
STUBBORN = "trap 'echo late' TERM; echo up; while :; do sleep 0.02; done"


@pytest.fixture
def database(engine_settings: EngineSettings) -> Path:
    assert engine_settings.data_dir is not None
    return engine_settings.data_dir / "engine.sqlite3"


def _numbers_with_lines(database: Path) -> set[int]:
    with closing(sqlite3.connect(database)) as db:
        return {number for (number,) in db.execute("SELECT DISTINCT run FROM blocks")}


async def _answers(wire: Wire, run: dict[str, Any]) -> list[tuple[int, Any]]:
    """The answers of both routes to a log, from its start and from a line."""
    answers = [
        await wire.http.get(
            f"{run['path']}/{route}", params=query, headers={"Accept": "text/event-stream"}
        )
        for route in ("logs", "logs/stream")
        for query in ({}, {"after_id": "00000000-0000-4000-8000-000000000000"})
    ]
    return [(answer.status_code, answer.json()) for answer in answers]


async def test_old_logs_are_gone_and_what_is_still_written_is_kept(
    engine_settings: EngineSettings,
    runner_id: Callable[[str], str],
    database: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(store_module, "DELETE_BLOCKS", 2)
    short = dataclasses.replace(engine_settings, keep_logs_seconds=0.3, shutdown_seconds=0.1)
    async with EngineServer(short) as server, connect(server.url, server.key) as http:
        wire = Wire(http, runner_id)
        running = await wire.trigger("Until stopped")
        stopping = await wire.trigger("Hello", command=STUBBORN)
        await wire.logged(stopping, "up")
        await wire.stop(stopping)
        old = await wire.trigger("Chatty")
        async with asyncio.timeout(10):
            while (ended := await wire.get(old))["status"] != "succeeded":
                pass
        await until(lambda: _numbers_with_lines(database) == {1, 2})
        assert await _answers(wire, old) == [GONE] * 4
        assert await wire.get(old) == ended
        assert "late" in await wire.logged(stopping, "late")
        assert await wire.logged(running, "tick")
    async with EngineServer(engine_settings) as server, connect(server.url, server.key) as http:
        assert await _answers(Wire(http, runner_id), old) == [GONE] * 4


async def test_a_deletion_that_a_crash_interrupted_is_completed(
    engine_settings: EngineSettings, runner_id: Callable[[str], str], database: Path
) -> None:
    async with EngineServer(engine_settings) as server, connect(server.url, server.key) as http:
        wire = Wire(http, runner_id)
        marked, kept = [await wire.trigger("Hello") for _ in range(2)]
        lines = [(await wire.follow(run)).lines for run in (marked, kept)]
    with closing(sqlite3.connect(database)) as db, db:
        db.execute("UPDATE runs SET log_deleted_at=1 WHERE id=?", (marked["id"],))
    assert _numbers_with_lines(database) == {1, 2}
    keeping = dataclasses.replace(engine_settings, keep_logs_seconds=3600.0)
    async with EngineServer(keeping) as server, connect(server.url, server.key) as http:
        await until(lambda: _numbers_with_lines(database) == {2})
        assert (await Wire(http, runner_id).follow(kept)).lines == lines[1]


async def test_a_log_that_is_deleted_while_it_is_sent_ends_with_an_error(tmp_path: Path) -> None:
    store = EngineStore(tmp_path / "engine.sqlite3")
    run = await store.add_run("x", TriggerRequest(), 1)
    bodies = b"\n" * (STORE_LINES - 1)
    blocks = [LogBlock(1 + index * STORE_LINES, STORE_LINES, 2, bodies) for index in range(3)]
    await asyncio.gather(*(store.append_block(run.number, block, public=True) for block in blocks))
    await store.mark_finished(run.number, "succeeded", 0, 3)
    live_log = LiveLog(run.line_id_prefix, last_line=3 * STORE_LINES)
    live_log.seal()
    events = _events(store, run, live_log, 0)
    assert (await anext(events)).count(b"event: log") == STORE_LINES
    await store.expire_logs(4, 5, frozenset())
    assert [event async for event in events] == [
        b'event: error\ndata: {"error":"the log was deleted after its retention period"}\n\n'
    ]
    await store.aclose()
