"""Variables of jobs with a real Docker daemon: any name, any length, any lines."""

from pathlib import Path

import msgspec
import pytest

from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.execution.executors.docker_variables import add_variables
from nodion_tui.local.execution.executors.engine_cli import EngineCli
from nodion_tui.local.http.server import EngineServer
from nodion_tui.local.runners.runner_spec import InstanceSpec, RunnerSpec
from tests.support.docker_daemon import IMAGE_NAME, Docker
from tests.support.wire import Wire, connect

pytestmark = pytest.mark.container
RUNNER = RunnerSpec(name="Tool", image_name=IMAGE_NAME, instance_type=InstanceSpec(cpu=0.1, mem=32))


@pytest.fixture(params=["docker", "swarm"])
def settings(request: pytest.FixtureRequest, docker: Docker, tmp_path: Path) -> EngineSettings:
    container = docker.settings_of(request.param)
    own = (*container.run_args, "--hostname", "named", "--env", "OWN=yes")
    return EngineSettings(
        data_dir=tmp_path / "data",
        executor=request.param,
        container=msgspec.structs.replace(container, run_args=own),
        runners=(RUNNER,),
        shutdown_seconds=0.2,
        max_line_bytes=1 << 18,
        flush_seconds=20,  # a busy machine may bring the parts of a long line late
    )


async def test_variables_of_any_name_and_length_arrive(
    settings: EngineSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://user:secret@proxy.invalid:1")
    inherited = {"GOOGLE_CREDENTIALS": '{\n "a": "b=c"\n}', "XDG_DATA": "long" * 30_000}
    obeyed = {"DOCKER_HOST": "one\n\ntwo\n", "PATH": "/bin\n", "HOME": "\n", "LD_PRELOAD": "a\nb"}
    async with EngineServer(settings) as server, connect(server.url, server.key) as http:
        wire = Wire(http, lambda _: RUNNER.api_id)
        for values in (inherited, inherited | obeyed | {"SHORT": "", "OWN": "over"}):
            variables = [{"env_key": key, "env_val": value} for key, value in values.items()]
            run = await wire.trigger("Tool", argv=["/bin/env", "-0"], env_variables=variables)
            bodies = (await wire.follow(run)).bodies
            output = "\n".join(bodies[bodies.index("========> Executing command") + 1 :])
            got = dict(text.split("=", 1) for text in output.split("\0")[:-1])
            assert {key: got.get(key) for key in values} == values
            assert got.keys() - values.keys() <= {"PATH", "HOME", "HOSTNAME", "OWN"}
            assert (got["HOSTNAME"], "OWN" in got) == ("named", True)


async def test_a_default_host_name_stays_one_and_a_refusal_is_told(docker: Docker) -> None:
    cli = EngineCli("docker", docker.settings.program, docker.settings.engine_args)
    name = "nodion-tui-variables"
    docker.call("create", "--name", name, "--network", "none", IMAGE_NAME, "true")
    try:
        assert (await add_variables(cli, name, {"PATH": "/bin\n"})).exit_code == 0
        full_id, host = docker.call("inspect", "-f", "{{.Id}} {{.Config.Hostname}}", name).split()
        assert full_id.startswith(host)
        refused = await add_variables(cli, name, {"": "no name"})
    finally:
        docker.call("rm", "--force", name)
    assert (refused.exit_code, refused.text) == (1, "invalid environment variable: =no name")
