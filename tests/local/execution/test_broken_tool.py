"""A container engine that fails or hangs breaks the run, but never the embedded engine."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.execution.executors.engine_cli import (
    PAUSE_SECONDS,
    TRIES,
    EngineCli,
)
from nodion_tui.local.http.server import EngineServer
from nodion_tui.local.runners.container_spec import ContainerSpec
from nodion_tui.local.runners.runner_spec import RunnerSpec
from tests.support.wire import Wire, connect

RUNNER = RunnerSpec(name="Any", image_name="any")


@pytest.fixture
def program(tmp_path: Path) -> Callable[[str], Path]:
    """Make a program that records its subcommands in `commands` and executes a shell `case`."""

    def make(cases: str) -> Path:
        path = tmp_path / "podman"
        path.write_text(f'#!/bin/sh\necho "$1" >> {tmp_path}/commands\ncase $1 in {cases} esac\n')
        path.chmod(0o700)
        return path

    return make


def _settings(tmp_path: Path, program: Path) -> EngineSettings:
    return EngineSettings(
        data_dir=tmp_path / "data",
        executor="podman",
        runners=(RUNNER,),
        container=ContainerSpec(program=str(program)),
        stop_seconds=0.1,
        shutdown_seconds=0.1,
    )


def _recorded_commands(tmp_path: Path) -> list[str]:
    return (tmp_path / "commands").read_text().split()


async def _until_recorded(tmp_path: Path, word: str) -> None:
    async with asyncio.timeout(10):
        while word not in _recorded_commands(tmp_path):  # noqa: ASYNC110 another process writes it
            await asyncio.sleep(0.01)


async def test_stop_ends_a_creation_that_hangs_and_removes_what_it_left(
    tmp_path: Path, program: Any
) -> None:
    settings = _settings(tmp_path, program("create) exec sleep 60;;"))
    async with EngineServer(settings) as server, connect(server.url, server.key) as http:
        wire = Wire(http, lambda _: RUNNER.api_id)
        run = await wire.trigger("Any")
        await _until_recorded(tmp_path, "create")
        assert (await wire.stop(run))["status"] == "canceled"
        assert (await wire.logged(run, "========> Canceled"))[-1] == "========> Canceled"
    assert _recorded_commands(tmp_path) == ["ps", "secret", "pull", "create", "rm"]


async def test_a_tool_that_hangs_does_not_keep_an_engine_from_ending(
    tmp_path: Path, program: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nodion_tui.local.execution.engine.SHUTDOWN_GRACE_SECONDS", 0.1)
    settings = _settings(tmp_path, program("start|kill|rm) exec sleep 60;;"))
    async with EngineServer(settings) as server, connect(server.url, server.key) as http:
        run = await Wire(http, lambda _: RUNNER.api_id).trigger("Any")
        await _until_recorded(tmp_path, "start")
    async with EngineServer(settings) as restarted, connect(restarted.url, restarted.key) as http:
        ended = await Wire(http, lambda _: RUNNER.api_id).get(run)
        assert (ended["status"], ended["exit_code"]) == ("failed", None)


async def test_a_removal_that_fails_is_tried_again_and_told(
    tmp_path: Path, program: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert PAUSE_SECONDS
    monkeypatch.setattr("nodion_tui.local.execution.executors.engine_cli.PAUSE_SECONDS", 0)
    await EngineCli("podman", str(program("rm) exit 2;;"))).remove("x")
    assert _recorded_commands(tmp_path) == ["rm"] * TRIES
    assert "could not be removed" in caplog.text
    caplog.clear()
    missing = program("rm) echo Error: No such container: x; exit 1;;")
    await EngineCli("docker", str(missing)).remove("x")
    assert caplog.text == ""


async def test_a_command_that_does_not_answer_is_ended(program: Any) -> None:
    cli = EngineCli("podman", str(program("ps) exec sleep 60;;")))
    result = await cli.run("ps", timeout_seconds=0.1)
    assert (result.exit_code, result.text) == (124, "timed out after 0.1 s")
