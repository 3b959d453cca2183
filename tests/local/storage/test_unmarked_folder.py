"""Data folders of versions without a mark file are taken over without loss."""

import fcntl
import json
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.http.server import EngineServer
from nodion_tui.local.runners.runner_spec import RunnerSpec
from nodion_tui.local.storage import schema
from nodion_tui.local.storage.data_dir import DataDir, FolderOrigin
from nodion_tui.local.storage.folder_lock import MARK_FILE
from nodion_tui.local.storage.migrations import STEPS
from nodion_tui.model.errors import ConfigError
from tests.support.trees import read_tree, unchanged
from tests.support.wire import Wire, connect

QUICK = RunnerSpec(name="Quick", run_command="echo one; echo two")
META = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
INSERT INTO meta VALUES ('nonce', 4711);
"""


def settings_of(folder: Path) -> EngineSettings:
    return EngineSettings(data_dir=folder, runners=(QUICK,))


async def with_a_run(folder: Path) -> tuple[dict[str, Any], list[dict[str, Any]], str]:
    """Make a data folder with an ended run; returns the run, its lines and the key."""
    async with (
        EngineServer(settings_of(folder)) as server,
        connect(server.url, server.key) as http,
    ):
        wire = Wire(http, lambda _: QUICK.api_id)
        run = await wire.trigger("Quick")
        lines = (await wire.follow(run)).lines
        return run | await wire.get(run), lines, server.key.reveal()


def as_before(folder: Path) -> None:
    """Turn a data folder into one of the version without a mark file."""
    (folder / MARK_FILE).unlink()
    (folder / "lock").touch(mode=0o600)
    for name in ("demo/migrate.py", "demo/bin/python", "work/some-run/output"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("edited by a person")
    with closing(sqlite3.connect(folder / "engine.sqlite3")) as db:
        db.executescript(META)


async def test_its_runs_logs_and_key_are_kept(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    run, lines, key = await with_a_run(folder)
    as_before(folder)
    names = ("demo", "work/some-run", "key", "lock")
    trees_before = [read_tree(folder / name) for name in names]
    for _ in range(2):
        async with (
            EngineServer(settings_of(folder)) as server,
            connect(server.url, server.key) as http,
        ):
            wire = Wire(http, lambda _: QUICK.api_id)
            assert run | await wire.get(run) == run
            assert (await wire.follow(run)).lines == lines
            assert server.key.reveal() == key
            await wire.follow(await wire.trigger("Quick"))
    assert [read_tree(folder / name) for name in names] == trees_before
    assert json.loads((folder / MARK_FILE).read_text())["number"] != 4711


async def test_what_was_running_is_closed_without_a_claim(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    run, _, _ = await with_a_run(folder)
    as_before(folder)
    with closing(sqlite3.connect(folder / "engine.sqlite3")) as db:
        db.execute("UPDATE runs SET status='running', completed_at=NULL")
        db.commit()
    async with (
        EngineServer(settings_of(folder)) as server,
        connect(server.url, server.key) as http,
    ):
        wire = Wire(http, lambda _: QUICK.api_id)
        last_line = (await wire.follow(run)).bodies[-1]
        assert last_line.endswith("its processes may still be running")
        assert (await wire.get(run))["status"] == "failed"


async def test_an_engine_of_that_version_that_runs_keeps_it(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    await with_a_run(folder)
    as_before(folder)
    before = read_tree(folder)
    old = os.open(folder / "lock", os.O_RDWR)
    fcntl.flock(old, fcntl.LOCK_EX | fcntl.LOCK_NB)
    with pytest.raises(ConfigError, match="another engine"):
        DataDir(folder)
    assert read_tree(folder) == before
    os.close(old)
    data = DataDir(folder)
    assert data.origin is FolderOrigin.UNMARKED
    third = os.open(folder / "lock", os.O_RDWR)
    with pytest.raises(BlockingIOError):
        fcntl.flock(third, fcntl.LOCK_EX | fcntl.LOCK_NB)
    data.close()
    fcntl.flock(third, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(third)


@pytest.mark.parametrize("name", ["thesis.txt", "work", "demo", "key", "engine.sqlite3-wal"])
async def test_anything_else_in_it_is_a_refusal(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "data"
    await with_a_run(folder)
    as_before(folder)
    (folder / name).rename(tmp_path / name) if (folder / name).exists() else None
    (tmp_path / "behind").write_text("precious")
    (folder / name).symlink_to(tmp_path / "behind")
    before = read_tree(folder)
    with pytest.raises(ConfigError, match="not empty and not a nodion-tui data folder"):
        DataDir(folder)
    assert read_tree(folder) == before


def test_looking_at_a_database_that_was_never_written_back_changes_nothing(tmp_path: Path) -> None:
    """If an engine is killed soon, its tables are only in the write-ahead log."""
    folder, live = tmp_path / "data", tmp_path / "live"
    folder.mkdir(mode=0o700)
    live.mkdir()
    with closing(schema.connect(live / "engine.sqlite3")) as db:
        db.executescript(f"BEGIN;{STEPS[0]}{META}PRAGMA user_version=1;COMMIT;")
        for name in ("engine.sqlite3", "engine.sqlite3-wal", "engine.sqlite3-shm"):
            shutil.copyfile(live / name, folder / name)
    before = read_tree(folder, times=False)
    data = DataDir(folder)
    assert data.origin is FolderOrigin.UNMARKED
    assert unchanged(before, read_tree(folder, times=False))
    assert read_tree(folder).keys() == before.keys()
    data.claim()
    data.close()
    assert DataDir(folder).origin is FolderOrigin.SAME
