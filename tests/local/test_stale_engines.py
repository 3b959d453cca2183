"""Which folders and processes the start of a temporary engine removes, and which not."""

import asyncio
import json
import os
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from nodion_tui.local.child_engine import ChildEngine
from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.http.server import EngineServer
from nodion_tui.local.runners.runner_spec import RunnerSpec
from nodion_tui.local.stale_engines import remove_stale_engines
from nodion_tui.local.storage.data_dir import DataDir
from nodion_tui.local.storage.folder_lock import MARK_FILE
from nodion_tui.model.errors import ConfigError
from tests.support.processes import is_running
from tests.support.trees import read_tree
from tests.support.wire import Wire, connect

ENDLESS = RunnerSpec(name="Endless", run_command="echo $$; exec sleep 300")
SETTINGS = EngineSettings(runners=(ENDLESS,))


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files of this test and its engines."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


def entries(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


@asynccontextmanager
async def with_a_job(
    settings: EngineSettings = SETTINGS,
) -> AsyncIterator[tuple[ChildEngine, int]]:
    """Run an engine in a child process with a job; yields the engine and the job's process id."""
    async with ChildEngine(settings) as server, connect(server.url, server.key) as http:
        wire = Wire(http, lambda _: ENDLESS.api_id)
        async for event, line in wire.events(await wire.trigger("Endless")):
            if event == "log" and line["body"].isdigit():
                yield server, int(line["body"])
                break


async def killed(temporary: Path) -> tuple[Path, int]:
    """Kill a temporary engine; returns its folder and the process id of its job."""
    async with with_a_job() as (server, job):
        server.process.kill()
    (stale_folder,) = entries(temporary)
    assert is_running(job)
    return stale_folder, job


@pytest.mark.parametrize("engine", [EngineServer, ChildEngine])
async def test_a_kept_folder_with_a_temporary_ones_name_survives(
    temporary: Path, engine: type[EngineServer | ChildEngine]
) -> None:
    async with EngineServer(EngineSettings(data_dir=temporary / "nodion-tui-kept")):
        pass
    (temporary / "nodion-tui-kept" / "notes.txt").write_text("precious")
    before = read_tree(temporary / "nodion-tui-kept")
    async with engine(SETTINGS):
        assert read_tree(temporary / "nodion-tui-kept") == before
    assert read_tree(temporary / "nodion-tui-kept") == before


async def test_an_engine_is_alive_whatever_is_cleaned_from_its_folder(temporary: Path) -> None:
    async with with_a_job() as (first, job):
        (folder,) = entries(temporary)
        for path in filter(Path.is_file, entries(folder)):
            path.unlink()
        async with EngineServer(SETTINGS) as second:
            assert is_running(job)
            assert folder.is_dir()
            async with connect(first.url, first.key) as http, connect(second.url, second.key):
                assert (await http.get("/runners")).status_code == 200
        assert is_running(job)
    assert not is_running(job)
    assert not entries(temporary)


@pytest.mark.parametrize("name", ["lock", MARK_FILE, "key"])
async def test_an_engine_is_alive_without_any_one_file(temporary: Path, name: str) -> None:
    async with with_a_job() as (_, job):
        (folder,) = entries(temporary)
        (folder / name).unlink(missing_ok=True)
        before = entries(folder)
        async with EngineServer(SETTINGS):
            assert is_running(job)
            assert entries(folder) == before


async def test_a_killed_engine_is_cleared_though_its_job_lives(temporary: Path) -> None:
    stale_folder, job = await killed(temporary)
    assert (stale_folder / "work").is_dir()
    remove_stale_engines()
    assert not is_running(job)
    assert not stale_folder.exists()


async def test_a_persons_files_in_a_leftover_stay(temporary: Path) -> None:
    stale_folder, job = await killed(temporary)
    (run,) = (path for path in (stale_folder / "work").iterdir() if path.is_dir())
    user_files = (
        stale_folder / "thesis.txt",
        stale_folder / "work" / "notes.txt",
        stale_folder / "work" / "mine" / "a",
    )
    user_files[2].parent.mkdir()
    for path in user_files:
        path.write_text("precious")
    (run / "output").write_text("the run's")
    remove_stale_engines()
    assert not is_running(job)
    assert {path for path in stale_folder.rglob("*") if path.is_file()} == set(user_files)
    before = read_tree(stale_folder)
    remove_stale_engines()
    assert read_tree(stale_folder) == before, "without a mark it is a folder of the person's"


async def test_a_persons_file_in_a_temporary_folder_outlives_its_engine(temporary: Path) -> None:
    async with EngineServer(SETTINGS):
        (folder,) = entries(temporary)
        (folder / "thesis.txt").write_text("precious")
    assert [path.name for path in entries(folder)] == ["thesis.txt"]


@pytest.mark.usefixtures("temporary")
def test_files_with_names_of_ours_and_other_content_stay() -> None:
    data = DataDir(None)
    for name in ("key", "engine.sqlite3", "engine.sqlite3-wal", "work"):
        (data.path / name).write_text("precious")
    data.close()
    assert {path.name: path.read_text() for path in data.path.iterdir()} == dict.fromkeys(
        ("key", "engine.sqlite3", "engine.sqlite3-wal", "work"), "precious"
    )


async def test_a_copy_of_a_leftover_is_not_cleared(temporary: Path) -> None:
    stale_folder, job = await killed(temporary)
    shutil.copytree(stale_folder, temporary / "nodion-tui-copy")
    before = read_tree(temporary / "nodion-tui-copy")
    remove_stale_engines()
    assert not is_running(job)
    assert not stale_folder.exists()
    assert read_tree(temporary / "nodion-tui-copy") == before


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
async def test_a_leftover_of_another_user_is_left_alone(temporary: Path) -> None:
    stale_folder, job = await killed(temporary)
    for path in (stale_folder, *stale_folder.rglob("*")):
        os.chown(path, 12345, 12345)
    before = read_tree(stale_folder)
    async with EngineServer(SETTINGS):
        assert is_running(job)
    assert read_tree(stale_folder) == before
    os.kill(job, signal.SIGKILL)


async def test_a_leftover_that_is_named_is_kept_from_then_on(temporary: Path) -> None:
    stale_folder, job = await killed(temporary)
    async with EngineServer(EngineSettings(data_dir=stale_folder, runners=(ENDLESS,))):
        assert not is_running(job)
    remove_stale_engines()
    assert (stale_folder / "engine.sqlite3").is_file()
    assert json.loads((stale_folder / MARK_FILE).read_text())["temporary"] is False


def test_a_folder_that_is_just_being_made_is_left_alone(temporary: Path) -> None:
    (temporary / "nodion-tui-new").mkdir(mode=0o700)
    (temporary / "nodion-tui-file").write_text("precious")
    (temporary / "nodion-tui-dangling").symlink_to("nowhere")
    before = read_tree(temporary)
    remove_stale_engines()
    assert read_tree(temporary) == before


async def test_no_folder_for_temporary_files_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/nonexistent")
    with pytest.raises(ConfigError, match="temporary"):
        async with EngineServer(SETTINGS):
            pytest.fail("it started")


async def test_a_temporary_folder_never_looks_old_to_a_cleaner(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nodion_tui.local.storage.data_dir.FRESH_SECONDS", 0.01)
    async with EngineServer(SETTINGS):
        (folder,) = entries(temporary)
        paths = [folder, *filter(Path.is_file, entries(folder))]
        for path in paths:
            os.utime(path, (0, 0))
        async with asyncio.timeout(5):
            while any(path.stat().st_mtime == 0 for path in paths):  # noqa: ASYNC110 a file's time
                await asyncio.sleep(0.01)
