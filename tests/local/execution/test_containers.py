"""Container executor with a real Podman and a real registry."""

import dataclasses
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.http.server import EngineServer
from nodion_tui.local.runners.runner_spec import InstanceSpec, RunnerSpec
from tests.support.containers import PASSWORD, USER, Podman, registry_login
from tests.support.hostile import until
from tests.support.wire import Wire, connect, wire_to

pytestmark = pytest.mark.container
SMALL = InstanceSpec(cpu=0.5, mem=64)


@pytest.fixture
def settings(podman: Podman, tmp_path: Path) -> EngineSettings:
    return EngineSettings(
        data_dir=tmp_path / "data",
        executor="podman",
        container=podman.settings,
        registries=(registry_login(podman, tmp_path),),
        runners=(
            RunnerSpec(
                name="Tool",
                env={"GREETING": "hello"},
                image_name=podman.image_name,
                instance_type=SMALL,
            ),
            RunnerSpec(
                name="Slow",
                run_command="echo up; sleep 60",
                timeout_seconds=1,
                image_name=podman.image_name,
                instance_type=SMALL,
            ),
            RunnerSpec(name="Missing", image_name=f"{podman.registry}/test/none"),
        ),
        stop_seconds=0.5,
        shutdown_seconds=0.2,
    )


@pytest.fixture
async def engine(settings: EngineSettings) -> AsyncIterator[EngineServer]:
    async with EngineServer(settings) as server:
        yield server


@pytest.fixture
async def wire(engine: EngineServer) -> AsyncIterator[Wire]:
    async with wire_to(engine.url, engine.key) as wire:
        yield wire


def _containers(podman: Podman) -> str:
    return podman.call("ps", "--all", "--quiet")


def _internal(settings: EngineSettings) -> str:
    assert settings.data_dir is not None
    with sqlite3.connect(settings.data_dir / "engine.sqlite3") as db:
        rows = db.execute("SELECT bodies FROM blocks WHERE NOT public").fetchall()
    return "\n".join(row[0].decode() for row in rows)


async def test_pulls_with_a_login_then_executes_and_removes(
    wire: Wire, podman: Podman, settings: EngineSettings
) -> None:
    followed = await wire.follow(await wire.trigger("Tool"))
    assert followed.bodies == [
        f"Pulling {podman.image_name}:latest",
        "========> Executing command",
        "from the image",
    ]
    assert followed.state is not None
    assert followed.state["status"] == "succeeded"
    assert "Login Succeeded" in _internal(settings)
    assert _containers(podman) == ""
    assert not list((settings.data_dir or Path()).glob("work/*"))


async def test_words_and_variables_arrive_as_they_are(wire: Wire) -> None:
    env = [{"env_key": key, "env_val": value} for key, value in AWKWARD.items()]
    run = await wire.trigger("Tool", argv=["printf", "<%s>\n", "$GREETING", "a b", "", "-x"])
    assert (await wire.follow(run)).bodies[2:] == ["<$GREETING>", "<a b>", "<>", "<-x>"]
    run = await wire.trigger("Tool", argv=["env"], env_variables=env)
    output = "\n".join((await wire.follow(run)).bodies)
    for key, value in AWKWARD.items():
        assert f"{key}={value}" in output
    assert "GREETING=over" in output


AWKWARD = {
    "GREETING": "over",
    "HASH": " #not a comment",
    "QUOTES": "\"'`$(id)",
    "EQUALS": "a=b=c",
    "EMPTY": "",
    "LINES": "one\ntwo",
    "STAR": "*",
    "UMLAUT": "zwölf",
    "PATH": "/bin",
}


async def test_limits_of_the_instance_type(wire: Wire) -> None:
    command = (
        "cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max"
        " /sys/fs/cgroup/cpu/cpu.cfs_quota_us /sys/fs/cgroup/cpu.max 2>/dev/null; true"
    )
    output = (await wire.follow(await wire.trigger("Tool", command=command))).bodies[2:]
    assert output[0] == str(64 << 20)
    assert output[1].split()[0] == "50000"


async def test_program_that_is_not_there_is_127(wire: Wire, podman: Podman) -> None:
    for program, code, reason in (
        ("no-such-program", 127, "not found"),
        ("/tmp", 126, "Permission denied"),
    ):
        run = await wire.trigger("Tool", argv=[program])
        assert (await wire.follow(run)).bodies[-1] == f"exec: '{program}': {reason}"
        ended = await wire.get(run)
        assert (ended["status"], ended["exit_code"]) == ("failed", code)
    assert _containers(podman) == ""


async def test_image_that_cannot_be_pulled(wire: Wire, settings: EngineSettings) -> None:
    run = await wire.trigger("Missing")
    followed = await wire.follow(run)
    assert followed.bodies[1:] == ["The image could not be pulled: not found"]
    assert (await wire.get(run))["status"] == "failed"
    assert "Error" in _internal(settings)


async def test_login_that_is_refused_stays_internal(
    settings: EngineSettings, podman: Podman
) -> None:
    login = msgspec.structs.replace(settings.registries[0], username="nobody")
    settings = dataclasses.replace(settings, registries=(login,))
    async with EngineServer(settings) as server, connect(server.url, server.key) as http:
        wire = Wire(http, lambda _: (settings.runners or ())[0].api_id)
        followed = await wire.follow(await wire.trigger("Tool"))
    assert followed.bodies[1:] == [f"The registry {podman.registry} rejected the login"]
    assert "invalid username/password" in _internal(settings)


async def test_registry_without_tls_is_told_as_such(
    settings: EngineSettings, podman: Podman
) -> None:
    strict = msgspec.structs.replace(settings.container, pull_args=())
    settings = dataclasses.replace(settings, container=strict)
    async with EngineServer(settings) as server, connect(server.url, server.key) as http:
        wire = Wire(http, lambda _: (settings.runners or ())[0].api_id)
        followed = await wire.follow(await wire.trigger("Tool"))
    reason = "the registry does not use TLS; pull_args can allow that"
    assert followed.bodies[1:] == [f"The login to {podman.registry} failed: {reason}"]


async def test_stop_removes_the_container(wire: Wire, podman: Podman) -> None:
    run = await wire.trigger("Tool", command="trap '' TERM; echo up; sh -c 'sleep 60' & wait; wait")
    async for event, data in wire.events(run):
        if event == "log" and data["body"] == "up":
            break
    assert (await wire.stop(run))["status"] == "canceled"
    await wire.logged(run, "========> Canceled")
    await until(lambda: _containers(podman) == "", within=20)


async def test_stop_is_sigterm_first(settings: EngineSettings) -> None:
    settings = dataclasses.replace(settings, stop_seconds=10)
    async with EngineServer(settings) as server, connect(server.url, server.key) as http:
        wire = Wire(http, lambda _: (settings.runners or ())[0].api_id)
        run = await wire.trigger(
            "Tool", command="trap 'echo bye; exit 3' TERM; echo up; while :; do sleep 0.05; done"
        )
        async for event, data in wire.events(run):
            if event == "log" and data["body"] == "up":
                await wire.stop(run)
                break
        await wire.logged(run, "bye")


async def test_stop_while_pulling(wire: Wire, podman: Podman) -> None:
    run = await wire.trigger("Tool")
    async for event, data in wire.events(run):
        if event == "log" and data["body"].startswith("Pulling"):
            break
    await wire.stop(run)
    assert (await wire.ended(run))["status"] == "canceled"
    await until(lambda: _containers(podman) == "", within=20)


async def test_time_out(wire: Wire, podman: Podman) -> None:
    ended = await wire.ended(await wire.trigger("Slow"))
    assert (ended["status"], ended["exit_code"]) == ("failed", None)
    assert _containers(podman) == ""


async def test_docker_s_command_line(settings: EngineSettings, podman: Podman) -> None:
    """Podman accepts the same command line, except for Docker's config."""
    podman.call("pull", "--creds", f"{USER}:{PASSWORD}", *PULL, f"{podman.image_name}:latest")
    here = msgspec.structs.replace(settings.container, pull="missing")
    settings = dataclasses.replace(settings, executor="docker", container=here)
    async with EngineServer(settings) as server, connect(server.url, server.key) as http:
        wire = Wire(http, lambda _: (settings.runners or ())[0].api_id)
        run = await wire.trigger("Tool", command='echo "$GREETING"; exit 3')
        first, _, *output = (await wire.follow(run)).bodies
        assert first == f"Using local image {podman.image_name}:latest"
        assert output == ["hello"]
        assert (await wire.get(run))["exit_code"] == 3
    assert _containers(podman) == ""


PULL = ("--tls-verify=false",)


async def test_end_of_the_engine_removes_containers(
    settings: EngineSettings, podman: Podman
) -> None:
    async with EngineServer(settings) as server, connect(server.url, server.key) as http:
        wire = Wire(http, lambda _: (settings.runners or ())[0].api_id)
        run = await wire.trigger("Tool", command="echo up; sleep 60")
        async for event, data in wire.events(run):
            if event == "log" and data["body"] == "up":
                break
    assert _containers(podman) == ""


async def test_containers_of_an_engine_that_died_are_removed(
    settings: EngineSettings, podman: Podman
) -> None:
    from nodion_tui.local.child_engine import ChildEngine

    async with ChildEngine(settings) as server, connect(server.url, server.key) as http:
        wire = Wire(http, lambda _: (settings.runners or ())[0].api_id)
        run = await wire.trigger("Tool", command="echo up; sleep 60")
        async for event, data in wire.events(run):
            if event == "log" and data["body"] == "up":
                break
        server.process.kill()
        server.process.wait()
    assert _containers(podman) != ""
    other = podman.call("create", *podman.settings.run_args, f"{podman.image_name}:latest")
    async with EngineServer(settings) as restarted, connect(restarted.url, restarted.key) as http:
        wire = Wire(http, lambda _: (settings.runners or ())[0].api_id)
        followed = await wire.follow(run)
        assert followed.bodies[-1].startswith("========> Engine crashed")
        assert followed.state is not None
        assert followed.state["status"] == "failed"
    assert _containers(podman) == other[:12]
    podman.call("rm", other)
