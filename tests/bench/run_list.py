"""P9: a list of 10,000 runs: opening, scrolling, and a poll with one changed run.

Opening and scrolling are measured on the screen. A poll does not start with a key:
its time in the event loop is measured in the process, without the decoding of its JSON.
"""

import asyncio
import statistics
import time
from collections.abc import Sequence
from typing import NamedTuple

from tests.bench.fleet import Plan
from tests.bench.measure import Effort, Measure, at_most, interleaved, told
from tests.bench.program import FRAME, Latency, dashboard
from tests.bench.scenes import FEW, scene
from tests.bench.service import service

ROW = "P9"
RUNS = 10_000
OPEN_MS, SCROLL_MS, APPLY_MS, READ_MS, TIMELINE_MS = 20.0, 10.0, 5.0, 10.0, 80.0
_TIMELINE = "Timeline ·"
"""Text that only the timeline has."""
_PAGES = ("\x1b[6~", "\x1b[6~", "G", "\x1b[5~", "\x1b[5~", "g")


def measure(effort: Effort) -> Sequence[Measure]:
    """On the screen, then in the process."""
    plan = Plan(runs=RUNS)
    seen = interleaved(effort, lambda: _seen(plan, effort))[0]
    applied, decoded = zip(
        *interleaved(effort, lambda: asyncio.run(_polled(effort.of(20, 8))))[0], strict=True
    )
    runs = f"{RUNS:,} runs"
    return [
        *_keys(f"{runs}: open", [each.open for each in seen], OPEN_MS),
        *_keys(f"{runs}: scroll", [each.scroll for each in seen], SCROLL_MS),
        at_most(ROW, f"{runs}: apply a poll in which one changed, CPU", "ms", applied, APPLY_MS),
        at_most(ROW, f"{runs}: read that poll's JSON, CPU", "ms", decoded, READ_MS),
        *_keys(f"{runs}: open the timeline", [each.timeline for each in seen], TIMELINE_MS),
    ]


def _keys(what: str, medians: Sequence[Latency], limit: float) -> tuple[Measure, Measure]:
    """The whole latency is told, as other programs decide on it, too."""
    whole, own = zip(*medians, strict=True)
    return (
        told(ROW, what, "ms", whole),
        at_most(ROW, f"{what}, less waiting for a core", "ms", own, limit),
    )


class _Seen(NamedTuple):
    """Median latencies of keys."""

    open: Latency
    scroll: Latency
    timeline: Latency


def _seen(plan: Plan, effort: Effort) -> _Seen:
    """Open the list, scroll it by pages, open the timeline."""
    with service(plan) as served, dashboard(served.url) as program:
        program.wait_for(lambda screen: f"All runners · {RUNS:,}" in screen)
        program.settle()
        opened = [
            program.react(key, title)  # all that the title of the list changes
            for _ in range(effort.of(10, 4))
            for key, title in (("]", "Runner 000"), ("[", "All runners"))
        ]
        program.press("\t")
        program.settle()
        scrolled = [program.react(key, FRAME) for _ in range(effort.of(10, 3)) for key in _PAGES]
        timeline = []
        for _ in range(effort.of(10, 4)):
            timeline.append(program.react("2", _TIMELINE))
            program.press("1")
            program.settle()
    return _Seen(*map(_median, (opened, scrolled, timeline)))


def _median(latencies: Sequence[Latency]) -> Latency:
    return Latency(*map(statistics.median, zip(*latencies, strict=True)))


async def _polled(times: int) -> tuple[float, float]:
    """CPU milliseconds to apply and paint a poll, and to decode its JSON."""
    async with scene(Plan(runs=RUNS, changing=True)) as made:
        bodies = [made.answer() for _ in range(times + FEW)]
        began = time.process_time()
        listings = iter([made.decode(body) for body in bodies])
        decoded = (time.process_time() - began) / len(bodies) * 1000
        applied = await made.cost(lambda: made.poll(next(listings)), times)
        return applied.ms, decoded
