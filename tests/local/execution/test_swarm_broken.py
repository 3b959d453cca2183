"""A swarm that refuses, hangs or loses a node breaks the run, but never the embedded engine."""

import asyncio
import json
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.execution.executors import docker_api
from nodion_tui.local.execution.executors.docker_api import DockerApiError, frames, get_json
from nodion_tui.local.execution.executors.engine_cli import EngineCli
from nodion_tui.local.execution.executors.swarm import swarm_job
from nodion_tui.local.http.server import EngineServer
from nodion_tui.local.runners.container_spec import ContainerSpec
from nodion_tui.local.runners.runner_spec import RunnerSpec
from nodion_tui.model.errors import ConfigError
from tests.support.wire import Wire, connect

RUNNER = RunnerSpec(name="Any", image_name="any")
SCRIPT = """#!/bin/sh
case "$1 $2" in
  "service ls") [ ! -e {0}/refused ] || {{ echo "This node is not a swarm manager."; exit 1; }};;
  "service create") echo service;;
  "service rm") echo removed >> {0}/removed;;
  "system dial-stdio")
    read -r method path version
    case $path in
      /tasks\\?*) printf 'HTTP/1.0 200 OK\\r\\n\\r\\n'; cat {0}/tasks;;
      /tasks/*follow=1*) cat {0}/follow; exec sleep 60;;
      *) cat {0}/answer; [ ! -e {0}/next ] || mv {0}/next {0}/answer;;
    esac;;
esac
"""
OK = b"HTTP/1.0 200 OK\r\n\r\n"


def _frame(text: str, stream: int = 1) -> bytes:
    body = text.encode()
    return bytes((stream, 0, 0, 0)) + len(body).to_bytes(4, "big") + body


@pytest.fixture
def docker_program(tmp_path: Path) -> Callable[..., Path]:
    """A program that speaks for Docker; what it answers is in files beside it."""

    def make(status: dict[str, Any], *, desired: str, follow: bytes, answer: bytes) -> Path:
        task = {"ID": "t", "ServiceID": "service", "Status": status, "DesiredState": desired}
        (tmp_path / "tasks.new").write_text(json.dumps([task]))
        (tmp_path / "tasks.new").rename(tmp_path / "tasks")
        (tmp_path / "follow").write_bytes(follow)
        (tmp_path / "answer").write_bytes(answer)
        if not (path := tmp_path / "docker").exists():
            path.write_text(SCRIPT.format(tmp_path))
            path.chmod(0o700)
        return path

    return make


def _settings(tmp_path: Path) -> EngineSettings:
    return EngineSettings(
        data_dir=tmp_path / "data",
        executor="swarm",
        runners=(RUNNER,),
        container=ContainerSpec(program=str(tmp_path / "docker")),
        stop_seconds=0.1,
        shutdown_seconds=0.1,
    )


async def _bodies(tmp_path: Path) -> list[str]:
    settings = _settings(tmp_path)
    async with EngineServer(settings) as server, connect(server.url, server.key) as http:
        wire = Wire(http, lambda _: RUNNER.api_id)
        bodies = (await wire.follow(await wire.trigger("Any"))).bodies
    assert (tmp_path / "removed").exists()
    return bodies[2:]


async def test_a_run_whose_node_is_lost_ends_with_what_was_read(
    tmp_path: Path, docker_program: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert swarm_job.LOST_SECONDS
    monkeypatch.setattr(swarm_job, "LOST_SECONDS", 1.0)
    line = _frame("2026-01-31T12:00:00.000000001Z up\n")
    answer = b"HTTP/1.0 500 Internal Server Error\r\n\r\nno such node"
    docker_program({"State": "running"}, desired="shutdown", follow=OK + line, answer=answer)
    monkeypatch.setattr(swarm_job, "READ_TRIES", 1)
    assert await _bodies(tmp_path) == [
        "up",
        "========> The end of the output could not be read from its node",
        "The node of this run does not answer any more",
    ]


async def test_the_rest_of_a_log_is_read_once_and_in_the_order_of_the_node(
    tmp_path: Path, docker_program: Any
) -> None:
    """Frames of stdout and stderr are stored the other way round, and only some were followed."""
    moments = ("12:00:05.000000002Z", "12:00:05.000000001Z", "12:00:05.000000001Z", "12:00:04.5Z")
    log = [_frame(f"2026-01-31T{moment} {n}\n") for n, moment in enumerate(moments)]
    ends = {"follow": OK + b"".join(log[:2]), "answer": OK + b"".join(log[:3])}
    docker_program({"State": "running"}, desired="running", **ends)
    (tmp_path / "next").write_bytes(OK + b"".join(log))  # the daemon ended during its first answer
    settings, bodies = _settings(tmp_path), []
    async with EngineServer(settings) as server, connect(server.url, server.key) as http:
        wire = Wire(http, lambda _: RUNNER.api_id)
        run = await wire.trigger("Any")
        async for event, data in wire.events(run):
            if event == "log":
                bodies.append(data["body"])
                if data["body"] == "1":
                    failed = {"State": "failed", "Err": "task: non-zero exit (3)"}
                    status = {**failed, "ContainerStatus": {"ExitCode": 3}}
                    docker_program(status, desired="shutdown", **ends)
        assert (await wire.get(run))["exit_code"] == 3
    assert bodies[2:] == ["0", "1", "2", "3"]


async def test_a_silent_log_is_followed_for_as_long_as_it_takes(
    docker_program: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is no answer before the first line; only other requests have a time-out."""
    monkeypatch.setattr(docker_api, "ANSWER_SECONDS", 0.2)
    program = docker_program({"State": "new"}, desired="", follow=b"", answer=b"")
    batches = frames(EngineCli("docker", str(program)), "/tasks/t/logs", follow="1")
    with pytest.raises(TimeoutError):
        async with aclosing(batches), asyncio.timeout(0.6):
            await anext(batches)


async def test_a_daemon_without_a_swarm_is_a_sentence(tmp_path: Path, docker_program: Any) -> None:
    docker_program({"State": "new"}, desired="running", follow=b"", answer=b"")
    (tmp_path / "refused").touch()
    with pytest.raises(ConfigError, match="docker failed: This node is not a swarm manager"):
        async with EngineServer(_settings(tmp_path)):
            pass


async def test_an_answer_that_is_none_is_an_error(docker_program: Any) -> None:
    for answer, problem in (
        (b"", "does not answer"),
        (b"HTTP/1.0 404 Not Found\r\n\r\nno such task", "no such task"),
        (OK + b"{", "no answer to GET /x"),
    ):
        program = docker_program({"State": "new"}, desired="", follow=b"", answer=answer)
        with pytest.raises(DockerApiError, match=problem):
            await get_json(EngineCli("docker", str(program)), "/x")
    for answer, problem in (
        (OK + _frame("the node is gone", stream=3), "the node is gone"),
        (OK + _frame("cut off")[:-1], "ends within a frame"),
    ):
        program = docker_program({"State": "new"}, desired="", follow=b"", answer=answer)
        with pytest.raises(DockerApiError, match=problem):
            async for _ in frames(EngineCli("docker", str(program)), "/x"):
                pass
