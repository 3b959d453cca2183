"""Limits for a job's output: line length, log size, memory."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from nodion_tui.local.child_engine import ChildEngine
from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.execution.executors.output_pipe import READ_BYTES
from nodion_tui.local.execution.line_splitter import CUT_MARK
from nodion_tui.local.execution.output_tail import TAIL_BYTES
from nodion_tui.local.http.server import EngineServer
from nodion_tui.local.runners.runner_spec import RunnerSpec
from tests.support.wire import Followed, Wire, connect

FLOOD = RunnerSpec(name="Flood", run_command="seq -f '%0999.0f' 100000; exit 5")
MEMORY_MIB = 64
"""Maximum growth of the engine's memory for any amount of output."""


@pytest.fixture
def engine_settings(engine_settings: EngineSettings) -> EngineSettings:
    return dataclasses.replace(engine_settings, flush_seconds=0.1, max_line_bytes=50_000)


async def test_output_without_newline_is_flushed_after_a_while(wire: Wire) -> None:
    run = await wire.trigger("Hello", command="printf 'Continue? '; sleep 30")
    async for event, data in wire.events(run):
        if event == "log" and data["body"] == "Continue? ":
            assert (await wire.get(run))["status"] == "running"
            await wire.stop(run)


async def test_long_line_is_cut(wire: Wire) -> None:
    run = await wire.trigger(
        "Hello", command="head -c 10000000 /dev/zero | tr '\\0' y; echo; echo z"
    )
    bodies = (await wire.follow(run)).bodies
    assert bodies[-1] == "z"
    assert "".join(body.removesuffix(CUT_MARK) for body in bodies[1:-1]) == "y" * 10_000_000
    assert max(map(len, bodies)) <= 50_000 + len(CUT_MARK)
    assert len(bodies) >= 202, "a pause while it is written may flush a piece early"


async def test_binary_is_valid_text(wire: Wire) -> None:
    run = await wire.trigger("Hello", command="head -c 100000 /dev/urandom; printf '\\0\\377\\n'")
    followed = await wire.follow(run)
    assert followed.bodies[-1].endswith("\0\ufffd")
    assert [line["body"] for line in await wire.all_logs(run)] == followed.bodies


async def test_a_limit_is_told_when_it_is_reached_and_the_end_is_kept(
    engine_settings: EngineSettings, runner_id: Callable[[str], str], tmp_path: Path
) -> None:
    limit, gate = 1_000_000, tmp_path / "gate"
    settings = dataclasses.replace(engine_settings, max_log_bytes=limit)
    async with EngineServer(settings) as server, connect(server.url, server.key) as http:
        wire = Wire(http, runner_id)
        wait = f"while [ ! -e {gate} ]; do sleep 0.01; done"
        run = await wire.trigger("Hello", command=f"seq -f %099.0f 20000; {wait}; echo why; exit 6")
        followed = Followed()
        async for event, data in wire.events(run):
            followed.take(event, data)
            if data.get("body", "").startswith("========> Output limit of 1,000,000 bytes"):
                gate.touch()  # it is told while the job runs
        assert (await wire.get(run))["exit_code"] == 6
        assert [line["body"] for line in await wire.all_logs(run)] == followed.bodies
    notices = [i for i, body in enumerate(followed.bodies) if body.startswith("====")]
    begin, reached, left_out = notices
    kept_before = followed.bodies[begin + 1 : reached]
    assert 0 <= 100 * len(kept_before) - limit <= READ_BYTES, "one read more at most"
    tail = followed.bodies[left_out + 1 :]
    assert tail[-2:] == [f"{20_000:099}", "why"]
    assert TAIL_BYTES - 100 <= sum(len(line) + 1 for line in tail) <= TAIL_BYTES
    count = 100 * 20_000 + 4 - sum(len(line) + 1 for line in kept_before + tail)
    said = int(followed.bodies[left_out].split()[1].replace(",", ""))
    assert said - count in {0, 1}, "the line that the limit cut has no newline"


def _memory(pid: int, name: str) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) / 1024
    pytest.fail(f"no {name}")


async def test_a_hundred_megabytes_do_not_grow_memory(tmp_path: Path) -> None:
    settings = EngineSettings(data_dir=tmp_path / "data", runners=(FLOOD,))
    async with ChildEngine(settings) as server, connect(server.url, server.key) as http:
        wire = Wire(http, lambda _: FLOOD.api_id)
        before = _memory(server.process.pid, "VmRSS")
        run = await wire.trigger("Flood")
        path, accept = f"{run['path']}/logs/stream", {"Accept": "text/event-stream"}
        stuck = http.stream("GET", path, headers=accept)
        async with stuck:
            lines = 0
            async with http.stream("GET", path, headers=accept) as answer:
                async for chunk in answer.aiter_bytes():
                    lines += chunk.count(b'"body"')
        assert lines > 99_000
        assert (await wire.get(run))["exit_code"] == 5
        assert _memory(server.process.pid, "VmHWM") - before < MEMORY_MIB
