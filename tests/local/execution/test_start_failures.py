"""What keeps a job from starting is told in its own words, with the exit code of a shell."""

import contextlib
import dataclasses
import errno
import resource
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.execution.executors.engine_cli import EngineCli
from nodion_tui.local.execution.executors.spawn_failure import spawn_failure
from nodion_tui.local.execution.job import StartFailed
from nodion_tui.local.runners.local_toml import read_local_toml
from nodion_tui.local.runners.runner_spec import MAX_VARIABLE_BYTES, RunnerSpec
from nodion_tui.model.errors import ConfigError
from tests.support.wire import Wire

LARGE = RunnerSpec(
    name="Large", argv=("true",), env={f"PART_{index}": "x" * 120_000 for index in range(60)}
)


@pytest.fixture
def engine_settings(engine_settings: EngineSettings) -> EngineSettings:
    return dataclasses.replace(engine_settings, runners=(*(engine_settings.runners or ()), LARGE))


@pytest.fixture
def runner_id(runner_id: Callable[[str], str]) -> Callable[[str], str]:
    return lambda name: LARGE.api_id if name == "Large" else runner_id(name)


@pytest.fixture
def scripts(tmp_path: Path) -> Path:
    """Files that cannot be executed, each for its own reason."""
    loader = Path(sys.executable).resolve().read_bytes().replace(b"/ld-linux", b"/XX-linux")
    for name, content in {
        "no-interpreter": b"#!/no/such -x\n",
        "no-line-end": b"#!/bin/sh\r\necho\r\n",
        "interpreter-is-no-program": b"#!/etc/passwd\n",
        "no-format": b"hello\n",
        "no-loader": loader,
    }.items():
        (tmp_path / name).write_bytes(content)
        (tmp_path / name).chmod(0o700)
    (tmp_path / "no-program").touch(0o600)
    return tmp_path


CASES = {
    "": (127, "not found"),
    "no-such-program": (127, "not found"),
    "/no/such": (127, "not found"),
    "/tmp": (126, "Permission denied"),
    "/etc/passwd/x": (126, "Not a directory"),
    "{}/no-program": (126, "Permission denied"),
    "{}/no-interpreter": (127, "found, but its interpreter '/no/such' is not"),
    "{}/no-line-end": (127, "found, but its interpreter '/bin/sh\\r' is not"),
    "{}/interpreter-is-no-program": (
        126,
        "its interpreter '/etc/passwd' cannot be executed: Permission denied",
    ),
    "{}/no-format": (126, "no program for this machine, nor a script that starts with #!"),
}


async def test_a_program_that_cannot_be_executed_says_what_is_missing(
    wire: Wire, scripts: Path
) -> None:
    for program, (code, reason) in CASES.items():
        path = program.format(scripts)
        run = await wire.trigger("Hello", argv=[path])
        assert (await wire.follow(run)).bodies[-1] == f"exec: {path!r}: {reason}"
        assert (await wire.get(run))["exit_code"] == code
    run = await wire.trigger("Hello", entrypoint="''", argv=["true"])
    assert (await wire.ended(run))["exit_code"] == 127


@pytest.mark.skipif(sys.platform != "linux", reason="programs have a loader there")
async def test_a_missing_loader_is_told_apart_from_a_missing_program(
    wire: Wire, scripts: Path
) -> None:
    run = await wire.trigger("Hello", argv=[f"{scripts}/no-loader"])
    assert (
        (await wire.follow(run)).bodies[-1].endswith("found, but the loader that it needs is not")
    )


async def test_a_variable_that_no_program_can_get_is_refused_with_its_size(
    wire: Wire, tmp_path: Path
) -> None:
    fits = "x" * (MAX_VARIABLE_BYTES - len("NAME="))
    for value, code in ((fits, 0), (f"{fits}x", 126)):
        variables = [{"env_key": "NAME", "env_val": value}]
        run = await wire.trigger("Hello", argv=["true"], env_variables=variables)
        followed = await wire.follow(run)
        assert (await wire.get(run))["exit_code"] == code
    limit = "NAME has 131,072 bytes with its name, the system's limit is 131,071"
    assert followed.bodies == [f"The environment is refused: {limit}"]
    file = tmp_path / "local.toml"
    file.write_text(f'[[runners]]\nname = "One"\nenv = {{ NAME = "{fits}x" }}\n')
    with pytest.raises(ConfigError) as error:
        read_local_toml(file)
    assert error.value.detail == f"{file}:3: runners[0].env: {limit}"


async def test_variables_that_are_too_long_together_are_told_as_such(wire: Wire) -> None:
    followed = await wire.follow(run := await wire.trigger("Large"))
    assert followed.bodies[-1].startswith("exec: 'true': arguments and variables are too long: 7,2")
    assert (await wire.get(run))["exit_code"] == 126


def test_a_machine_without_room_for_a_process_is_no_fault_of_the_program(tmp_path: Path) -> None:
    failure = spawn_failure(OSError(errno.EAGAIN, "again"), ["true"], tmp_path, {})
    assert str(failure).startswith("No process can be started now: the limit of processes")
    failure = spawn_failure(OSError(errno.ENOENT, "gone", str(tmp_path)), ["true"], tmp_path, {})
    assert str(failure) == "The working directory cannot be entered: gone"


@contextlib.contextmanager
def _full_file_table() -> Iterator[None]:
    """Let this process open no further file."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_a_container_engine_that_cannot_be_run_is_not_called_missing() -> None:
    with _full_file_table(), pytest.raises(StartFailed) as failure:
        EngineCli("podman").start("ps", output=1)
    assert str(failure.value) == "podman cannot be run: Too many open files"
    assert failure.value.exit_code == 125


async def test_a_container_engine_is_missing_or_refused_or_gets_too_much(tmp_path: Path) -> None:
    (tmp_path / "file").touch(0o600)
    for program, arguments, reason in (
        (tmp_path / "none", (), "is not installed"),
        (tmp_path / "file", (), "cannot be run: Permission denied"),
        (Path("true"), ("x" * 131_072,), "cannot be run: Argument list too long"),
    ):
        with pytest.raises(StartFailed) as failure:
            await EngineCli("podman", str(program)).run(*arguments)
        assert str(failure.value) == f"{program} {reason}"
