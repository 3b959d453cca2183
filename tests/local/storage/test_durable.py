"""Durability after kill -9: every line sent to a client is kept, under its id."""

import asyncio
import contextlib
from pathlib import Path
from typing import Any

import httpx
import pytest

from nodion_tui.local.child_engine import ChildEngine
from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.http.server import EngineServer
from nodion_tui.local.runners.runner_spec import RunnerSpec
from tests.support.processes import is_running
from tests.support.wire import Wire, connect

WRITERS = 10
BUSY = RunnerSpec(
    name="Busy",
    run_command=(
        "setsid sleep 300 & echo $!; i=0;"
        " while :; do i=$((i+1)); echo line $i; [ $((i % 10)) = 0 ] && sleep 0.008; done"
    ),
)
QUICK = RunnerSpec(name="Quick", argv=("env",), env={"A": "runner"})


@pytest.fixture
def settings(tmp_path: Path) -> EngineSettings:
    return EngineSettings(
        data_dir=tmp_path / "data",
        runners=(BUSY, QUICK),
        max_running=WRITERS,
        shutdown_seconds=0.2,
    )


def _wire(http: Any) -> Wire:
    return Wire(http, {spec.name: spec.api_id for spec in (BUSY, QUICK)}.__getitem__)


class Follower:
    """Follows a log until the connection breaks."""

    def __init__(self, wire: Wire, run: dict[str, Any]) -> None:
        self.lines: list[dict[str, Any]] = []
        self.enough = asyncio.Event()
        self.task = asyncio.create_task(self._collect(wire, run))

    async def _collect(self, wire: Wire, run: dict[str, Any]) -> None:
        with contextlib.suppress(httpx.HTTPError):
            async for event, data in wire.events(run):
                if event == "log":
                    self.lines.append(data)
                if len(self.lines) >= 400:
                    self.enough.set()


async def test_kill_in_the_middle_of_ten_writing_runs(settings: EngineSettings) -> None:
    async with ChildEngine(settings) as server, connect(server.url, server.key) as http:
        wire = _wire(http)
        runs = [await wire.trigger("Busy") for _ in range(WRITERS)]
        overrides = [{"env_key": "B", "env_val": "kept"}]
        waiting = await wire.trigger("Quick", env_variables=overrides)
        followers = [Follower(wire, run) for run in runs]
        for follower in followers:
            await follower.enough.wait()
        server.process.kill()
        await asyncio.gather(*(follower.task for follower in followers))
    left_over = [int(follower.lines[1]["body"]) for follower in followers]
    assert all(map(is_running, left_over))

    async with EngineServer(settings) as restarted, connect(restarted.url, restarted.key) as http:
        wire = _wire(http)
        assert not any(map(is_running, left_over))
        for run, follower in zip(runs, followers, strict=True):
            lines = (await wire.follow(run)).lines
            assert lines[: len(follower.lines)] == follower.lines
            numbers = [line["body"] for line in lines[2:-1]]
            assert numbers == [f"line {number}" for number in range(1, len(numbers) + 1)]
            assert lines[-1]["body"].startswith("========> Engine crashed")
            ended = await wire.get(run)
            assert (ended["status"], ended["exit_code"]) == ("failed", None)
            assert ended["completed_at"] >= ended["started_at"]
        bodies = (await wire.follow(waiting)).bodies
        assert {"A=runner", "B=kept"} <= set(bodies)
        assert (await wire.get(waiting))["status"] == "succeeded"


async def test_orderly_end_leaves_nothing_running(settings: EngineSettings) -> None:
    async with EngineServer(settings) as server, connect(server.url, server.key) as http:
        wire = _wire(http)
        run = await wire.trigger("Busy")
        async for event, data in wire.events(run):
            if event == "log" and data["body"].isdigit():
                job = int(data["body"])
                break
    assert not is_running(job)
    async with EngineServer(settings) as restarted, connect(restarted.url, restarted.key) as http:
        wire = _wire(http)
        assert (await wire.get(run))["status"] == "failed"
        bodies = (await wire.follow(run)).bodies
        assert "========> The engine was shut down during this run" in bodies


async def test_ids_keys_and_runner_dates_stay_over_a_restart(settings: EngineSettings) -> None:
    responses: list[tuple[object, ...]] = []
    for _ in range(2):
        async with EngineServer(settings) as server, connect(server.url, server.key) as http:
            wire = _wire(http)
            if not responses:
                run = await wire.trigger("Quick")
            lines = (await wire.follow(run)).lines
            responses.append((server.key, lines, (await http.get("/runners")).json()))
    assert responses[0] == responses[1]
