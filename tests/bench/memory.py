"""M: resident memory of dashboard and engine, beside that of the bare libraries they are built on.

P10 has the dashboard's growth over a week, P9b the dashboard on many long lists. The engine's week
is the runs of a week, one after the other, without the time between them: it keeps nothing by time.
"""

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from nodion_tui.local.child_engine import ChildEngine
from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.runners.runner_spec import RunnerSpec
from nodion_tui.ui.terminal.memory_tuning import TRIM_SECONDS
from tests.bench import peers
from tests.bench.fleet import Plan, run_id
from tests.bench.loglike import NEEDLE
from tests.bench.measure import Effort, Measure, interleaved, told
from tests.bench.program import Program, dashboard, resident_of
from tests.bench.service import service
from tests.support.wire import Wire, connect

ROW = "M"
STATIC, SERVER = "one Static", "starlette + uvicorn"
_LOGS, _LINES = 10, 20_000
_RUNS_AN_HOUR = 20
_AT_ONCE = 4
"""Runs that the engine executes at the same time."""
_WEEK = 7 * 24
"""Hours."""
_RUNNER = RunnerSpec(name="Short", argv=("echo", "a line"))
_ARCHIVING = """
profile = "bench"

[profiles.bench]
api_url = "{url}"
key_env = "NODION_API_KEY"
archive = "1 GiB"
"""
_BARE_SERVER = """
import asyncio, uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
app = Starlette(routes=[Route("/", lambda request: PlainTextResponse("here"))])
config = uvicorn.Config(app, port=0, log_level="critical", lifespan="off")
server = uvicorn.Server(config)
async def main():
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    print("started", flush=True)
    await task
asyncio.run(main())
"""


def measure(effort: Effort) -> Sequence[Measure]:
    """Dashboard at rest, with an archive, and the engine in its first hour and after a week."""
    hours = effort.of(_WEEK, 12)
    few = Effort(1 if effort.quick else 2, effort.quick)
    start, static, archive, bare = interleaved(few, _at_start, _static, _with_archive, _bare_server)
    early, late = zip(*(asyncio.run(_engine(hours)) for _ in few.each), strict=True)
    span = "a week" if hours == _WEEK else f"{hours} hours"
    runs = (hours - 1) * _RUNS_AN_HOUR
    growth = [(b - a) * 1000 / runs for a, b in zip(early, late, strict=True)]
    archived = f"dashboard, {_LOGS} archived logs of {_LINES:,} lines opened and searched"
    return [
        Measure(ROW, "dashboard at start", "MB", start, static, STATIC),
        Measure(ROW, archived, "MB", archive, static, STATIC),
        Measure(ROW, "engine after its first hour", "MB", early, bare, SERVER),
        Measure(ROW, f"engine after {span} of {_RUNS_AN_HOUR} runs", "MB", late, bare, SERVER),
        told(ROW, f"the same for each of {runs:,} runs", "kB", growth),
    ]


def _at_start() -> float:
    with service(Plan(runners=3, runs=20)) as served, dashboard(served.url) as program:
        program.moment("▼ following")
        return _at_rest(program)


def _static() -> float:
    with Program(peers.STATIC_APP, size=(120, 36)) as program:
        program.moment(peers.STATIC_WORDS)
        return program.resident


def _with_archive() -> float:
    """Every log is opened, which archives it; then all of them are searched there."""
    plan = Plan(runs=_LOGS, running=0, lines=_LINES)
    complete = f"log complete, {_LINES:,} lines"
    with (
        service(plan) as served,
        dashboard(served.url, settings=_ARCHIVING.format(url=served.url)) as program,
    ):
        program.moment(complete)
        program.press("tab")
        for number in range(1, _LOGS):
            program.press("j")
            program.wait_for(f"Log · {run_id(0, number)[:8]}")
            program.wait_for(complete)
        program.press("/")
        program.type(f"log:{NEEDLE}")
        program.press("enter")
        program.wait_for(f"searched {_LOGS} of {_LOGS}")
        return _at_rest(program)


def _at_rest(program: Program) -> float:
    """Megabytes, after the dashboard has had time to free unused memory."""
    program.settle()
    time.sleep(TRIM_SECONDS / 2)
    return program.resident


def _bare_server() -> float:
    argv = [sys.executable, "-c", _BARE_SERVER]
    with subprocess.Popen(argv, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        megabytes = resident_of(process.pid)
        process.kill()
    return megabytes


async def _engine(hours: int) -> tuple[float, float]:
    """Megabytes after the first hour, and after all of them."""
    with tempfile.TemporaryDirectory() as folder:
        settings = EngineSettings(data_dir=Path(folder) / "data", runners=(_RUNNER,))
        async with ChildEngine(settings) as server, connect(server.url, server.key) as http:
            wire = Wire(http, lambda _: _RUNNER.api_id)
            await _execute(wire, _RUNS_AN_HOUR)
            early = resident_of(server.process.pid)
            await _execute(wire, (hours - 1) * _RUNS_AN_HOUR)
            return early, resident_of(server.process.pid)


async def _execute(wire: Wire, runs: int) -> None:
    """Trigger runs, read their logs to the end, and list them as a dashboard does."""
    for _ in range(runs // _AT_ONCE):
        started = [await wire.trigger(_RUNNER.name) for _ in range(_AT_ONCE)]
        await asyncio.gather(*map(wire.ended, started))
        await wire.http.get(f"/runners/{_RUNNER.api_id}/runs")
