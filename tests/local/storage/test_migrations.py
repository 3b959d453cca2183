"""A database of an older version is brought to this one, complete or not at all."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.http.server import EngineServer
from nodion_tui.local.runners.runner_spec import RunnerSpec
from nodion_tui.local.storage import migrations
from nodion_tui.local.storage.data_dir import DataDir
from nodion_tui.local.storage.database_check import check_database
from tests.support.wire import Wire, connect

TALK = RunnerSpec(name="Talk", run_command="echo new")
FIRST_VERSION = Path(__file__).with_name("engine_v1.sql")
"""Dump of a database of version 1, with one ended run and one that its engine left running."""
ENDED = "00000000-0000-4000-8000-000000000001"
LEFT = "00000000-0000-4000-8000-000000000002"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    data = DataDir(tmp_path / "data")
    number = data.folder_number
    data.close()
    with closing(sqlite3.connect(tmp_path / "data" / "engine.sqlite3")) as db:
        db.executescript(FIRST_VERSION.read_text().replace("talk", TALK.api_id))
        db.execute(f"PRAGMA application_id={number}")
    return tmp_path / "data"


def _version(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "engine.sqlite3")) as db:
        return migrations.schema_version(db)


async def test_runs_and_logs_of_version_1_are_kept(folder: Path) -> None:
    assert _version(folder) == 1
    assert check_database(folder) == []
    assert _version(folder) == 1, "a check changes nothing"
    notices: list[str] = []
    settings = EngineSettings(data_dir=folder, runners=(TALK,))
    async with (
        EngineServer(settings, notices.append) as server,
        connect(server.url, server.key) as http,
    ):
        wire = Wire(http, lambda _: TALK.api_id)
        ended, left = (
            {"path": f"/runners/{TALK.api_id}/runs/{run_id}"} for run_id in (ENDED, LEFT)
        )
        assert (await wire.get(ended))["status"] == "succeeded"
        assert (await wire.follow(ended)).bodies == ["one", "two"]
        assert (await wire.follow(left)).bodies[-1].endswith("its job is unknown")
        await wire.ended(await wire.trigger("Talk"))
    assert notices == []
    assert _version(folder) == migrations.SCHEMA_VERSION


def test_a_step_that_fails_leaves_the_version_before(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = (*migrations.STEPS[:2], "CREATE TABLE third (a); INSERT INTO missing VALUES (1);")
    monkeypatch.setattr(migrations, "STEPS", steps)
    with closing(sqlite3.connect(folder / "engine.sqlite3", isolation_level=None)) as db:
        before = db.execute("SELECT sql FROM sqlite_master").fetchall()
        with pytest.raises(sqlite3.OperationalError, match="missing"):
            migrations.migrate(db, target=3)
        assert db.execute("SELECT sql FROM sqlite_master").fetchall() == before
    assert _version(folder) == 1
