"""Variants of behaviour that the API reference leaves open, and injected faults."""

import asyncio
import dataclasses
from pathlib import Path
from typing import Any

import httpx
import pytest

from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.http.server import EngineServer
from tests.support.faulty_engine import Fault, with_faults
from tests.support.wire import Followed, Wire, connect


@pytest.mark.parametrize("page_size", [1, 2, 7])
async def test_any_page_size(
    engine_settings: EngineSettings, runner_id: Any, page_size: int
) -> None:
    settings = dataclasses.replace(engine_settings, page_size=page_size)
    async with EngineServer(settings) as server, connect(server.url, server.key) as http:
        wire = Wire(http, runner_id)
        run = await wire.trigger("Hello")
        followed = await wire.follow(run)
        assert len(await wire.logs(run)) == min(page_size, 4)
        assert [line["body"] for line in await wire.all_logs(run)] == followed.bodies


async def test_stream_that_starts_now(engine_settings: EngineSettings, runner_id: Any) -> None:
    settings = dataclasses.replace(engine_settings, stream_from="now")
    async with EngineServer(settings) as server, connect(server.url, server.key) as http:
        wire = Wire(http, runner_id)
        run = await wire.trigger("Hello")
        assert (await wire.follow(run)).state is not None
        second = await wire.follow(run)
        assert (second.lines, second.state is None) == ([], False)
        first = (await wire.logs(run))[0]["id"]
        assert len((await wire.follow(run, after_id=first)).lines) == 3


async def test_stream_that_requires_no_media_type(
    engine_settings: EngineSettings, runner_id: Any
) -> None:
    settings = dataclasses.replace(engine_settings, stream_accept="any")
    async with EngineServer(settings) as server, connect(server.url, server.key) as http:
        run = await Wire(http, runner_id).trigger("Hello")
        assert (await http.get(f"{run['path']}/logs/stream")).status_code == 200


@pytest.mark.parametrize(("empty_argv", "status"), [("absent", 200), ("given", 400)])
async def test_an_empty_argv_beside_a_command(
    engine_settings: EngineSettings, runner_id: Any, empty_argv: Any, status: int
) -> None:
    settings = dataclasses.replace(engine_settings, empty_argv=empty_argv)
    async with EngineServer(settings) as server, connect(server.url, server.key) as http:
        path = f"/runners/{runner_id('Hello')}/runs"
        answer = await http.post(path, json={"argv": [], "command": "true"})
        assert answer.status_code == status
        if status == 400:
            assert list(answer.json()["errors"]) == ["argv"]
        for body in ('{"argv": []}', '{"argv": null, "command": "true"}'):
            assert (await http.post(path, content=body)).status_code == 200


async def test_service_that_lists_no_runners(
    engine_settings: EngineSettings, runner_id: Any
) -> None:
    settings = dataclasses.replace(engine_settings, list_runners=False)
    async with EngineServer(settings) as server, connect(server.url, server.key) as http:
        assert (await http.get("/runners")).status_code == 404
        assert (await http.get(f"/runners/{runner_id('Hello')}/runs")).json() == {"runs": []}


class Faulty:
    """Injects the fault that the test sets."""

    def __init__(self) -> None:
        self.fault: Fault | None = None

    def __call__(self, method: str, path: str) -> Fault | None:
        assert method in {"GET", "POST"}
        assert path.startswith("/v1/")
        return self.fault


@pytest.fixture
def faulty() -> Faulty:
    return Faulty()


@pytest.fixture
def engine_settings(engine_settings: EngineSettings, faulty: Faulty) -> EngineSettings:
    return with_faults(engine_settings, faulty)


async def test_any_status_can_be_asked_for(wire: Wire, faulty: Faulty) -> None:
    headers = {"Retry-After": "7", "Content-Type": "text/html"}
    faulty.fault = Fault(status=503, headers=headers, body=b"<h1>down</h1>")
    answer = await wire.http.get("/runners")
    assert (answer.status_code, answer.content) == (503, b"<h1>down</h1>")
    assert answer.headers["retry-after"] == "7"


async def test_an_answer_can_be_lost_after_it_took_effect(wire: Wire, faulty: Faulty) -> None:
    faulty.fault = Fault(cut_after=0)
    with pytest.raises(httpx.HTTPError):
        await wire.trigger("Hello")
    faulty.fault = None
    path = f"/runners/{wire.runner_id('Hello')}/runs"
    assert len((await wire.http.get(path)).json()["runs"]) == 1


async def test_a_stream_can_be_cut_anywhere(wire: Wire, faulty: Faulty) -> None:
    run = await wire.trigger("Hello")
    whole = (await wire.follow(run)).bodies
    for cut in (0, 1, 100, 200, 400):
        faulty.fault = Fault(cut_after=cut)
        seen = Followed()
        with pytest.raises(httpx.HTTPError):
            await wire.follow(run, into=seen)
        assert seen.bodies == whole[: len(seen.bodies)]
        assert seen.state is None


async def test_a_stream_can_fall_silent(wire: Wire, faulty: Faulty) -> None:
    run = await wire.trigger("Hello")
    await wire.follow(run)
    faulty.fault = Fault(stall_after=10)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await wire.follow(run)


async def test_a_fault_of_our_own_is_told_without_its_inside(
    engine: EngineServer, wire: Wire, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError(f"inside {tmp_path}")

    monkeypatch.setattr(engine._store, "find_run", broken)
    answer = await wire.http.get(f"/runners/{wire.runner_id('Hello')}/runs/x")
    assert answer.status_code == 500
    assert answer.json() == {"error": "internal engine error; see the engine's log"}
