"""Demo runners work from any working directory."""

import dataclasses
from typing import Any

import pytest

from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.runners.demo import demo_container_runners
from tests.support.wire import Wire, wire_to

AT_ONCE = "python -c 'import time; time.sleep = lambda _: None; import"
"""Runs a demo script without its pauses; followed by the name of the module."""


@pytest.fixture
def engine_settings(engine_settings: EngineSettings, monkeypatch: Any, tmp_path: Any) -> Any:
    monkeypatch.chdir("/")
    data_dir = tmp_path / "a $folder with 'quotes'"
    return dataclasses.replace(engine_settings, runners=None, data_dir=data_dir)


@pytest.fixture
async def wire(engine: Any) -> Any:
    async with wire_to(engine.url, engine.key) as wire:
        yield wire


async def _bodies(wire: Wire, name: str, **body: Any) -> tuple[list[str], int]:
    run = await wire.trigger(name, **body)
    bodies = (await wire.follow(run)).bodies[1:]
    return bodies, (await wire.get(run))["exit_code"]


async def test_migration_tells_its_progress(wire: Wire) -> None:
    argv = ["python", "migrate.py", "--env", "staging", "--seconds", "0"]
    bodies, code = await _bodies(wire, "Database migration", argv=argv)
    assert (bodies[0], code, len(bodies)) == ("Connecting to the staging database", 0, 87)


async def test_chatty_writes_a_hundred_thousand_lines(wire: Wire) -> None:
    bodies, code = await _bodies(wire, "Chatty export")
    assert (len(bodies), code) == (100_000, 0)


async def test_colours_are_sgr(wire: Wire) -> None:
    bodies, code = await _bodies(
        wire, "Test suite in colour", command=f"{AT_ONCE} colours; colours.main()'"
    )
    assert "\x1b[32m" in bodies[1]
    assert (len(bodies), code) == (34, 0)


async def test_environment_is_printed_with_secrets_masked(wire: Wire) -> None:
    env = [
        {"env_key": "VERBOSE", "env_val": "true"},
        {"env_key": "API_TOKEN", "env_val": "canary"},
    ]
    bodies, code = await _bodies(wire, "Environment check", env_variables=env)
    assert {"VERBOSE=true", "BACKUP_TARGET=s3://my-bucket/backups", "API_TOKEN=***"} <= set(bodies)
    assert (bodies[-1], code) == ("done by sh -c", 0)


async def test_worker_goes_on_until_it_is_stopped(wire: Wire) -> None:
    run = await wire.trigger("Queue worker")
    async for event, data in wire.events(run):
        if event == "log" and data["body"].startswith("job 1"):
            await wire.stop(run)
            break
    assert (await wire.logged(run, "bye"))[-1] == "bye"


@pytest.mark.parametrize(("flag", "code", "last"), [("--fail", 1, "Conn"), ("--pass", 0, "6,000")])
async def test_flaky_import(wire: Wire, flag: str, code: int, last: str) -> None:
    command = f'{AT_ONCE} flaky, sys; sys.argv = ["", "{flag}"]; sys.exit(flaky.main())\''
    bodies, exit_code = await _bodies(wire, "Flaky import", command=command)
    assert bodies[-1].startswith(last)
    assert exit_code == code


def test_container_demos_keep_the_limits() -> None:
    assert [runner.problems() for runner in demo_container_runners()] == [{}] * 5
