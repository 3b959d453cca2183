"""While nothing can be saved: jobs can be stopped, the reason is told once, and nothing is lost."""

import asyncio
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import closing
from pathlib import Path

import pytest

from nodion_tui.config import Secret
from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.http.server import EngineServer
from nodion_tui.local.runners.runner_spec import RunnerSpec
from nodion_tui.local.storage import store_faults
from tests.support.processes import is_running
from tests.support.wire import Wire, connect

ENDLESS = RunnerSpec(name="Endless", run_command="echo $$; exec sleep 300")
BIG = {"command": f": {'x' * 3990}"}
"""More than the free space of a page."""
PROGRAM = Path(sys.executable).with_name("nodion-tui")


class Desk:
    """An engine whose disk can be full, and what it tells."""

    def __init__(self, server: EngineServer, wire: Wire, notices: list[str]) -> None:
        self.wire, self.notices = wire, notices
        self._database = server._store._writer_connection

    def fill_disk(self) -> None:
        self._database.execute("PRAGMA max_page_count=1")

    def make_room(self) -> None:
        self._database.execute("PRAGMA max_page_count=1073741823")


@pytest.fixture
async def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    monkeypatch.setattr("nodion_tui.local.storage.writer.RETRY_SECONDS", 0.02)
    monkeypatch.setattr(store_faults, "QUIET_SECONDS", 0.1)
    notices: list[str] = []
    settings = EngineSettings(data_dir=tmp_path / "data", runners=(ENDLESS,), max_running=1)
    async with (
        EngineServer(settings, notices.append) as server,
        connect(server.url, server.key) as http,
    ):
        yield Desk(server, Wire(http, lambda _: ENDLESS.api_id), notices)


async def _job(wire: Wire, **body: str) -> tuple[dict[str, str], int]:
    run = await wire.trigger("Endless", **body)
    async for event, data in wire.events(run):
        if event == "log" and data["body"].isdigit():
            return run, int(data["body"])
    pytest.fail("it ended")


async def _until(is_reached: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not is_reached():  # noqa: ASYNC110 a process of its own has no event here
            await asyncio.sleep(0.01)


async def test_a_stop_on_a_full_disk_ends_the_job_and_is_saved_later(desk: Desk) -> None:
    # Its last output does not fit on the disk, so that its end cannot be saved either.
    job = "trap 'seq 20000; exit' TERM; echo $$; while :; do sleep 0.02; done"
    run, process = await _job(desk.wire, command=job)
    waiting = await desk.wire.trigger("Endless")
    desk.fill_disk()
    refused = await desk.wire.http.post(f"/runners/{ENDLESS.api_id}/runs", json=BIG)
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
    assert refused.json()["error"] == "the engine cannot save its data: the disk is full"
    stopped = [await desk.wire.stop(waiting), await desk.wire.stop(run)]
    assert [row["status"] for row in stopped] == ["canceled", "canceled"]
    listed = (await desk.wire.http.get(f"/runners/{ENDLESS.api_id}/runs")).json()["runs"]
    assert listed == stopped
    assert [await desk.wire.get(run)] == stopped[1:]
    await _until(lambda: not is_running(process))
    desk.make_room()
    followed = await desk.wire.follow(run)
    assert followed.bodies[-20_000:] == [str(number) for number in range(1, 20_001)]
    assert [await desk.wire.get(row) for row in (waiting, run)] == stopped
    await _until(lambda: len(desk.notices) == 2)
    full, over = desk.notices
    assert "engine.sqlite3: the disk is full" in full
    assert "can be written again" in over


async def test_a_stopped_run_does_not_start_when_there_is_room(desk: Desk, tmp_path: Path) -> None:
    run, _ = await _job(desk.wire)
    waiting = await desk.wire.trigger("Endless", command=f"touch {tmp_path}/started")
    desk.fill_disk()
    with pytest.raises(AssertionError):
        await desk.wire.trigger("Endless", **BIG)
    await desk.wire.stop(run)
    await desk.wire.stop(waiting)
    desk.make_room()
    await desk.wire.follow(run)
    await desk.wire.follow(waiting)
    assert not (tmp_path / "started").exists()


async def test_a_database_that_is_removed_is_told_and_nothing_more_is_accepted(
    desk: Desk, tmp_path: Path
) -> None:
    (tmp_path / "data" / "engine.sqlite3").unlink()
    refused = await desk.wire.http.post(f"/runners/{ENDLESS.api_id}/runs", json={})
    assert refused.status_code == 503
    assert "removed while in use" in refused.json()["error"]
    assert "removed while in use" in desk.notices[0]


def test_a_locked_database_does_not_delay_the_end_of_the_program(tmp_path: Path) -> None:
    folder, runners = tmp_path / "data", tmp_path / "local.toml"
    runners.write_text('[[runners]]\nname = "Busy"\nrun_command = "while :; do echo x; done"\n')
    options = ["--port", "0", "--data", str(folder), "--config", str(runners)]
    command = [str(PROGRAM), "serve", *options]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as engine:
        assert engine.stdout is not None
        url = engine.stdout.readline().split()[-1]
        engine.stdout.readline()
        with closing(sqlite3.connect(folder / "engine.sqlite3", isolation_level=None)) as other:
            asyncio.run(_trigger_and_lock(url, folder, other))
            started_at = time.monotonic()
            engine.send_signal(signal.SIGTERM)
            _, errors = engine.communicate(timeout=20)
            assert time.monotonic() - started_at < 5
    assert engine.returncode == 128 + signal.SIGTERM
    assert errors.count("another program has locked the database") == 1
    assert "could not be saved and are lost" in errors
    assert "Traceback" not in errors


async def _trigger_and_lock(url: str, folder: Path, other: sqlite3.Connection) -> None:
    async with connect(url, Secret((folder / "key").read_text().strip())) as http:
        (runner,) = (await http.get("/runners")).json()["runners"]
        assert (await http.post(f"/runners/{runner['id']}/runs", json={})).is_success
        other.execute("BEGIN IMMEDIATE")
        refused = await http.post(f"/runners/{runner['id']}/runs", json={})
        assert refused.status_code == 503
        assert "another program has locked the database" in refused.json()["error"]
