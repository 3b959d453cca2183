"""Data folder: ownership, permissions, and failures such as a full disk."""

import os
import stat
from pathlib import Path

import pytest

from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.http.server import EngineServer
from nodion_tui.local.runners.runner_spec import RunnerSpec
from nodion_tui.local.storage.data_dir import DataDir
from nodion_tui.local.storage.folder_lock import MARK_FILE
from nodion_tui.model.errors import ConfigError
from tests.support.wire import Wire, connect


async def test_everything_in_it_is_its_owners_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        async with EngineServer(EngineSettings(data_dir=tmp_path / "new" / "data")):
            paths = [tmp_path / "new" / "data", *(tmp_path / "new" / "data").iterdir()]
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in paths}
    finally:
        os.umask(before)
    assert modes["data"] == 0o700
    assert modes["key"] == modes[MARK_FILE] == modes["engine.sqlite3"] == 0o600


def test_an_empty_folder_keeps_its_permissions(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data").chmod(0o755)
    DataDir(tmp_path / "data").close()
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o755


def test_two_engines_do_not_share_a_folder(tmp_path: Path) -> None:
    first = DataDir(tmp_path)
    with pytest.raises(ConfigError, match="another engine"):
        DataDir(tmp_path)
    first.close()
    DataDir(tmp_path).close()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_folder_of_another_user_is_refused(tmp_path: Path) -> None:
    os.chown(tmp_path, 12345, -1)
    with pytest.raises(ConfigError, match="another user"):
        DataDir(tmp_path)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_key_file_of_another_user_is_refused(tmp_path: Path) -> None:
    data = DataDir(tmp_path)
    data.key()
    os.chown(data.key_file, 12345, -1)
    with pytest.raises(ConfigError, match="another user"):
        data.key()
    data.close()


def test_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    data = DataDir(tmp_path)
    key = data.key()
    assert data.key() == key
    data.key_file.chmod(0o640)
    with pytest.raises(ConfigError, match="0600") as caught:
        data.key()
    assert key.reveal() not in caught.value.detail
    data.close()


def test_symbolic_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("stolen")
    (tmp_path / "link").symlink_to(tmp_path / "data")
    data = DataDir(tmp_path / "data")
    (tmp_path / "data" / "key").symlink_to(tmp_path / "secret")
    with pytest.raises(ConfigError, match="no key"):
        data.key()
    data.close()
    with pytest.raises(ConfigError, match="not a folder"):
        DataDir(tmp_path / "link")


def test_temporary_folder_goes_with_it() -> None:
    data = DataDir(None)
    data.key()
    assert data.path.is_dir()
    data.close()
    assert not data.path.exists()


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b""], ids=["text", "empty"])
async def test_broken_database_is_said_and_an_empty_one_is_new(
    tmp_path: Path, content: bytes
) -> None:
    DataDir(tmp_path).close()
    (tmp_path / "engine.sqlite3").write_bytes(content)
    if content:
        with pytest.raises(ConfigError, match="not a database"):
            async with EngineServer(EngineSettings(data_dir=tmp_path)):
                pytest.fail("it started")
    else:
        async with EngineServer(EngineSettings(data_dir=tmp_path)) as server:
            assert server.url


async def test_full_disk_holds_a_job_up_and_loses_nothing(
    engine: EngineServer, wire: Wire, tmp_path: Path
) -> None:
    """`max_page_count` makes SQLite report a full disk."""
    database = engine._store._writer_connection
    gate = tmp_path / "gate"
    job = f"echo begin; while [ ! -e {gate} ]; do sleep 0.01; done; seq 100000; echo end"
    run = await wire.trigger("Until stopped", command=job)
    async for _, line in wire.events(run):
        if line.get("body") == "begin":
            break
    database.execute("PRAGMA max_page_count=1")
    gate.touch()
    body = {"command": f": {'x' * 3990}"}  # more than the free space on the last page
    refused = await wire.http.post(f"/runners/{wire.runner_id('Hello')}/runs", json=body)
    assert refused.status_code == 503
    assert refused.headers["retry-after"]
    assert (await wire.get(run))["status"] == "running"
    database.execute("PRAGMA max_page_count=1073741823")
    bodies = (await wire.follow(run)).bodies
    assert bodies[1:] == ["begin", *(str(number) for number in range(1, 100_001)), "end"]


async def test_full_disk_does_not_keep_an_engine_from_ending(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nodion_tui.local.execution.engine.SHUTDOWN_GRACE_SECONDS", 0.1)
    runner = RunnerSpec(name="Endless", run_command="while :; do echo x; done")
    settings = EngineSettings(data_dir=tmp_path / "d", runners=(runner,), shutdown_seconds=0.1)
    async with EngineServer(settings) as server, connect(server.url, server.key) as http:
        run = await Wire(http, lambda _: runner.api_id).trigger("Endless")
        assert run["status"] == "pending"
        server._store._writer_connection.execute("PRAGMA max_page_count=1")


async def test_port_that_is_taken_is_said(engine: EngineServer, tmp_path: Path) -> None:
    port = int(engine.url.rsplit(":")[-1].removesuffix("/v1"))
    with pytest.raises(ConfigError, match=f"127.0.0.1:{port}"):
        async with EngineServer(EngineSettings(data_dir=tmp_path / "other", port=port)):
            pytest.fail("it started")


async def test_connects_to_itself(engine: EngineServer) -> None:
    async with connect(engine.url, engine.key) as http:
        assert (await http.get("/runners")).status_code == 200
