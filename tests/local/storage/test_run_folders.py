"""Only folders created for runs are removed from `work/`."""

import shutil
from pathlib import Path

import pytest

from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.http.server import EngineServer
from nodion_tui.local.runners.runner_spec import RunnerSpec
from nodion_tui.local.storage.data_dir import DataDir
from nodion_tui.local.storage.run_folders import RunFolders
from tests.support.trees import read_tree
from tests.support.wire import Wire, connect

RUN = "0c8b1d1e-6f4c-4b68-9d3e-7a54a0a6f5b1"
WRITES = RunnerSpec(name="Writes", run_command="pwd; mkdir -p a/b; echo x > a/b/c; chmod 0 a/b/c")


@pytest.fixture
def data(tmp_path: Path) -> DataDir:
    return DataDir(tmp_path / "data")


async def test_a_run_starts_in_an_empty_folder_that_goes_with_it(tmp_path: Path) -> None:
    settings = EngineSettings(data_dir=tmp_path / "data", runners=(WRITES,))
    async with EngineServer(settings) as server, connect(server.url, server.key) as http:
        wire = Wire(http, lambda _: WRITES.api_id)
        run = await wire.trigger("Writes")
        place = (await wire.follow(run)).bodies[-1]
        assert place == str(tmp_path / "data" / "work" / run["id"])
        assert not read_tree(tmp_path / "data" / "work").keys() - {"."}


async def test_a_persons_files_in_work_survive_runs_and_starts(tmp_path: Path) -> None:
    settings = EngineSettings(data_dir=tmp_path / "data", runners=(WRITES,))
    async with EngineServer(settings) as server, connect(server.url, server.key) as http:
        wire = Wire(http, lambda _: WRITES.api_id)
        run = await wire.trigger("Writes")
        await wire.follow(run)
    work = tmp_path / "data" / "work"
    for name in ("chapter1.txt", f"{run['id']}/result", "mine.mark", "folder/a"):
        (work / name).parent.mkdir(exist_ok=True)
        (work / name).write_text("precious")
    (work / "link").symlink_to(tmp_path)
    before = read_tree(work, times=False)
    async with EngineServer(settings) as server, connect(server.url, server.key) as http:
        wire = Wire(http, lambda _: WRITES.api_id)
        await wire.follow(await wire.trigger("Writes"))
    assert read_tree(work, times=False) == before


def test_a_folder_that_is_there_is_neither_used_nor_removed(data: DataDir) -> None:
    folder = data.path / "work" / RUN
    folder.mkdir(parents=True)
    (folder / "precious").write_text("precious")
    before = read_tree(folder)
    with pytest.raises(FileExistsError), data.run_folders.temporary(RUN):
        pytest.fail("it was used")
    data.run_folders.remove(RUN)
    data.run_folders.remove_all()
    assert read_tree(folder) == before
    data.close()


def test_a_folder_that_took_a_runs_place_stays(data: DataDir) -> None:
    folder = data.run_folders.create(RUN)
    folder.rename(data.path / "kept")
    folder.mkdir()
    (folder / "precious").write_text("precious")
    data.run_folders.remove_all()
    assert (folder / "precious").read_text() == "precious"
    assert (data.path / "kept").is_dir()
    data.close()


def test_folders_of_the_original_stay_in_a_copy(data: DataDir) -> None:
    (data.run_folders.create(RUN) / "output").write_text("x")
    shutil.copytree(data.path, data.path.with_name("copy"))
    copy = DataDir(data.path.with_name("copy"))
    copy.run_folders.remove_all()
    assert (copy.path / "work" / RUN / "output").read_text() == "x"
    data.run_folders.remove_all()
    assert not list((data.path / "work").iterdir())
    copy.close()
    data.close()


def test_links_in_a_runs_folder_are_removed_and_not_followed(data: DataDir, tmp_path: Path) -> None:
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "a").write_text("precious")
    with data.run_folders.temporary(RUN) as folder:
        (folder / "link").symlink_to(tmp_path / "precious")
        (folder / "deep").mkdir()
        (folder / "deep" / "file").symlink_to(tmp_path / "precious" / "a")
    assert not list((data.path / "work").iterdir())
    assert (tmp_path / "precious" / "a").read_text() == "precious"
    data.close()


def test_a_mark_of_another_folder_proves_nothing(data: DataDir) -> None:
    folder = data.run_folders.create(RUN)
    RunFolders(data.path, data._lock.folder_fd, data.folder_number ^ 1).remove_all()
    assert folder.is_dir()
    data.close()


def test_work_that_became_a_link_is_not_followed(data: DataDir, tmp_path: Path) -> None:
    folder = data.run_folders.create(RUN)
    folder.parent.rename(tmp_path / "elsewhere")
    (data.path / "work").symlink_to(tmp_path / "elsewhere")
    before = read_tree(tmp_path / "elsewhere")
    data.run_folders.remove_all()
    with pytest.raises(OSError, match=r"Not a directory|Too many levels"):
        data.run_folders.create("another")
    assert read_tree(tmp_path / "elsewhere") == before
    data.close()
