"""Engine in a child process."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from nodion_tui.config import Secret
from nodion_tui.local.child_engine import ChildEngine, decode_settings, encode_settings
from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.http.server import EngineServer
from nodion_tui.local.runners.runner_spec import RunnerSpec
from nodion_tui.model.errors import ConfigError
from tests.support.processes import is_running
from tests.support.wire import Wire, connect

ENDLESS = RunnerSpec(name="Endless", run_command="echo $$; exec sleep 300")


def test_settings_survive_the_way_to_the_child() -> None:
    settings = EngineSettings(
        data_dir=Path("/somewhere"), key=Secret("k"), runners=(ENDLESS,), page_size=7
    )
    assert decode_settings(encode_settings(settings)) == settings


async def test_serves_until_left(tmp_path: Path) -> None:
    async with ChildEngine(EngineSettings(data_dir=tmp_path / "data")) as server:
        headers = {"Authorization": f"Bearer {server.key.reveal()}"}
        async with httpx.AsyncClient(base_url=server.url, headers=headers) as http:
            names = [row["name"] for row in (await http.get("/runners")).json()["runners"]]
            assert "Database migration" in names
        assert server.process.returncode is None
    assert server.process.returncode is not None


async def test_says_why_it_cannot_start(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="file"):
        async with ChildEngine(EngineSettings(data_dir=tmp_path / "file")):
            pytest.fail("it started")


async def test_what_a_killed_temporary_engine_left_is_cleared_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    settings = EngineSettings(runners=(ENDLESS,))
    async with ChildEngine(settings) as server, connect(server.url, server.key) as http:
        wire = Wire(http, lambda _: ENDLESS.api_id)
        async for _, line in wire.events(await wire.trigger("Endless")):
            if line["body"].isdigit():
                job = int(line["body"])
                break
        server.process.kill()
    (stale_folder,) = _temporary(tmp_path)
    assert is_running(job)
    async with EngineServer(settings):
        assert not is_running(job)
        assert not stale_folder.exists()
        async with EngineServer(settings):
            assert len(_temporary(tmp_path)) == 2, "the first one is alive"


def _temporary(folder: Path) -> list[Path]:
    return list(folder.glob("nodion-tui-*"))


def test_dies_with_its_parent_and_takes_its_runs_along(tmp_path: Path) -> None:
    program = f"""
import asyncio, httpx
from pathlib import Path
from nodion_tui.local.child_engine import ChildEngine
from nodion_tui.local.runners.runner_spec import RunnerSpec
from nodion_tui.local.engine_settings import EngineSettings

async def main():
    runner = RunnerSpec(name="Endless", run_command="echo $$; exec sleep 300")
    settings = EngineSettings(data_dir=Path({str(tmp_path / "data")!r}), runners=(runner,))
    async with ChildEngine(settings) as server:
        headers = {{"Authorization": f"Bearer {{server.key.reveal()}}"}}
        async with httpx.AsyncClient(base_url=server.url, headers=headers) as http:
            run = (await http.post(f"/runners/{{runner.api_id}}/runs")).json()["run"]
            path = f"/runners/{{runner.api_id}}/runs/{{run['id']}}/logs/stream"
            accept = {{"Accept": "text/event-stream"}}
            async with http.stream("GET", path, headers=accept) as events:
                async for line in events.aiter_lines():
                    if line.startswith("data:") and "Executing" not in line:
                        print(line[5:], server.process.pid, sep="\\n", flush=True)
                        await asyncio.sleep(60)

asyncio.run(main())
"""
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        job = int(httpx.Response(200, content=parent.stdout.readline()).json()["body"])
        child = int(parent.stdout.readline())
        watched = [os.pidfd_open(child), os.pidfd_open(job)]
        parent.send_signal(signal.SIGKILL)
        for descriptor in watched:
            _wait_for_end(descriptor)


def _wait_for_end(descriptor: int) -> None:
    import select

    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    assert poll.poll(10_000), "it still runs"
    os.close(descriptor)
