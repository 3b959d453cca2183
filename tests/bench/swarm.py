"""S: output of runs on a swarm, compared with the same runs in Docker's own containers.

Every line has to arrive, in order: a long log, and many runs that end at once. The daemon is that
of the tests, with one node.
"""

import asyncio
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from nodion_tui.local.engine_settings import EngineSettings, ExecutorName
from nodion_tui.local.http.server import EngineServer
from nodion_tui.local.runners.runner_spec import InstanceSpec, RunnerSpec
from tests.bench.measure import Effort, Measure
from tests.support.docker_daemon import IMAGE_NAME, Docker, shared_docker
from tests.support.wire import Wire, connect

ROW = "S"
_RUNNER = RunnerSpec(name="Tool", image_name=IMAGE_NAME, instance_type=InstanceSpec(mem=16))


async def _check(wire: Wire, run: dict[str, Any], lines: int) -> None:
    bodies = (await wire.follow(run)).bodies
    output = bodies[bodies.index("========> Executing command") + 1 :]
    assert output == [str(number) for number in range(1, lines + 1)], f"{len(output)} of {lines}"


async def _seconds(
    executor: ExecutorName, docker: Docker, lines: int, runs: int
) -> tuple[float, float]:
    """Seconds until one run with many lines, then many runs with few lines have ended."""
    with tempfile.TemporaryDirectory() as folder:
        settings = EngineSettings(
            data_dir=Path(folder) / "data",
            executor=executor,
            container=docker.settings_of(executor),
            runners=(_RUNNER,),
        )
        async with EngineServer(settings) as server, connect(server.url, server.key) as http:
            wire = Wire(http, lambda _: _RUNNER.api_id)
            started = time.perf_counter()
            await _check(wire, await wire.trigger("Tool", command=f"seq {lines}"), lines)
            long = time.perf_counter() - started
            started = time.perf_counter()
            many = [await wire.trigger("Tool", command="seq 50") for _ in range(runs)]
            for run in many:
                await _check(wire, run, 50)
            return long, time.perf_counter() - started


def measure(effort: Effort) -> Sequence[Measure]:
    """Measure both executors in each round."""
    lines, runs = effort.of(1_000_000, 50_000), effort.of(200, 40)
    ours, peer = [], []
    try:
        with tempfile.TemporaryDirectory() as folder, shared_docker(Path(folder)) as docker:
            for _ in effort.each:
                peer.append(asyncio.run(_seconds("docker", docker, lines, runs)))
                ours.append(asyncio.run(_seconds("swarm", docker, lines, runs)))
    except pytest.skip.Exception as reason:
        return [Measure(ROW, "runs of a swarm", "", (), missing=str(reason))]
    return [
        Measure(ROW, what, "s", [row[n] for row in ours], [row[n] for row in peer], "docker")
        for n, what in enumerate((f"a run of {lines:,} lines", f"{runs} runs of 50 lines"))
    ]
