"""One engine per folder, even if its files are removed or the folder is renamed."""

import asyncio
import errno
import fcntl
import os
import signal
import stat
from pathlib import Path

import pytest

from nodion_tui.local.child_engine import ChildEngine
from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.http.server import EngineServer
from nodion_tui.local.runners.runner_spec import RunnerSpec
from nodion_tui.local.storage.data_dir import DataDir, FolderOrigin, check_data_folder
from nodion_tui.local.storage.folder_lock import MARK_FILE
from nodion_tui.model.errors import ConfigError
from tests.support.processes import is_running
from tests.support.trees import read_tree
from tests.support.wire import Wire, connect

ENDLESS = RunnerSpec(name="Endless", run_command="echo $$; exec sleep 300")
PLACE = RunnerSpec(name="Place", run_command="pwd; touch result; ls")


def settings_of(folder: Path, *runners: RunnerSpec) -> EngineSettings:
    return EngineSettings(data_dir=folder, runners=runners or (ENDLESS,))


@pytest.mark.parametrize("name", ["lock", "key", "engine.sqlite3", MARK_FILE])
async def test_a_second_engine_is_refused_whatever_file_is_gone(tmp_path: Path, name: str) -> None:
    async with EngineServer(settings_of(tmp_path / "data")):
        (tmp_path / "data" / name).unlink(missing_ok=True)
        before = read_tree(tmp_path / "data")
        with pytest.raises(ConfigError, match="another engine"):
            DataDir(tmp_path / "data")
        with pytest.raises(ConfigError, match="another engine"):
            check_data_folder(tmp_path / "data")
        assert read_tree(tmp_path / "data") == before


async def test_a_second_engine_is_refused_when_all_files_are_gone(tmp_path: Path) -> None:
    async with EngineServer(settings_of(tmp_path / "data")):
        for path in filter(Path.is_file, sorted((tmp_path / "data").iterdir())):
            path.unlink()
        with pytest.raises(ConfigError, match="another engine"):
            DataDir(tmp_path / "data")
    DataDir(tmp_path / "data").close()


async def test_the_job_of_a_killed_engine_holds_no_lock(tmp_path: Path) -> None:
    async with (
        ChildEngine(settings_of(tmp_path / "data")) as server,
        connect(server.url, server.key) as http,
    ):
        wire = Wire(http, lambda _: ENDLESS.api_id)
        async for event, line in wire.events(await wire.trigger("Endless")):
            if event == "log" and line["body"].isdigit():
                job = int(line["body"])
                break
        server.process.kill()
        server.process.wait()
    assert is_running(job)
    data = DataDir(tmp_path / "data")
    assert is_running(job), "opening ends nothing by itself"
    data.close()
    os.kill(job, signal.SIGKILL)


async def test_a_folder_that_takes_a_running_engines_place_is_not_touched(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    async with (
        EngineServer(settings_of(folder, PLACE)) as server,
        connect(server.url, server.key) as http,
    ):
        wire = Wire(http, lambda _: PLACE.api_id)
        await wire.follow(await wire.trigger("Place"))
        folder.rename(tmp_path / "moved")
        (folder / "work").mkdir(parents=True)
        (folder / "work" / "precious").write_text("precious")
        before = read_tree(folder)
        last_line = (await wire.follow(await wire.trigger("Place"))).bodies[-1]
        reason = "the data folder was moved or removed"
        assert last_line == f"The run's folder cannot be created: {reason}"
        with pytest.raises(ConfigError, match="another engine"):
            DataDir(tmp_path / "moved")
    assert read_tree(folder) == before
    DataDir(tmp_path / "moved").close()


def test_a_temporary_folder_that_was_replaced_is_not_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    data = DataDir(None)
    moved = data.path.with_name(f"{data.path.name}-moved")
    data.path.rename(moved)
    data.path.mkdir()
    (data.path / "key").write_text("precious")
    before = read_tree(data.path)
    data.close()
    assert read_tree(data.path) == before


@pytest.fixture
def folders_cannot_be_locked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Simulates some network file systems."""
    flock = fcntl.flock

    def refusing(descriptor: int, operation: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        flock(descriptor, operation)

    monkeypatch.setattr("fcntl.flock", refusing)


@pytest.mark.usefixtures("folders_cannot_be_locked")
def test_where_folders_cannot_be_locked_the_mark_is(tmp_path: Path) -> None:
    first = DataDir(tmp_path / "data")
    with pytest.raises(ConfigError, match="another engine"):
        DataDir(tmp_path / "data")
    first.close()
    reopened = DataDir(tmp_path / "data")
    assert (reopened.origin, reopened.folder_number) == (FolderOrigin.SAME, first.folder_number)
    reopened.close()


@pytest.mark.usefixtures("folders_cannot_be_locked")
def test_where_folders_cannot_be_locked_a_copys_new_mark_is(tmp_path: Path) -> None:
    DataDir(tmp_path / "data").close()
    mark = (tmp_path / "data" / MARK_FILE).read_bytes()
    (tmp_path / "copy").mkdir(mode=0o700)
    (tmp_path / "copy" / MARK_FILE).write_bytes(mark)
    (tmp_path / "copy" / MARK_FILE).chmod(0o600)
    copy = DataDir(tmp_path / "copy")
    copy.claim()
    with pytest.raises(ConfigError, match="another engine"):
        DataDir(tmp_path / "copy")
    copy.close()


@pytest.mark.usefixtures("folders_cannot_be_locked")
def test_where_nothing_can_be_locked_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusing(_descriptor: int, _operation: int) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr("fcntl.flock", refusing)
    (tmp_path / "data").mkdir(mode=0o700)
    with pytest.raises(ConfigError, match="does not support locks"):
        DataDir(tmp_path / "data")
    assert not list((tmp_path / "data").iterdir())


async def test_starts_at_the_same_time_give_one_engine(tmp_path: Path) -> None:
    def opened() -> DataDir | None:
        try:
            return DataDir(tmp_path / "data")
        except ConfigError:
            return None

    made = await asyncio.gather(*(asyncio.to_thread(opened) for _ in range(8)))
    (data,) = filter(None, made)
    data.close()
    reopened = DataDir(tmp_path / "data")
    assert reopened.folder_number == data.folder_number
    reopened.close()
