"""P11: opening the long log of a run that has ended, by pages, over fetching and decoding it."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from tests.bench import peers
from tests.bench.fleet import Plan, first_run
from tests.bench.measure import Effort, Measure, Target, at_most, interleaved, told
from tests.bench.program import Program, dashboard
from tests.bench.service import Running, service

ROW = "P11"
FIRST_MS = 100.0
"""For the first screenful after the log was asked for."""


def measure(effort: Effort) -> Sequence[Measure]:
    """The dashboard, from its first request for the log on; the peers on the same as a file."""
    lines = effort.of(1_000_000, 100_000)
    with service(Plan(runs=2, running=0, lines=lines)) as served:
        logs = f"{first_run(served.url)}/logs"
        opened, alone = interleaved(
            effort, lambda: _open(served, lines), lambda: asyncio.run(peers.pages_alone(logs))
        )
    wall, cpu, first = zip(*opened, strict=True)
    _, wall_alone, cpu_alone = zip(*alone, strict=True)
    what, peer = f"{lines:,} lines by pages", "httpx, msgspec"
    return [
        Measure(ROW, f"{what}, wall", "s", wall, wall_alone, peer, Target(1.2)),
        Measure(ROW, f"{what}, CPU", "s", cpu, cpu_alone, peer, Target(1.2)),
        at_most(ROW, "the first screenful", "ms", first, FIRST_MS),
        *_peers(effort, lines),
    ]


def _open(served: Running, lines: int) -> tuple[float, float, float]:
    """Seconds and seconds of a core to a complete log, milliseconds to its first screenful."""
    asked = len(served.seen().requests)
    with dashboard(served.url) as program:
        program.moment("Reading the log")
        used = program.cpu
        first = program.moment("processing item 9 of")
        complete = program.moment(f"{lines:,} lines · complete")
        used = program.cpu - used
        requests = served.seen().requests[asked:]
    began = next(at for at, path in requests if "/logs" in path)
    return complete - began, used, (first - began) * 1000


def _peers(effort: Effort, lines: int) -> list[Measure]:
    with peers.log_file(lines) as file:
        return [
            _peer("lnav", effort, lambda: peers.lnav(file)),
            _peer("toolong", effort, lambda: peers.toolong(file, lines)),
        ]


def _peer(
    name: str, effort: Effort, start: Callable[[], AbstractContextManager[Program]]
) -> Measure:
    what = f"{name} opens as many lines from a file, CPU"
    try:
        return told(ROW, what, "s", interleaved(effort, lambda: _used(start))[0])
    except peers.Missing as missing:
        return Measure(ROW, what, "s", (), missing=str(missing))


def _used(start: Callable[[], AbstractContextManager[Program]]) -> float:
    with start() as program:
        return program.cpu
