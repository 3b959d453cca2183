"""One engine per executor; the tests in this folder run against all of them."""

import dataclasses
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from nodion_tui.config import Profile
from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.http.server import EngineServer
from nodion_tui.local.runners.runner_spec import InstanceSpec, RunnerSpec
from tests.support.containers import Podman, registry_login
from tests.support.docker_daemon import IMAGE_NAME, Docker
from tests.support.wire import Wire, wire_to

SMALL = InstanceSpec(name="Small", slug="small", cpu=0.5, mem=64)


_CONTAINER_ENGINES = [
    pytest.param(name, marks=pytest.mark.container) for name in ("podman", "docker", "swarm")
]


@pytest.fixture(params=["process", *_CONTAINER_ENGINES])
def engine_settings(request: pytest.FixtureRequest, tmp_path: Path) -> EngineSettings:
    image = "test/tool"
    settings = EngineSettings(
        data_dir=tmp_path / "data",
        max_running=2,
        stop_seconds=0.5,
        shutdown_seconds=0.2,
        page_size=7,
    )
    if request.param == "podman":
        podman: Podman = request.getfixturevalue("podman")
        image = podman.image_name
        settings = dataclasses.replace(
            settings,
            executor="podman",
            container=podman.settings,
            registries=(registry_login(podman, tmp_path),),
        )
    elif request.param in {"docker", "swarm"}:
        docker: Docker = request.getfixturevalue("docker")
        image = IMAGE_NAME
        settings = dataclasses.replace(
            settings, executor=request.param, container=docker.settings_of(request.param)
        )
    runners = (
        RunnerSpec(name="Default", run_command='echo "$GREETING"', env={"GREETING": "hello"}),
        RunnerSpec(name="Exec form", argv=("printf", "<%s>\n", "a b", "$HOME")),
        RunnerSpec(name="Entry", entrypoint="printf", argv=("[%s]\n", "x")),
        RunnerSpec(name="Forever", run_command="echo up; while :; do sleep 0.1; done"),
        RunnerSpec(name="Short", run_command="echo up; sleep 30", timeout_seconds=1),
    )
    return dataclasses.replace(
        settings,
        runners=tuple(
            msgspec.structs.replace(runner, image_name=image, instance_type=SMALL)
            for runner in runners
        ),
    )


@pytest.fixture
async def engine(engine_settings: EngineSettings) -> AsyncIterator[EngineServer]:
    async with EngineServer(engine_settings) as server:
        yield server


@pytest.fixture
async def wire(engine: EngineServer) -> AsyncIterator[Wire]:
    async with wire_to(engine.url, engine.key) as wire:
        yield wire


@pytest.fixture
def profile(engine: EngineServer) -> Profile:
    return Profile(name="contract", api_url=engine.url, key=engine.key)
