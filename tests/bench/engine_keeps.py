"""E: lines per second that the embedded engine stores and streams.

They are streamed to a follower that discards them. The baseline is the same job writing to a plain
file on the same disk, which the page cache makes very fast.
"""

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import httpx

from nodion_tui.local.child_engine import ChildEngine
from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.runners.runner_spec import RunnerSpec
from tests.bench.measure import Effort, Measure, Target
from tests.support.wire import connect

_JOB = """
import sys
lines = [f"2026-01-15 line {i:06} of text that is about a hundred characters long, as logs go\\n"
         for i in range(1000)]
for _ in range(int(sys.argv[1]) // 1000):
    sys.stdout.write("".join(lines))
"""
MEGABYTE = 1_000_000
ROW = "E"
WANTED = 100_000.0
"""Required lines per second from one process."""


def write_to_file(lines: int, folder: Path) -> float:
    """Lines per second of the job alone, to the disk."""
    started = time.perf_counter()
    with (folder / "plain").open("wb") as file:
        subprocess.run([sys.executable, "-c", _JOB, str(lines)], stdout=file, check=True)
    return lines / (time.perf_counter() - started)


async def through_engine(lines: int, folder: Path, *, followed: bool) -> tuple[float, float]:
    """Lines per second until the run has ended, and peak memory of the engine in MB."""
    runner = RunnerSpec(name="Writer", argv=(sys.executable, "-c", _JOB, str(lines)))
    settings = EngineSettings(data_dir=folder / "data", runners=(runner,))
    async with ChildEngine(settings) as server, connect(server.url, server.key) as http:
        started = time.perf_counter()
        run = (await http.post(f"/runners/{runner.api_id}/runs")).json()["run"]
        path = f"/runners/{runner.api_id}/runs/{run['id']}"
        await (_read_stream(http, path) if followed else _wait(http, path))
        seconds = time.perf_counter() - started
        return lines / seconds, _peak_memory(server.process.pid)


async def _read_stream(http: httpx.AsyncClient, path: str) -> None:
    accept = {"Accept": "text/event-stream"}
    async with http.stream("GET", f"{path}/logs/stream", headers=accept) as answer:
        async for _ in answer.aiter_raw():
            pass


async def _wait(http: httpx.AsyncClient, path: str) -> None:
    while (await http.get(path)).json()["run"]["completed_at"] is None:  # noqa: ASYNC110 no event of it without a stream
        await asyncio.sleep(0.02)


def _peak_memory(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def measure(effort: Effort) -> Sequence[Measure]:
    """Measure both in each round."""
    lines = effort.of(1_000_000, 100_000)
    plain, kept, streamed, memory, size = [], [], [], [], []
    for _ in effort.each:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            plain.append(write_to_file(lines, folder))
            size.append((folder / "plain").stat().st_size / MEGABYTE)
            kept.append(asyncio.run(through_engine(lines, folder, followed=False))[0])
        with tempfile.TemporaryDirectory() as name:
            speed, peak = asyncio.run(through_engine(lines, Path(name), followed=True))
            streamed.append(speed)
            memory.append(peak)
    wanted = Target(1.0, at_least=True)
    return [
        Measure(ROW, "lines kept", "lines/s", kept, (WANTED,), target=wanted),
        Measure(ROW, "lines kept and streamed", "lines/s", streamed, (WANTED,), target=wanted),
        Measure(ROW, "lines kept", "lines/s", kept, plain, "a plain file"),
        Measure(ROW, "memory at most", "MB", memory, size, "size of the log"),
    ]
