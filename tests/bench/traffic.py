"""P6: bytes per second to the terminal, which determine the latency over SSH."""

import statistics
import time
from collections.abc import Sequence
from functools import partial

from tests.bench.fleet import Plan
from tests.bench.key_latency import RATE, WALL_LOGS, WALL_RATE, at_place
from tests.bench.loglike import utf8_size
from tests.bench.measure import Effort, Measure, at_most, interleaved
from tests.bench.program import FRAME, Size

ROW = "P6"
IDLE_LIMIT, FLOOD_LIMIT, WALL_LIMIT = 120.0, 90.0, 110.0
"""Limits in bytes per second and kilobytes per second."""
FOLLOW_LIMIT = 2.0
"""Bytes for each byte of a new line with its stamp, beside the frames in which only times tick."""
_FRAME_END = FRAME.encode()
_WORD = b" processing item "
"""Part of every line."""
_STAMPS = {(120, 36): len("15:04:05 "), (200, 50): len("15:04:05.000 ")}
"""Columns of the stamp by the size of the terminal."""
_TALL = (160, 80)
"""A terminal that shows twenty runs."""


def measure(effort: Effort) -> Sequence[Measure]:
    """Without input: twenty active runs, then one growing log, then a wall of them."""
    quiet = Plan(runners=20, runs=5, running=20)
    flood = Plan(runs=30, running=1, rate=RATE)
    wall = Plan(runners=WALL_LOGS, runs=2, running=WALL_LOGS, rate=WALL_RATE)
    seconds = effort.of(20, 10)
    idle, flooded, walled = interleaved(
        effort,
        lambda: _bytes(quiet, _TALL, seconds, running=20),
        lambda: _bytes(flood, (120, 36), seconds / 2) / 1000,
        lambda: _bytes(wall, (200, 50), seconds / 2, "3") / 1000,
    )
    return [
        at_most(ROW, "idle, 20 running runs on screen", "B/s", idle, IDLE_LIMIT),
        at_most(ROW, f"a log of {RATE:,} lines/s", "kB/s", flooded, FLOOD_LIMIT),
        at_most(ROW, f"a wall of {WALL_LOGS} logs at {WALL_RATE:,}/s", "kB/s", walled, WALL_LIMIT),
        *follow(effort),
    ]


def follow(effort: Effort) -> Sequence[Measure]:
    """P6b: a log of one line a second that fills its pane, at two sizes."""
    plan = Plan(runs=30, running=1, rate=1)
    seconds = effort.of(40, 20)
    text = utf8_size(100) / 100
    sent = interleaved(
        effort,
        *(partial(_lines_and_clock, plan, size, seconds) for size in _STAMPS),
    )
    return [
        measure
        for (size, stamp), rounds in zip(_STAMPS.items(), sent, strict=True)
        for measure in (
            at_most(
                "P6b",
                f"a log of 1 line/s at {size[0]}×{size[1]}",
                "× its bytes",
                [line / (text + stamp) for line, _ in rounds],
                FOLLOW_LIMIT,
            ),
            Measure("P6b", "times that tick beside it", "B/s", [clock for _, clock in rounds]),
        )
    ]


def _lines_and_clock(plan: Plan, size: Size, seconds: float) -> tuple[float, float]:
    """Bytes of a frame that has a new line, and bytes a second of the others."""
    with at_place(plan, size, ()) as program:
        program.wait_for(lambda screen: "◉ " in screen and "loading" not in screen)
        program.settle(3)
        before = program.written
        time.sleep(seconds)
        frames = bytes(program.raw[before:]).split(_FRAME_END)
        lines = [len(frame) + len(_FRAME_END) for frame in frames if _WORD in frame]
        others = sum(len(frame) + len(_FRAME_END) for frame in frames if _WORD not in frame)
        return statistics.fmean(lines), others / seconds


def _bytes(plan: Plan, size: Size, seconds: float, *keys: str, running: int = 0) -> float:
    with at_place(plan, size, keys) as program:
        program.wait_for(
            lambda screen: (
                "◉ " in screen and "loading" not in screen and _running_rows(screen) >= running
            )
        )
        program.settle(3)
        before = program.written
        time.sleep(seconds)
        return (program.written - before) / seconds


def _running_rows(screen: str) -> int:
    _title, *rows = screen.split("\n")
    return sum("● running" in row for row in rows)
