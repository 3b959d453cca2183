"""What a container's job gets, and what is told when it gets no container: a real Podman."""

import contextlib
import dataclasses
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.execution.executors.container_env import remove_stale_secrets
from nodion_tui.local.execution.executors.engine_cli import EngineCli
from nodion_tui.local.http.server import EngineServer
from nodion_tui.local.runners.runner_spec import InstanceSpec, RunnerSpec
from tests.support.containers import PASSWORD, USER, Podman
from tests.support.wire import Wire, connect

pytestmark = pytest.mark.container
LINES = {
    "PATH": "/bin\n/none",
    "HOME": "/\n",
    "DOCKER_HOST": "one\n\ntwo\n",
    "CONTAINER_HOST": "\n",
    "GOOGLE_CREDENTIALS": '{\n  "key": "a=b"\n}',
    "LD_PRELOAD": "\nnone",
    "lower": "carriage return\r",
    "XDG_RUNTIME_DIR": "long" * 30_000,
}
"""Values that no environment file can hold, under names that container engines read."""
OTHERS = {"EMPTY": "", "BLANKS": "  a  ", "QUOTES": "\"'`$(id)", "HASH": "#1"}
SUPERVISOR = {
    "http_proxy": "http://user:secret@proxy.invalid:1",
    "HTTPS_PROXY": "http://user:secret@proxy.invalid:1",
    "NO_PROXY": "none",
    "NOTIFY_SOCKET": "/none",
    "LISTEN_FDS": "1",
}


@pytest.fixture
def settings(podman: Podman, tmp_path: Path) -> EngineSettings:
    image = f"{podman.image_name}:latest"
    podman.call("pull", "--quiet", "--creds", f"{USER}:{PASSWORD}", "--tls-verify=false", image)
    return EngineSettings(
        data_dir=tmp_path / "data",
        executor="podman",
        max_line_bytes=1 << 18,
        container=msgspec.structs.replace(podman.settings, pull="missing"),
        runners=(
            RunnerSpec(
                name="Tool",
                image_name=podman.image_name,
                instance_type=InstanceSpec(cpu=0.5, mem=64),
            ),
        ),
    )


@contextlib.asynccontextmanager
async def _engine(settings: EngineSettings, *run_args: str) -> AsyncIterator[Wire]:
    """Start an engine with further arguments for `create`."""
    container = msgspec.structs.replace(
        settings.container, run_args=(*settings.container.run_args, *run_args)
    )
    settings = dataclasses.replace(settings, container=container)
    async with EngineServer(settings) as server, connect(server.url, server.key) as http:
        yield Wire(http, lambda _: (settings.runners or ())[0].api_id)


async def _failed(wire: Wire, **body: Any) -> tuple[int, str]:
    """Trigger what cannot start; returns its exit code and its last line."""
    followed = await wire.follow(run := await wire.trigger("Tool", **body))
    return (await wire.get(run))["exit_code"], followed.bodies[-1]


def _variables(values: dict[str, str]) -> list[dict[str, str]]:
    return [{"env_key": key, "env_val": value} for key, value in values.items()]


async def test_variables_of_any_name_and_length_arrive_and_none_of_the_engine_s(
    settings: EngineSettings, podman: Podman, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key, value in SUPERVISOR.items():
        monkeypatch.setenv(key, value)
    async with _engine(settings) as wire:
        values = LINES | OTHERS
        run = await wire.trigger("Tool", argv=["/bin/env", "-0"], env_variables=_variables(values))
        output = "\n".join((await wire.follow(run)).bodies[2:])
    got = dict(variable.split("=", 1) for variable in output.split("\0")[:-1])
    assert {key: got.get(key) for key in values} == values
    assert set(got) - set(values) == {"TERM", "HOSTNAME", "container"}
    assert podman.call("secret", "ls", "--quiet") == ""


async def test_secrets_of_an_engine_that_died_are_removed_and_no_others(podman: Podman) -> None:
    settings = podman.settings
    cli = EngineCli("podman", settings.program, settings.engine_args)
    for name in ("nodion-tui-7-run-0", "nodion-tui-71-run-0", "another"):
        assert (await cli.run("secret", "create", name, "-", stdin=b"x")).exit_code == 0
    await remove_stale_secrets(cli, 7)
    left = podman.call("secret", "ls", "--format", "{{.Name}}").split()
    assert sorted(left) == ["another", "nodion-tui-71-run-0"]
    podman.call("secret", "rm", *left)


async def test_stop_sends_the_container_s_own_signal(settings: EngineSettings) -> None:
    traps = "trap 'echo TERM' TERM; trap 'echo INT; exit' INT; echo up"
    async with _engine(settings, "--stop-signal", "INT") as wire:
        run = await wire.trigger("Tool", command=f"{traps}; while :; do sleep 0.05; done")
        async for event, data in wire.events(run):
            if event == "log" and data["body"] == "up":
                await wire.stop(run)
                break
        bodies = await wire.logged(run, "INT")
    assert "TERM" not in bodies


async def test_a_container_that_cannot_be_created_says_why(
    settings: EngineSettings, podman: Podman
) -> None:
    for run_args, reason in (
        (("--volume", "/no/such:/data"), "statfs /no/such: no such file or directory"),
        (("--no-such-option",), "unknown flag: --no-such-option"),
        (("--device", "/dev/nowhere"), "stat /dev/nowhere: no such file or directory"),
    ):
        async with _engine(settings, *run_args) as wire:
            code, line = await _failed(wire)
        assert line.startswith(f"The container could not be created: {reason}")
        assert code == 125
    assert podman.call("ps", "--all", "--quiet") == ""


async def test_a_container_that_cannot_be_started_says_why(settings: EngineSettings) -> None:
    async with _engine(settings, "--workdir", "/no/such") as wire:
        code, line = await _failed(wire)
        assert line.startswith('The container could not be started: workdir "/no/such" does not')
        assert code == 126
    async with _engine(settings) as wire:
        assert await _failed(wire, argv=[""]) == (127, "exec: '': not found")
        no_entry = await _failed(wire, entrypoint="/no/entry", argv=["x"])
        assert no_entry == (127, "exec: '/no/entry': not found")
        not_a_folder = await _failed(wire, argv=["/bin/sh/x"])
        assert not_a_folder == (126, "exec: '/bin/sh/x': Not a directory")
        code, line = await _failed(wire, argv=["no-interpreter"])
        assert line == "exec: '/bin/no-interpreter': found, but its interpreter '/no/such' is not"
        assert code != 0
        said = "exec /no/such: no such file or directory"
        assert await _failed(wire, argv=["sh", "-c", f"echo {said}; exit 3"]) == (3, said)
