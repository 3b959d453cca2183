"""A stream that the engine cannot continue ends with an `error` event, not with a broken body."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from nodion_tui.api.client import NodionClient
from nodion_tui.api.follow.events import LogNotice, NewLines, RunEnded
from nodion_tui.api.follow.follower import LogFollower
from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.execution.live_log import LiveLog
from nodion_tui.local.http.server import EngineServer
from nodion_tui.local.storage.store_faults import StoreUnavailable
from nodion_tui.model.run import RunKey
from tests.support.wire import Wire, connect

REASON = "the engine cannot read its data: the disk reports an error"


async def _last_event(wire: Wire, run: dict[str, Any]) -> tuple[str, Any]:
    """The last event of a stream that is closed in an orderly way."""
    last = ("", None)
    async for event, data in wire.events(run):
        last = last if event == ":" else (event, data)
    return last


async def test_a_shutdown_is_told_if_the_run_goes_on(
    engine_settings: EngineSettings, runner_id: Callable[[str], str]
) -> None:
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(EngineServer(engine_settings))
        http = await stack.enter_async_context(connect(server.url, server.key))
        wire = Wire(http, runner_id)
        busy = [await wire.trigger("Until stopped") for _ in range(server.settings.max_running)]
        pending = await wire.trigger("Hello")
        streams = [asyncio.create_task(_last_event(wire, run)) for run in (pending, busy[0])]
        await wire.logged(busy[0], "tick")
        await server.__aexit__()
        (event, data), (last, _) = await asyncio.gather(*streams)
    assert (event, data) == ("error", {"error": "the engine was shut down"})
    assert last == "state", "a run that the shutdown ends has a final state"


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (StoreUnavailable(REASON), REASON),
        (RuntimeError("/secret/path"), "internal engine error; see the engine's log"),
    ],
)
async def test_a_database_that_cannot_be_read_is_told_and_the_client_reads_on(
    engine: EngineServer,
    wire: Wire,
    client: NodionClient,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    fault: Exception,
    told: str,
) -> None:
    go_on = tmp_path / "go-on"
    command = f"echo one; until [ -e {go_on} ]; do sleep 0.02; done; echo two"
    run = await wire.trigger("Hello", command=command)
    faults = [fault, fault]
    blocks = engine._store.blocks

    async def failing(number: int, after: int, lines: int, *size: int) -> Any:
        if size and go_on.exists() and faults:  # read for a stream
            raise faults.pop()
        return await blocks(number, after, lines, *size)

    monkeypatch.setattr(engine._store, "blocks", failing)
    monkeypatch.setattr(LiveLog, "events_after", lambda *_: None)
    stream = asyncio.create_task(_last_event(wire, run))
    bodies: list[str] = []
    notices: list[str] = []
    key = RunKey(wire.runner_id("Hello"), run["id"])
    async for event in LogFollower(client, key, rng=lambda: 0.1):
        if isinstance(event, NewLines):
            bodies += [line.body for line in event.lines]
            if "one" in bodies:
                go_on.touch()
        if isinstance(event, LogNotice):
            notices.append(event.text)
    assert await stream == ("error", {"error": told})
    assert notices == [f"the service reports: {told}"]
    assert bodies == ["========> Executing command", "one", "two"]
    assert isinstance(event, RunEnded)
    assert event.complete
