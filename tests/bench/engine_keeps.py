"""How many lines a second the engine keeps and streams. `python -m tests.bench.engine_keeps`.

Streamed to a follower who reads from a socket and does nothing with it. What the disk allows is
the same job writing to a plain file of it, which the page cache makes very fast.
"""

import argparse
import asyncio
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

from nodion_tui.local.companion import LocalEngineProcess
from nodion_tui.local.definitions import RunnerSpec
from nodion_tui.local.settings import LocalSettings
from tests.bench.table import Measure, show
from tests.support.wire import connect

_JOB = """
import sys
lines = [f"2026-01-15 line {i:06} of text that is about a hundred characters long, as logs go\\n"
         for i in range(1000)]
for _ in range(int(sys.argv[1]) // 1000):
    sys.stdout.write("".join(lines))
"""
MEGABYTE = 1_000_000
WANTED = 100_000.0
"""Lines a second from one process that have to be kept."""


def write_to_file(lines: int, folder: Path) -> float:
    """Lines a second of the job alone, onto the disk."""
    started = time.perf_counter()
    with (folder / "plain").open("wb") as file:
        subprocess.run([sys.executable, "-c", _JOB, str(lines)], stdout=file, check=True)
    return lines / (time.perf_counter() - started)


async def through_engine(lines: int, folder: Path, *, followed: bool) -> tuple[float, float]:
    """Lines a second until the run's end is known, and MB that the engine had at most."""
    runner = RunnerSpec(name="Writer", argv=(sys.executable, "-c", _JOB, str(lines)))
    settings = LocalSettings(data_dir=folder / "data", runners=(runner,))
    async with LocalEngineProcess(settings) as server, connect(server.url, server.key) as http:
        started = time.perf_counter()
        run = (await http.post(f"/runners/{runner.key}/runs")).json()["run"]
        path = f"/runners/{runner.key}/runs/{run['id']}"
        await (_read_stream(http, path) if followed else _wait(http, path))
        seconds = time.perf_counter() - started
        return lines / seconds, _peak_memory(server.process_id)


async def _read_stream(http: httpx.AsyncClient, path: str) -> None:
    async with http.stream("GET", f"{path}/logs/stream") as answer:
        async for _ in answer.aiter_raw():
            pass


async def _wait(http: httpx.AsyncClient, path: str) -> None:
    while (await http.get(path)).json()["run"]["completed_at"] is None:  # noqa: ASYNC110 no event of it without a stream
        await asyncio.sleep(0.02)


def _peak_memory(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def measure(lines: int, rounds: int) -> list[Measure]:
    """Each round side by side."""
    plain, kept, streamed, memory, size = [], [], [], [], []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            plain.append(write_to_file(lines, folder))
            size.append((folder / "plain").stat().st_size / MEGABYTE)
            kept.append(asyncio.run(through_engine(lines, folder, followed=False))[0])
        with tempfile.TemporaryDirectory() as name:
            speed, peak = asyncio.run(through_engine(lines, Path(name), followed=True))
            streamed.append(speed)
            memory.append(peak)
    return [
        Measure("E1", "lines kept, over what is wanted", kept, [WANTED], "lines/s", "≥ 1.0"),
        Measure("E2", "lines kept and streamed, the same", streamed, [WANTED], "lines/s", "≥ 1.0"),
        Measure("E3", "lines kept, over a plain file's", kept, plain, "lines/s", "-"),
        Measure("E4", "memory at most, over the size of the log", memory, size, "MB", "≤ 1.0"),
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    show(measure(chosen.lines, chosen.rounds))
