"""P11: opening the long log of an ended run, by pages, compared with fetching and decoding."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from tests.bench import peers
from tests.bench.engine_log import finished_run
from tests.bench.fleet import Plan, first_run
from tests.bench.measure import Effort, Measure, Target, at_most, interleaved, told
from tests.bench.program import Program, dashboard
from tests.bench.service import service

ROW = "P11"
PEER = "httpx, msgspec"
_FIRST = "processing item 9 of"
"""Text in the first screenful."""
FIRST_MS = 100.0
"""Limit for the first screenful after the log is requested."""


def measure(effort: Effort) -> Sequence[Measure]:
    """With the embedded engine, then with a service without latency; the peers read a file."""
    lines = effort.of(1_000_000, 100_000)
    with finished_run(lines) as (profile, key):
        assert profile.key is not None
        secret, path = profile.key.reveal(), f"/runners/{key.runner_id}/runs/{key.run_id}/logs"
        by_engine = _compared(effort, profile.api_url, path, secret)
    with service(Plan(runs=2, running=0, lines=lines)) as served:
        path = first_run(served.url).removeprefix(served.url) + "/logs"
        by_nothing = _compared(effort, served.url, path)
    (wall, cpu, first), (wall_alone, cpu_alone) = by_engine
    (bare, bare_cpu, _), (bare_alone, bare_cpu_alone) = by_nothing
    what, bound = f"{lines:,} lines by pages", "of a service that takes no time"
    return [
        Measure(ROW, f"{what} of the engine", "s", wall, wall_alone, PEER, Target(1.2)),
        Measure(ROW, f"{what} of the engine, CPU", "s", cpu, cpu_alone, PEER),
        Measure(ROW, f"{what} {bound}", "s", bare, bare_alone, PEER),
        Measure(ROW, f"{what} {bound}, CPU", "s", bare_cpu, bare_cpu_alone, PEER),
        at_most(ROW, "the first screenful", "ms", first, FIRST_MS),
        *_peers(effort, lines),
    ]


def _compared(
    effort: Effort, url: str, path: str, key: str = "nobody"
) -> tuple[list[Sequence[float]], list[Sequence[float]]]:
    """Ours: seconds, CPU seconds, milliseconds to the first screenful; then those of the fetch."""
    acts: list[Callable[[], tuple[float, ...]]] = [
        lambda: _open(url, key),
        lambda: asyncio.run(peers.pages_alone(url + path, key))[1:],
    ]
    ours, alone = interleaved(effort, *acts)
    return list(zip(*ours, strict=True)), list(zip(*alone, strict=True))


def _open(url: str, key: str) -> tuple[float, float, float]:
    """Measured from the first sign of loading, which may be the first lines."""
    with dashboard(url, key=key) as program:
        began, used = program.moment("Reading the log", _FIRST), program.cpu
        first = program.moment(_FIRST)
        complete = program.moment(" lines · complete")
        return complete - began, program.cpu - used, (first - began) * 1000


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
