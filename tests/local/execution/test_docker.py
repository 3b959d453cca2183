"""Container executor with a real Docker daemon: what the contract does not ask."""

import dataclasses
from functools import partial
from pathlib import Path

import msgspec
import pytest

from nodion_tui.local.engine_settings import EngineSettings, ExecutorName
from nodion_tui.local.http.server import EngineServer
from nodion_tui.local.runners.runner_spec import InstanceSpec, RunnerSpec
from tests.support.containers import login_of
from tests.support.docker_daemon import IMAGE_NAME, PULLED_NAME, REGISTRY, Docker
from tests.support.hostile import until
from tests.support.wire import Wire, connect

pytestmark = pytest.mark.container
RUNNER = RunnerSpec(name="Tool", image_name=IMAGE_NAME, instance_type=InstanceSpec(cpu=0.5, mem=64))


@pytest.fixture
def settings(docker: Docker, tmp_path: Path) -> EngineSettings:
    return EngineSettings(
        data_dir=tmp_path / "data",
        executor="docker",
        container=docker.settings,
        runners=(RUNNER,),
        stop_seconds=5,
        shutdown_seconds=0.2,
    )


async def test_an_image_that_is_only_here_names_the_setting(settings: EngineSettings) -> None:
    always = msgspec.structs.replace(settings.container, pull="always")
    settings = dataclasses.replace(settings, container=always)
    async with EngineServer(settings) as server, connect(server.url, server.key) as http:
        wire = Wire(http, lambda _: RUNNER.api_id)
        _, problem = (await wire.follow(await wire.trigger("Tool"))).bodies
    assert problem.startswith("The image could not be pulled: ")
    assert problem.endswith('; it is here, and pull = "missing" in [container] would use it')


async def test_an_image_is_pulled_with_the_login_of_its_registry(
    settings: EngineSettings, docker: Docker, tmp_path: Path
) -> None:
    runner = msgspec.structs.replace(RUNNER, image_name=PULLED_NAME)
    right = login_of(REGISTRY, tmp_path)
    wrong = msgspec.structs.replace(right, username="nobody")
    executors: tuple[ExecutorName, ...] = ("docker", "swarm")
    for executor in executors:
        always = msgspec.structs.replace(docker.settings_of(executor), pull="always")
        for login, said in (
            (wrong, f"The registry {REGISTRY} rejected the login"),
            (right, "from the registry"),
        ):
            changed = dataclasses.replace(
                settings,
                executor=executor,
                container=always,
                registries=(login,),
                runners=(runner,),
            )
            async with EngineServer(changed) as server, connect(server.url, server.key) as http:
                wire = Wire(http, lambda _: runner.api_id)
                assert (await wire.follow(await wire.trigger("Tool"))).bodies[-1] == said
        docker.call("rmi", "--force", docker.call("images", "--quiet", PULLED_NAME))


async def test_a_job_of_docker_from_its_start_to_its_end(
    settings: EngineSettings, docker: Docker
) -> None:
    async with EngineServer(settings) as server, connect(server.url, server.key) as http:
        wire = Wire(http, lambda _: RUNNER.api_id)
        own, many, folder = [
            await wire.trigger("Tool", **body)
            for body in ({}, {"command": "seq 3000"}, {"argv": ["/tmp"]})
        ]
        assert (await wire.follow(own)).bodies[-1] == "from the image"
        assert (await wire.follow(many)).bodies[2:] == [str(n) for n in range(1, 3001)]
        assert (await wire.follow(folder)).bodies[2:] == ["exec: '/tmp': Permission denied"]
        assert (await wire.get(folder))["exit_code"] == 126
        stopped = await wire.trigger("Tool", command=TRAP)
        async for event, data in wire.events(stopped):
            if event == "log" and data["body"] == "up":
                await wire.stop(stopped)
        assert (await wire.logged(stopped, "bye"))[-2:] == ["========> Canceled", "bye"]
        for run in (own, many, folder, stopped):
            await until(partial(_has_no_container, docker, run["id"]))


def _has_no_container(docker: Docker, run_id: str) -> bool:
    return docker.containers(run_id) == ""


TRAP = "trap 'echo bye; exit 3' TERM; echo up; while :; do sleep 0.05; done"
