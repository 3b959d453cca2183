"""A damaged database ends in a sentence that names it, or in a start that says what was lost."""

import asyncio
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from nodion_tui.local.child_engine import ChildEngine
from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.http.server import EngineServer
from nodion_tui.local.runners.runner_spec import RunnerSpec
from nodion_tui.local.storage.database_check import check_database
from nodion_tui.local.storage.start_check import inspect_at_start
from nodion_tui.local.storage.write_ahead_log import MAX_COPIES
from nodion_tui.model.errors import ConfigError
from tests.support.trees import read_tree
from tests.support.wire import Wire, connect

TALK = RunnerSpec(name="Talk", run_command="seq 3000")
DATABASE = "engine.sqlite3"
PAGE = 4096


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose engine was killed after a run: its last changes are in its log."""

    async def fill() -> None:
        settings = EngineSettings(data_dir=path, runners=(TALK,))
        async with ChildEngine(settings) as server, connect(server.url, server.key) as http:
            wire = Wire(http, lambda _: TALK.api_id)
            for _ in range(2):
                await wire.ended(await wire.trigger("Talk"))
            server.process.kill()

    path = tmp_path_factory.mktemp("template") / "data"
    asyncio.run(fill())
    return path


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    shutil.copytree(template, tmp_path / "data")
    return tmp_path / "data"


def _written_back(folder: Path) -> Path:
    with closing(sqlite3.connect(folder / DATABASE)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        db.execute("UPDATE engine SET is_open=0")
        db.commit()
    return folder / DATABASE


def _overwrite(path: Path, offset: int, content: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(content)


def _sql(*statements: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        with closing(sqlite3.connect(_written_back(folder), isolation_level=None)) as db:
            for statement in statements:
                db.execute(statement)

    return damage


def _page_of_noise(folder: Path) -> None:
    path = _written_back(folder)
    _overwrite(path, path.stat().st_size // PAGE // 2 * PAGE, os.urandom(PAGE))


def _truncated(folder: Path) -> None:
    path = _written_back(folder)
    os.truncate(path, path.stat().st_size // 2)


def _without_header(folder: Path) -> None:
    _overwrite(_written_back(folder), 0, bytes(100))


def _noise_for_a_schema(folder: Path) -> None:
    _overwrite(_written_back(folder), 100, os.urandom(PAGE - 100))


def _folder_in_its_place(folder: Path) -> None:
    _written_back(folder).unlink()
    (folder / DATABASE).mkdir()


def _log_is_noise(folder: Path) -> None:
    (folder / f"{DATABASE}-wal").write_bytes(os.urandom(PAGE))


DAMAGED: dict[str, Callable[[Path], None]] = {
    "a page of noise": _page_of_noise,
    "truncated": _truncated,
    "without a header": _without_header,
    "noise for a schema": _noise_for_a_schema,
    "a table dropped": _sql("DROP TABLE blocks"),
    "a column dropped": _sql("ALTER TABLE runs DROP COLUMN executor"),
    "an index that is another's": _sql(
        "PRAGMA writable_schema=1",
        "UPDATE sqlite_master SET rootpage=(SELECT rootpage FROM sqlite_master WHERE"
        " name='runners') WHERE name='runs_of_runner'",
    ),
    "a newer version": _sql("PRAGMA user_version=99"),
    "a folder in its place": _folder_in_its_place,
    "a log of noise": _log_is_noise,
}


@pytest.mark.parametrize("damage", DAMAGED.values(), ids=DAMAGED.keys())
async def test_damage_ends_in_a_sentence_that_names_the_file(
    folder: Path, damage: Callable[[Path], None]
) -> None:
    damage(folder)
    before = read_tree(folder, times=False)
    assert all(DATABASE in problem for problem in check_database(folder))
    assert check_database(folder)
    assert read_tree(folder, times=False) == before
    with pytest.raises(ConfigError, match=DATABASE) as raised:
        async with EngineServer(EngineSettings(data_dir=folder, runners=(TALK,))):
            pytest.fail("it started")
    assert "--check" in raised.value.detail or "newer version" in raised.value.detail


def _emptied(folder: Path) -> None:
    os.truncate(_written_back(folder), 0)


def _missing(folder: Path) -> None:
    _written_back(folder).unlink()


def _without_its_log(folder: Path) -> None:
    (folder / f"{DATABASE}-wal").unlink()


def _damaged_log(folder: Path) -> None:
    log = folder / f"{DATABASE}-wal"
    _overwrite(log, log.stat().st_size // 2, os.urandom(PAGE))


LOSSES: dict[str, tuple[Callable[[Path], None], str]] = {
    "emptied": (_emptied, "empty: its runs and logs are lost"),
    "missing": (_missing, "missing: its runs and logs are lost"),
    "without its log": (_without_its_log, "the last changes are lost"),
    "a damaged log": (_damaged_log, "was damaged: "),
    "an unknown status": (_sql("UPDATE runs SET status='odd' WHERE number=1"), "number 1"),
    "text for a number": (_sql("UPDATE runs SET exit_code='text' WHERE number=2"), "number 2"),
    "a negative time": (_sql("UPDATE runs SET created_at=-5 WHERE number=1"), "number 1"),
    "arguments that are no JSON": (_sql("UPDATE runs SET argv='[' WHERE number=1"), "number 1"),
    "a clock that was ahead": (
        _sql("UPDATE runs SET created_at=4102444800000 WHERE number=2"),
        "2100-01-01T00:00:00+00:00, which is in the future",
    ),
}


@pytest.mark.parametrize(("damage", "told"), LOSSES.values(), ids=LOSSES.keys())
async def test_a_start_says_what_was_lost(
    folder: Path, damage: Callable[[Path], None], told: str
) -> None:
    damage(folder)
    notices: list[str] = []
    settings = EngineSettings(data_dir=folder, runners=(TALK,))
    async with (
        EngineServer(settings, notices.append) as server,
        connect(server.url, server.key) as http,
    ):
        listed = await http.get(f"/runners/{TALK.api_id}/runs")
        assert listed.status_code == 200
        for row in listed.json()["runs"]:
            assert (await http.get(f"/runners/{TALK.api_id}/runs/{row['id']}")).is_success
    (notice,) = notices
    assert str(folder / DATABASE) in notice
    assert told in notice


def test_the_log_that_was_damaged_is_kept_a_few_times(template: Path, tmp_path: Path) -> None:
    folder, kept = tmp_path / "data", []
    for number in range(1, MAX_COPIES + 2):
        shutil.copytree(template, folder, dirs_exist_ok=True)
        _damaged_log(folder)
        kept.append((folder / f"{DATABASE}-wal").read_bytes())
        (told,) = inspect_at_start(folder / DATABASE)
        copy = f"a copy of it is {DATABASE}-wal.damaged-{number}"
        assert (copy if number <= MAX_COPIES else "there are 3 already") in told
    copies = sorted(folder.glob("*.damaged-*"))
    assert [copy.read_bytes() for copy in copies] == kept[:MAX_COPIES]
    assert {copy.stat().st_mode & 0o777 for copy in copies} == {0o600}


async def test_an_intact_one_is_found_intact_and_loses_nothing(folder: Path) -> None:
    before = read_tree(folder, times=False)
    assert check_database(folder) == []
    assert read_tree(folder, times=False) == before
    notices: list[str] = []
    settings = EngineSettings(data_dir=folder, runners=(TALK,))
    async with (
        EngineServer(settings, notices.append) as server,
        connect(server.url, server.key) as http,
    ):
        assert len((await http.get(f"/runners/{TALK.api_id}/runs")).json()["runs"]) == 2
    assert notices == []


async def test_an_index_of_the_log_that_was_never_written_does_not_prevent_a_start(
    folder: Path,
) -> None:
    """As a start on a full disk leaves it."""
    (folder / f"{DATABASE}-shm").write_bytes(bytes(3))
    async with EngineServer(EngineSettings(data_dir=folder, runners=(TALK,))) as server:
        assert server.url


@pytest.mark.parametrize(
    "change",
    ["bodies=NULL", "bodies='text'", "count=-3", "at='x'", "bodies=x'ff'"],
)
async def test_odd_lines_are_answered_with_a_reason(folder: Path, change: str) -> None:
    _sql(
        "PRAGMA ignore_check_constraints=1",
        "PRAGMA writable_schema=1",
        "UPDATE sqlite_master SET sql=replace(sql, 'NOT NULL', '') WHERE name='blocks'",
    )(folder)
    with closing(sqlite3.connect(folder / DATABASE, isolation_level=None)) as db:
        db.execute(f"UPDATE blocks SET {change} WHERE run=2 AND first>1")  # noqa: S608 our own
    assert any("the log of run 2 is damaged" in problem for problem in check_database(folder))
    notices: list[str] = []
    settings = EngineSettings(data_dir=folder, runners=(TALK,))
    async with (
        EngineServer(settings, notices.append) as server,
        connect(server.url, server.key) as http,
    ):
        newest, oldest = (await http.get(f"/runners/{TALK.api_id}/runs")).json()["runs"]
        path = f"/runners/{TALK.api_id}/runs/{{}}/logs"
        answers = [await http.get(path.format(newest["id"])) for _ in range(2)]
        assert (await http.get(path.format(oldest["id"]))).status_code == 200
    assert [answer.status_code for answer in answers] == [503, 503]
    assert "the database is damaged" in answers[0].json()["error"]
    (notice,) = notices
    assert "--check" in notice
