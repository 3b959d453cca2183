"""P5 and P12: latency from a key to the changed screen, with and without arriving logs.

It ends when the cursor glyph arrives in the terminal. The second figure excludes the time that the
program was ready to run but another process had the core.
"""

import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from tests.bench.fleet import Plan
from tests.bench.measure import (
    Effort,
    Measure,
    Target,
    at_most,
    interleaved,
    worst_of_a_hundred,
)
from tests.bench.program import CURSOR, Latency, Program, Size, dashboard
from tests.bench.service import service

LIMIT_MS = 20.0
RATE = 10_000
"""Lines per second of the flooded log."""
WALL_LOGS, WALL_RATE = 16, 1_000
_STREAMS = 24
"""Default of the setting."""
_SIZE = (120, 36)
_WALL_SIZE = (200, 50)
_UP_AND_DOWN = "kkkjjj"
_AWAY = "kkkkkk"
"""From the last row, in which the cursor would stay while the lines move."""
_ROUND = "\t"
"""Moves to the next tile of the wall, cyclically."""


def measure_log(effort: Effort) -> Sequence[Measure]:
    """P5: the cursor of the log, and the cursor of the run list while a log is followed."""

    def keys(rate: int, *to_place: str) -> Callable[[], list[Latency]]:
        plan = Plan(runs=30, running=30, rate=rate)
        return lambda: _latencies(plan, _SIZE, effort, to_place, _UP_AND_DOWN)

    to_list, to_log = ("\t", "jjj"), ("\t", "enter", "k")
    acts = (keys(0, *to_list), keys(RATE, *to_list), keys(0, *to_log), keys(RATE, *to_log))
    idle, flooded, idle_log, flooded_log = interleaved(effort, *acts)
    at = f"{RATE:,} lines/s"
    return [
        *_compared("P5", f"key in the list, {at} beside it", flooded, idle),
        *_compared("P5", f"key in the log, {at}", flooded_log, idle_log),
    ]


def measure_wall(effort: Effort) -> Sequence[Measure]:
    """P12: the cursors of the wall and of the merged log while all logs grow."""

    def keys(rate: int) -> Callable[[], list[Latency]]:
        plan = Plan(runners=WALL_LOGS, runs=2, running=WALL_LOGS, rate=rate)
        return lambda: _latencies(plan, _WALL_SIZE, effort, ("3",), _ROUND)

    def merged_keys(rate: int) -> Callable[[], list[Latency]]:
        plan = Plan(runners=WALL_LOGS, runs=2, running=WALL_LOGS, rate=rate)
        return lambda: _latencies(plan, _WALL_SIZE, effort, ("4", *_AWAY), _UP_AND_DOWN)

    acts = (keys(0), keys(WALL_RATE), merged_keys(0), merged_keys(WALL_RATE))
    idle, flooded, idle_merged, flooded_merged = interleaved(effort, *acts)
    at = f"{WALL_LOGS} logs at {WALL_RATE:,} lines/s"
    return [
        *_compared("P12", f"key on the wall, {at}", flooded, idle),
        *_compared("P12", f"key in the merged log, {at}", flooded_merged, idle_merged),
    ]


def _compared(
    row: str, what: str, busy: Sequence[list[Latency]], idle: Sequence[list[Latency]]
) -> list[Measure]:
    made: list[Measure] = []
    for name, place in (("", 0), (", less waiting for a core", 1)):
        worst = [worst_of_a_hundred([each[place] for each in one]) for one in busy]
        at_rest = [worst_of_a_hundred([each[place] for each in one]) for one in idle]
        made += [
            at_most(row, f"{what}, p99{name}", "ms", worst, LIMIT_MS),
            Measure(row, f"the same over idle{name}", "ms", worst, at_rest, "idle", Target(2.0)),
        ]
    return made


def _latencies(
    plan: Plan, size: Size, effort: Effort, to_place: Sequence[str], keys: str
) -> list[Latency]:
    with at_place(plan, size, to_place) as program:
        return latencies(program, keys, effort.of(200, 60))


@contextmanager
def at_place(plan: Plan, size: Size, keys: Sequence[str]) -> Iterator[Program]:
    """The dashboard on a plan, after it has settled and some keys."""
    settings = f"wall_streams = {plan.running}\nstreams = {max(plan.running, _STREAMS)}"
    with service(plan) as served, dashboard(served.url, size=size, settings=settings) as program:
        program.moment("▼ following")
        time.sleep(2)
        for key in keys:
            program.press(key)
            time.sleep(1)
        if "3" in keys:  # the wall
            program.wait_for(lambda screen: screen.count("▼ following") == plan.running)
        if "4" in keys:  # the merged log
            program.wait_for(lambda screen: f"{plan.running} live" in screen)
        yield program


def latencies(program: Program, keys: str, count: int) -> list[Latency]:
    """Latencies of a number of keys, pressed cyclically."""
    return [program.react(key, CURSOR) for key in itertools.islice(itertools.cycle(keys), count)]
