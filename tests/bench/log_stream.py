"""P2: lines per second from an SSE socket to the screen, relative to httpx-sse and msgspec.

Wall time is that of each program alone: without the time in which it was ready to run and another
process had the core. On two cores the service and the reader of the terminal are such others.
"""

import asyncio
from collections.abc import Sequence
from functools import partial

from tests.bench.fleet import Plan, stream_of
from tests.bench.measure import Effort, Measure, Target, interleaved
from tests.bench.peers import sse_alone
from tests.bench.program import dashboard, seconds_waited
from tests.bench.service import Running, service

ROW = "P2"
PEER = "httpx-sse, msgspec"
WITHOUT = "without"
PATTERN = """
[[patterns]]
regex = "out of memory|OOMKilled"
look = "error bold"
tell = ["toast"]
watch = true
"""
"""One that no line matches, so that every line is held against it."""


def measure(effort: Effort) -> Sequence[Measure]:
    """From the first byte of the stream to the end marker on the screen."""
    plan = Plan(lines=effort.of(300_000, 50_000), held=True, live=True)

    def ours(settings: str = "") -> tuple[float, float]:
        with service(plan) as served:
            return to_screen(served, plan.lines, settings)

    def alone() -> tuple[float, float]:
        with service(plan) as served:
            served.go()
            waited = seconds_waited()
            count, seconds, used = asyncio.run(sse_alone(stream_of(served.url)))
            return count / (seconds - seconds_waited() + waited), count / used

    (wall, cpu), (wall_alone, cpu_alone), (wall_told, cpu_told) = (
        tuple(zip(*each, strict=True))
        for each in interleaved(effort, ours, alone, partial(ours, PATTERN))
    )
    wanted, kept = Target(1.2, at_least=True), Target(0.95, at_least=True)
    return [
        Measure(ROW, "stream to screen, wall", "lines/s", wall, wall_alone, PEER, wanted),
        Measure(ROW, "stream to screen, CPU", "lines/s", cpu, cpu_alone, PEER, wanted),
        Measure(ROW, "with a pattern, wall", "lines/s", wall_told, wall, WITHOUT, kept),
        Measure(ROW, "with a pattern, CPU", "lines/s", cpu_told, cpu, WITHOUT, kept),
    ]


def to_screen(served: Running, lines: int, settings: str = "") -> tuple[float, float]:
    """Lines per second without waits for a core, and per CPU second, from a stream to the screen.

    The stream is held until now.
    """
    with dashboard(served.url, settings=settings) as program:
        program.moment("▼ following")
        program.settle()
        waited, used, began = program.waited, program.cpu, served.go()
        ended = program.moment(f"log complete, {lines:,} lines")
        waits = program.waited - waited
        return lines / (ended - began - waits), lines / (program.cpu - used)
