"""P5: latency from a key to the screen that it opens, with and without an arriving log.

It ends when the last of the texts that tell the screen complete has arrived in the terminal. The
first opening in a program is told apart: it may import, parse and build what later ones find. The
trigger form is measured as a person opens it, a second after the key before, when the program has
mounted one, and right after another key, when it has not.
"""

import time
from collections.abc import Sequence
from typing import NamedTuple

from tests.bench.fleet import Plan
from tests.bench.key_latency import RATE, at_place
from tests.bench.measure import Effort, Measure, at_most, interleaved, worst_of_twenty
from tests.bench.program import Latency, Program

ROW = "P5"
LIMIT_MS = 50.0
_SIZE = (120, 36)
_PREPARED_SECONDS = 1.5
"""Time after which the program has prepared what is opened next."""
_REST_SECONDS = 0.05
"""Time before and after a key that leaves what was opened."""
_LEFT = "zoom"
"""Text that the dashboard writes when it is there again, in its footer."""


class Opening(NamedTuple):
    """A key that opens something."""

    name: str
    key: str
    signs: tuple[str, ...]
    """Texts that only its whole effect writes."""
    close: str
    """The key that leaves it."""
    rest: float = 0.0
    """Seconds without a key before it."""


_FORM = ("Trigger a run", "Starts Runner", "copy as curl")
OPENINGS = (
    Opening("help", "?", ("Filters the focused list", "Esc closes"), "?"),
    Opening("the trigger form", "t", _FORM, "\x1b", rest=1.0),
    Opening("the trigger form at once", "t", _FORM, "\x1b"),
    Opening("the timeline", "2", ("Timeline", "Durations", "p95"), "1"),
    Opening("the wall", "3", ("Wall", "wrap"), "1"),
    Opening("the merged log", "4", ("Merged log", "dashboard"), "1"),
    Opening("zoom", "z", ("[zoomed]", "unzoom"), "z"),
)

Latencies = dict[Opening, list[Latency]]
"""The first latency of each opening, then the later ones."""


def measure(effort: Effort) -> Sequence[Measure]:
    """Every opening, the first time and again, at rest and beside a flooded log."""
    again = effort.of(20, 3)
    idle, flooded = interleaved(effort, lambda: _opened(0, again), lambda: _opened(RATE, again))
    return [
        measure
        for opening in OPENINGS
        for load, rounds in (("", idle), (f", {RATE:,} lines/s", flooded))
        for measure in _measures(opening, load, rounds)
    ]


def _measures(opening: Opening, load: str, rounds: Sequence[Latencies]) -> list[Measure]:
    made: list[Measure] = []
    for name, place in (("", 0), (", less waiting for a core", 1)):
        figures = [[each[place] for each in one[opening]] for one in rounds]
        what = f"open {opening.name}{load}"
        first = [first for first, *_ in figures]
        later = [worst_of_twenty(later) for _, *later in figures]
        made += [
            at_most(ROW, f"{what}, first{name}", "ms", first, LIMIT_MS),
            at_most(ROW, f"{what}, p95{name}", "ms", later, LIMIT_MS),
        ]
    return made


def _opened(rate: int, again: int) -> Latencies:
    plan = Plan(runs=30, running=1, rate=rate)
    with at_place(plan, _SIZE, ("\t",)) as program:
        time.sleep(_PREPARED_SECONDS)
        latencies: Latencies = {opening: [] for opening in OPENINGS}
        for opening in OPENINGS * (1 + again):
            time.sleep(opening.rest)
            latencies[opening].append(program.react(opening.key, *opening.signs))
            _leave(program, opening)
        return latencies


def _leave(program: Program, opening: Opening) -> None:
    time.sleep(_REST_SECONDS)
    written = program.written
    program.press(opening.close)
    program.moment(_LEFT, start=written, timeout=20)
    time.sleep(_REST_SECONDS)
