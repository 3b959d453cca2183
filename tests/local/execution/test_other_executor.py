"""A run that another executor has: nothing is claimed about it, and the right executor ends it."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from nodion_tui.local.child_engine import ChildEngine
from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.http.server import EngineServer
from nodion_tui.local.runners.runner_spec import RunnerSpec
from tests.support.processes import is_running
from tests.support.wire import Wire, connect

ENDLESS = RunnerSpec(name="Endless", run_command="echo $$; exec sleep 300")


@pytest.fixture
def settings(tmp_path: Path) -> EngineSettings:
    return EngineSettings(data_dir=tmp_path / "data", runners=(ENDLESS,), shutdown_seconds=0.2)


async def _left_by_a_killed_engine(settings: EngineSettings) -> tuple[dict[str, Any], int]:
    async with ChildEngine(settings) as server, connect(server.url, server.key) as http:
        wire = Wire(http, lambda _: ENDLESS.api_id)
        run = await wire.trigger("Endless")
        async for event, data in wire.events(run):
            if event == "log" and data["body"].isdigit():
                server.process.kill()
                return run, int(data["body"])
    pytest.fail("it ended")


def _make_executor(settings: EngineSettings, name: str) -> None:
    """Let the database say that another executor has the run."""
    assert settings.data_dir is not None
    with closing(sqlite3.connect(settings.data_dir / "engine.sqlite3")) as db:
        assert db.execute("UPDATE runs SET executor=?", (name,)).rowcount == 1
        db.execute("UPDATE engine SET is_open=0")  # this connection writes the log back
        db.commit()


async def test_it_stays_running_until_the_right_executor_ends_it(settings: EngineSettings) -> None:
    run, process = await _left_by_a_killed_engine(settings)
    _make_executor(settings, "podman")
    notices: list[str] = []
    async with (
        EngineServer(settings, notices.append) as server,
        connect(server.url, server.key) as http,
    ):
        wire = Wire(http, lambda _: ENDLESS.api_id)
        assert (await wire.get(run))["status"] == "running"
        assert [line["body"] for line in await wire.logs(run)][-1].isdigit(), "nothing is claimed"
    assert "start the engine with --executor podman" in notices[0]
    _make_executor(settings, "process")
    async with (
        EngineServer(settings, notices.append) as server,
        connect(server.url, server.key) as http,
    ):
        wire = Wire(http, lambda _: ENDLESS.api_id)
        assert (await wire.follow(run)).bodies[-1].endswith("its processes were killed")
        assert (await wire.get(run))["status"] == "failed"
    assert not is_running(process)
    assert len(notices) == 1


async def test_a_stop_says_that_it_may_still_run(settings: EngineSettings) -> None:
    run, _ = await _left_by_a_killed_engine(settings)
    _make_executor(settings, "docker")
    async with EngineServer(settings) as server, connect(server.url, server.key) as http:
        wire = Wire(http, lambda _: ENDLESS.api_id)
        assert (await wire.stop(run))["status"] == "canceled"
        assert "may still be running under docker" in (await wire.follow(run)).bodies[-1]
