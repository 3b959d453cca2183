"""Swarm executor with a real swarm of one node."""

import asyncio
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from nodion_tui.local.child_engine import ChildEngine
from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.http.server import EngineServer
from nodion_tui.local.runners.runner_spec import InstanceSpec, RunnerSpec
from tests.support.docker_daemon import IMAGE_NAME, Docker
from tests.support.wire import Wire, connect

pytestmark = pytest.mark.container
SMALL = InstanceSpec(cpu=0.5, mem=16)
RUNNERS = (
    RunnerSpec(name="Tool", image_name=IMAGE_NAME, instance_type=SMALL),
    RunnerSpec(name="Absent", image_name="localhost/no-such-image", instance_type=SMALL),
    RunnerSpec(
        name="Huge",
        image_name=IMAGE_NAME,
        instance_type=InstanceSpec(cpu=0.5, mem=1 << 30),
        timeout_seconds=1,
    ),
)
IDS = {runner.name: runner.api_id for runner in RUNNERS}
VARIABLES = {
    "TEMPLATE": "{{.Node.Hostname}} {{{nope}} }}",
    "LINES": "one\ntwo",
    "DOCKER_HOST": "tcp://192.0.2.1",
    "EMPTY": "",
    "HASH": " #not a comment",
}


@pytest.fixture
def settings(docker: Docker, tmp_path: Path) -> EngineSettings:
    return EngineSettings(
        data_dir=tmp_path / "data",
        executor="swarm",
        container=docker.settings_of("swarm"),
        runners=RUNNERS,
        stop_seconds=2,
        shutdown_seconds=0.2,
        max_running=20,
        flush_seconds=20,  # a busy machine may bring the parts of a long line late
    )


async def _until_gone(docker: Docker, *runs: dict[str, Any]) -> None:
    """Wait until the node has removed the runs' containers, which it does by itself."""
    async with asyncio.timeout(20):
        while any(docker.containers(run["id"]) for run in runs):  # noqa: ASYNC110 Docker's own
            await asyncio.sleep(0.1)


def _lines(bodies: list[str]) -> list[str]:
    return bodies[bodies.index("========> Executing command") + 1 :]


async def test_runs_of_a_swarm_lose_nothing(settings: EngineSettings, docker: Docker) -> None:
    async with EngineServer(settings) as server, connect(server.url, server.key) as http:
        wire = Wire(http, IDS.__getitem__)
        many = await wire.trigger("Tool", command="seq 10000 | tee /dev/stderr; exit 7")
        small = [await wire.trigger("Tool", command=f"seq {n} 40") for n in range(12)]
        long = await wire.trigger("Tool", command="seq 1 9999 | tr '\\n' '-'; printf end")
        own = await wire.trigger("Tool")
        slow = await wire.trigger("Tool", command="echo a; sleep 1; echo b; sleep 1; printf c")
        numbers = Counter(_lines((await wire.follow(many)).bodies))
        assert numbers == {str(n): 2 for n in range(1, 10001)}
        assert (await wire.get(many))["exit_code"] == 7
        for first, run in enumerate(small):
            assert _lines((await wire.follow(run)).bodies) == [str(n) for n in range(first, 41)]
        expected = "".join(f"{n}-" for n in range(1, 10000)) + "end"
        assert _lines((await wire.follow(long)).bodies) == [expected]
        assert _lines((await wire.follow(own)).bodies) == ["from the image"]
        assert _lines((await wire.follow(slow)).bodies) == ["a", "b", "c"]
        runs = (many, long, own, slow, *small)
        assert [docker.service(run["id"]) for run in runs] == [""] * len(runs)
        await _until_gone(docker, *runs)


async def test_what_a_job_of_a_swarm_gets(settings: EngineSettings) -> None:
    env = [{"env_key": key, "env_val": value} for key, value in VARIABLES.items()]
    async with EngineServer(settings) as server, connect(server.url, server.key) as http:
        wire = Wire(http, IDS.__getitem__)
        printed = await wire.trigger("Tool", argv=["env"], env_variables=env)
        words = await wire.trigger(
            "Tool", entrypoint="printf '<%s>\n'", argv=["{{.Node.ID}}", "a 'b", "", "-x"]
        )
        huge = await wire.trigger("Huge")
        absent, folder = await wire.trigger("Absent"), await wire.trigger("Tool", argv=["/tmp"])
        output = "\n".join((await wire.follow(printed)).bodies)
        for key, value in VARIABLES.items():
            assert f"{key}={value}" in output
        bodies = (await wire.follow(words)).bodies
        assert _lines(bodies) == ["<{{.Node.ID}}>", "<a 'b>", "<>", "<-x>"]
        problem = "The image could not be pulled by its node, and is not there"
        assert _lines((await wire.follow(absent)).bodies) == [problem]
        assert _lines((await wire.follow(folder)).bodies) == ["exec: '/tmp': Permission denied"]
        assert (await wire.get(folder))["exit_code"] == 126
        waiting, timed_out = _lines((await wire.follow(huge)).bodies)
        assert waiting.startswith("Waiting for a node: no suitable node")
        assert timed_out == "========> Timed out"
    assert settings.data_dir is not None
    with sqlite3.connect(settings.data_dir / "engine.sqlite3") as db:
        rows = db.execute("SELECT bodies FROM blocks WHERE NOT public").fetchall()
    assert any(b" on node " in row[0] for row in rows)


async def test_a_job_of_a_swarm_ends_as_asked(settings: EngineSettings, docker: Docker) -> None:
    traps = "trap 'echo bye; sleep 0.5; echo late; exit 3' TERM"
    command = f"{traps}; echo up; while :; do sleep 0.1; done"
    async with ChildEngine(settings) as server, connect(server.url, server.key) as http:
        wire = Wire(http, IDS.__getitem__)
        stopped = await wire.trigger("Tool", command=command)
        orphan = await wire.trigger("Tool", command="echo up; sleep 600")
        for run in (orphan, stopped):
            async for event, data in wire.events(run):
                if event == "log" and data["body"] == "up":
                    break
        assert (await wire.stop(stopped))["status"] == "canceled"
        bodies = await wire.logged(stopped, "late")
        assert _lines(bodies) == ["up", "========> Canceled", "bye", "late"]
        server.process.kill()
        server.process.wait()
    other = docker.call(
        *("service", "create", "--detach", "--quiet", "--network", "host", "--no-resolve-image"),
        *("--label", "nodion-tui.engine=0", IMAGE_NAME, "sleep", "600"),
    )
    try:
        async with EngineServer(settings) as again, connect(again.url, again.key) as http:
            assert docker.call("ps", "--quiet", "--filter", f"name=nodion-tui-{orphan['id']}") == ""
            ended = await Wire(http, IDS.__getitem__).get(orphan)
            assert (ended["status"], ended["exit_code"]) == ("failed", None)
            assert docker.service(orphan["id"]) == ""
            assert docker.call("service", "inspect", "--format", "{{.ID}}", other) == other
    finally:
        docker.call("service", "rm", other)
