"""P2 (as far as the buffer) and P11: reading a log. `python -m tests.bench.log_read`.

P2: lines a second from an SSE socket into a session's buffer, against httpx-sse and msgspec alone.
P11: a finished log by pages into a session's buffer, against fetching and decoding the same pages
and keeping nothing; and the time to the first screenful.
"""

import argparse
import asyncio
import time

import httpx
import msgspec
from httpx_sse import EventSource

from nodion_tui.api.client import NodionClient
from nodion_tui.config import Profile, Secret
from nodion_tui.model.log import LogLine
from nodion_tui.model.run import RunKey
from nodion_tui.monitor.logsession import LogSession
from nodion_tui.monitor.logsource import ClientLogs
from tests.bench.engine_log import finished_run
from tests.bench.log_server import log_server
from tests.bench.table import Measure, show

KEY = RunKey("runner", "run")
SCREENFUL = 50


async def sse_alone(url: str) -> tuple[int, float]:
    """Lines, and seconds that httpx-sse and msgspec take for them."""
    decoder = msgspec.json.Decoder(LogLine)
    path = f"{url}/runners/runner/runs/run/logs/stream"
    count, began = 0, time.perf_counter()
    async with httpx.AsyncClient(timeout=60) as client, client.stream("GET", path) as response:
        async for event in EventSource(response).aiter_sse():
            if event.event == "log":
                decoder.decode(event.data)
                count += 1
    return count, time.perf_counter() - began


async def session(profile: Profile, key: RunKey) -> tuple[int, float, float]:
    """Lines, seconds until the log is complete, and milliseconds to the first screenful."""
    client = NodionClient(profile)
    log = LogSession(key, ClientLogs(lambda: client), max_bytes=2**34)
    first = 0.0
    began = time.perf_counter()

    def told(_: object) -> None:
        nonlocal first
        if not first and log.buffer.lines >= SCREENFUL:
            first = time.perf_counter() - began

    log.subscribe(told)
    await log.run()
    took = time.perf_counter() - began
    await client.aclose()
    assert log.state.complete
    return log.state.lines, took, first * 1000


async def fetch(profile: Profile, key: RunKey) -> tuple[int, float]:
    """Lines, and seconds for getting and decoding all pages."""
    client = NodionClient(profile)
    count, after, began = 0, None, time.perf_counter()
    while page := (await client.get_logs(*key, after)).items:
        count += len(page)
        after = page[-1].id
    took = time.perf_counter() - began
    await client.aclose()
    return count, took


def measure_stream(lines: int, rounds: int) -> list[Measure]:
    """P2, interleaved."""
    alone, ours = [], []
    with log_server(lines, live=True) as url:
        for _ in range(rounds):
            count, took = asyncio.run(sse_alone(url))
            alone.append(count / took)
            count, took, _ = asyncio.run(session(Profile(api_url=url, key=Secret("none")), KEY))
            ours.append(count / took)
    what = f"lines/s from an SSE socket into the buffer, {lines:,} lines"
    return [Measure("P2", what, ours, alone, "lines/s", "≥ 0.5")]


async def measure_pages(lines: int, rounds: int) -> list[Measure]:
    """P11, interleaved, on the embedded engine."""
    pure, ours, first = [], [], []
    async with finished_run(lines) as (profile, key):
        for _ in range(rounds):
            pure.append((await fetch(profile, key))[1])
            _, took, screenful = await session(profile, key)
            ours.append(took)
            first.append(screenful)
    what = f"a log of {lines:,} lines by pages, over fetching it"
    return [
        Measure("P11", what, ours, pure, "s", "≤ 1.2"),
        Measure("P11", "its first screenful in the buffer", first, [100.0], "ms", "≤ 1.0"),
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    show(measure_stream(chosen.lines // 5, chosen.rounds))
    show(asyncio.run(measure_pages(chosen.lines, chosen.rounds)))
