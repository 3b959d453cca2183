"""P11: opening the long log of an ended run, by pages, compared with fetching and decoding.

Wall time, also that to the first screenful, is without the time in which the program was ready to
run and another process had the core; the time that the engine takes for a page is in it.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from tests.bench import peers
from tests.bench.engine_log import finished_run
from tests.bench.fleet import Plan, first_run
from tests.bench.measure import Effort, Measure, Target, at_most, interleaved, told
from tests.bench.program import Program, dashboard, seconds_waited
from tests.bench.service import service

ROW = "P11"
PEER = "httpx, msgspec"
_FIRST = "processing item 9 of"
"""Text in the first screenful."""
FIRST_MS = 30.0
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
    wanted = Target(1.25 if effort.quick else 1.15)
    return [
        Measure(ROW, f"{what} of the engine", "s", wall, wall_alone, PEER, wanted),
        Measure(ROW, f"{what} of the engine, CPU", "s", cpu, cpu_alone, PEER),
        Measure(ROW, f"{what} {bound}", "s", bare, bare_alone, PEER),
        Measure(ROW, f"{what} {bound}, CPU", "s", bare_cpu, bare_cpu_alone, PEER),
        at_most(ROW, "the first screenful, less waiting for a core", "ms", first, FIRST_MS),
        *_peers(effort, lines),
    ]


def _compared(
    effort: Effort, url: str, path: str, key: str = "nobody"
) -> tuple[list[Sequence[float]], list[Sequence[float]]]:
    """Ours: seconds, CPU seconds, milliseconds to the first screenful; then those of the fetch."""
    acts: list[Callable[[], tuple[float, ...]]] = [
        lambda: _open(url, key),
        lambda: _fetch(url + path, key),
    ]
    ours, alone = interleaved(effort, *acts)
    return list(zip(*ours, strict=True)), list(zip(*alone, strict=True))


def _open(url: str, key: str) -> tuple[float, float, float]:
    """Measured from the first sign of loading, which may be the first lines."""
    with dashboard(url, key=key) as program:
        began = program.moment("Reading the log", _FIRST)
        used, waited = program.cpu, program.waited
        first = program.moment(_FIRST) - began - (program.waited - waited)
        complete = program.moment(" lines · complete")
        waits = program.waited - waited
        return complete - began - waits, program.cpu - used, first * 1000


def _fetch(logs: str, key: str) -> tuple[float, float]:
    waited = seconds_waited()
    _, seconds, used = asyncio.run(peers.pages_alone(logs, key))
    return seconds - seconds_waited() + waited, used


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
