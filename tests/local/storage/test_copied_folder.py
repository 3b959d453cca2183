"""Copied and moved data folders: which engine owns which jobs."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from nodion_tui.local.child_engine import ChildEngine
from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.http.server import EngineServer
from nodion_tui.local.runners.runner_spec import RunnerSpec
from nodion_tui.local.storage.data_dir import DataDir, FolderOrigin
from nodion_tui.model.errors import ConfigError
from tests.support.containers import Podman, registry_login
from tests.support.processes import is_running
from tests.support.wire import Wire, connect

ENDLESS = RunnerSpec(name="Endless", run_command="echo $$; exec sleep 300")
QUICK = RunnerSpec(name="Quick", run_command="echo done")
COPIED = "========> This data folder was copied, moved to another disk or remounted while this run"


def settings_of(folder: Path, **more: Any) -> EngineSettings:
    return EngineSettings(data_dir=folder, runners=(ENDLESS, QUICK), max_running=1, **more)


def wire_to(http: Any) -> Wire:
    return Wire(http, {"Endless": ENDLESS.api_id, "Quick": QUICK.api_id}.__getitem__)


async def job_of(wire: Wire, run: dict[str, Any]) -> int:
    async for event, line in wire.events(run):
        if event == "log" and line["body"].isdigit():
            return int(line["body"])
    raise AssertionError("it said no process id")


async def test_a_copy_owns_none_of_the_originals_jobs(tmp_path: Path) -> None:
    async with (
        ChildEngine(settings_of(tmp_path / "data")) as original,
        connect(original.url, original.key) as http,
    ):
        wire = wire_to(http)
        running, waiting = await wire.trigger("Endless"), await wire.trigger("Quick")
        job = await job_of(wire, running)
        (folder,) = (path for path in (tmp_path / "data" / "work").iterdir() if path.is_dir())
        shutil.copytree(tmp_path / "data", tmp_path / "copy")
        async with (
            EngineServer(settings_of(tmp_path / "copy")) as copy,
            connect(copy.url, copy.key) as other,
        ):
            seen = wire_to(other)
            assert is_running(job)
            assert (await seen.get(running))["status"] == "failed"
            assert (await seen.get(waiting))["status"] == "canceled"
            last_lines = [(await seen.follow(run)).bodies[-1] for run in (running, waiting)]
            assert last_lines[0] == f"{COPIED} was running; its outcome is unknown here"
            assert last_lines[1] == f"{COPIED} was pending; it is not started here"
            assert (await seen.follow(await seen.trigger("Quick"))).bodies[-1] == "done"
        assert is_running(job)
        assert folder.is_dir()
        assert (await wire.get(running))["status"] == "running"
        assert (await wire.get(waiting))["status"] == "pending"


async def test_a_copy_stays_one_until_its_runs_are_closed(tmp_path: Path) -> None:
    """A start that fails later does not claim the runs of the original."""
    async with (
        EngineServer(settings_of(tmp_path / "data")) as original,
        connect(original.url, original.key) as http,
    ):
        wire = wire_to(http)
        await job_of(wire, await wire.trigger("Endless"))
        waiting = await wire.trigger("Quick")
        shutil.copytree(tmp_path / "data", tmp_path / "copy")
        port = int(original.url.rsplit(":")[-1].removesuffix("/v1"))
        with pytest.raises(ConfigError, match=str(port)):
            async with EngineServer(settings_of(tmp_path / "copy", port=port)):
                pytest.fail("it started")
        async with (
            EngineServer(settings_of(tmp_path / "copy")) as copy,
            connect(copy.url, copy.key) as other,
        ):
            assert (await wire_to(other).get(waiting))["status"] == "canceled"


async def test_a_copy_of_the_database_alone_owns_no_jobs_either(tmp_path: Path) -> None:
    async with EngineServer(settings_of(tmp_path / "other")):
        pass
    async with (
        EngineServer(settings_of(tmp_path / "data")) as original,
        connect(original.url, original.key) as http,
    ):
        wire = wire_to(http)
        running, waiting = await wire.trigger("Endless"), await wire.trigger("Quick")
        job = await job_of(wire, running)
        for name in ("engine.sqlite3", "engine.sqlite3-wal"):
            shutil.copy(tmp_path / "data" / name, tmp_path / "other" / name)
        for _ in range(2):
            async with (
                EngineServer(settings_of(tmp_path / "other")) as other,
                connect(other.url, other.key) as http_of_other,
            ):
                seen = wire_to(http_of_other)
                assert is_running(job)
                assert (await seen.follow(running)).bodies[-1].startswith(COPIED)
                assert (await seen.get(waiting))["status"] == "canceled"


async def test_a_folder_that_was_renamed_is_the_same(tmp_path: Path) -> None:
    async with (
        ChildEngine(settings_of(tmp_path / "data")) as server,
        connect(server.url, server.key) as http,
    ):
        run = await wire_to(http).trigger("Endless")
        job = await job_of(wire_to(http), run)
        server.process.kill()
    (tmp_path / "data").rename(tmp_path / "moved")
    async with (
        EngineServer(settings_of(tmp_path / "moved")) as reopened,
        connect(reopened.url, reopened.key) as http,
    ):
        assert not is_running(job)
        assert (await wire_to(http).follow(run)).bodies[-1].startswith("========> Engine crashed")
        assert not list((tmp_path / "moved" / "work").iterdir())


def test_a_copy_has_a_number_of_its_own_and_the_original_keeps_its(tmp_path: Path) -> None:
    first = DataDir(tmp_path / "data")
    shutil.copytree(tmp_path / "data", tmp_path / "copy")
    copy = DataDir(tmp_path / "copy")
    copy.claim()
    assert (first.origin, copy.origin) == (FolderOrigin.NEW, FolderOrigin.COPY)
    assert copy.folder_number != first.folder_number
    for data in (first, copy):
        data.close()
        reopened = DataDir(data.path)
        assert (reopened.origin, reopened.folder_number) == (FolderOrigin.SAME, data.folder_number)
        reopened.close()


@pytest.mark.container
async def test_a_copy_removes_none_of_the_originals_containers(
    podman: Podman, tmp_path: Path
) -> None:
    slow = RunnerSpec(
        name="Slow",
        run_command="echo up; sleep 60",
        image_name=podman.image_name,
        timeout_seconds=60,
    )

    def settings(folder: Path) -> EngineSettings:
        return EngineSettings(
            data_dir=folder,
            runners=(slow,),
            executor="podman",
            container=podman.settings,
            registries=(registry_login(podman, tmp_path),),
            shutdown_seconds=0.2,
        )

    async with (
        EngineServer(settings(tmp_path / "data")) as original,
        connect(original.url, original.key) as http,
    ):
        wire = Wire(http, lambda _: slow.api_id)
        run = await wire.trigger("Slow")
        async for event, line in wire.events(run):
            if event == "log" and line["body"] == "up":
                break
        containers = podman.call("ps", "--quiet")
        assert containers
        shutil.copytree(tmp_path / "data", tmp_path / "copy")
        async with EngineServer(settings(tmp_path / "copy")):
            assert podman.call("ps", "--quiet") == containers
        assert (await wire.get(run))["status"] == "running"
