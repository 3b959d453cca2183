"""P9: a list of 10,000 runs: opening, scrolling, and a poll with one changed run.

Opening and scrolling are measured on the screen. A poll does not start with a key:
its time in the event loop is measured in the process, without the decoding of its JSON.
"""

import asyncio
import statistics
import time
from collections.abc import Sequence

from tests.bench.fleet import Plan
from tests.bench.measure import Effort, Measure, at_most, interleaved
from tests.bench.program import CURSOR, dashboard
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
    opened, scrolled, own, timeline = zip(
        *interleaved(effort, lambda: _seen(plan, effort))[0], strict=True
    )
    applied, decoded = zip(
        *interleaved(effort, lambda: asyncio.run(_polled(effort.of(20, 8))))[0], strict=True
    )
    runs = f"{RUNS:,} runs"
    return [
        at_most(ROW, f"{runs}: open", "ms", opened, OPEN_MS),
        at_most(ROW, f"{runs}: scroll", "ms", scrolled, SCROLL_MS),
        at_most(ROW, f"{runs}: scroll, less waiting for a core", "ms", own, SCROLL_MS),
        at_most(ROW, f"{runs}: apply a poll in which one changed, CPU", "ms", applied, APPLY_MS),
        at_most(ROW, f"{runs}: read that poll's JSON, CPU", "ms", decoded, READ_MS),
        at_most(ROW, f"{runs}: open the timeline over them", "ms", timeline, TIMELINE_MS),
    ]


def _seen(plan: Plan, effort: Effort) -> tuple[float, float, float, float]:
    """Milliseconds to open the list, to scroll by a page, and to open the timeline.

    Those to scroll are given with and without delays by other processes.
    """
    with service(plan) as served, dashboard(served.url) as program:
        program.moment(f"All runners · {RUNS:,}")
        program.settle()
        opened = [
            program.react(key, f"Runs · {title}").whole
            for _ in range(effort.of(10, 4))
            for key, title in (("]", "Runner 000"), ("[", "All runners"))
        ]
        program.press("\t")
        program.settle()
        scrolled = [program.react(key, CURSOR) for _ in range(effort.of(10, 3)) for key in _PAGES]
        timeline = []
        for _ in range(effort.of(10, 4)):
            timeline.append(program.react("2", _TIMELINE).whole)
            program.press("1")
            program.settle()
    whole, own = zip(*scrolled, strict=True)
    return (*map(statistics.median, (opened, whole, own, timeline)),)


async def _polled(times: int) -> tuple[float, float]:
    """CPU milliseconds to apply and paint a poll, and to decode its JSON."""
    async with scene(Plan(runs=RUNS, changing=True)) as made:
        bodies = [made.answer() for _ in range(times + FEW)]
        began = time.process_time()
        listings = iter([made.decode(body) for body in bodies])
        decoded = (time.process_time() - began) / len(bodies) * 1000
        applied = await made.cost(lambda: made.poll(next(listings)), times)
        return applied.ms, decoded
