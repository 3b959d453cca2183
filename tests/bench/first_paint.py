"""P1: the first paint of the dashboard with a profile, compared with a Textual app with one Static.

The service does not answer before the paint: the first paint must not wait for the network.
"""

import functools
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from tests.bench.fleet import Plan
from tests.bench.measure import Effort, Measure, Target, interleaved, told
from tests.bench.peers import STATIC_APP, STATIC_WORDS
from tests.bench.program import Program, dashboard
from tests.bench.service import service

ROW = "P1"
FRAME = "Runners"
"""Text in the first frame of the dashboard."""
_TARGET = Target(1.25)


def measure(effort: Effort) -> Sequence[Measure]:
    """Wall time and CPU time from the start of the process."""
    with service(Plan(runners=3, runs=20)) as served:
        ours = functools.partial(_paint, lambda: dashboard(served.url), FRAME)
        alone = functools.partial(_paint, lambda: Program(STATIC_APP, size=(120, 36)), STATIC_WORDS)
        ours(), alone()  # Bytecode is compiled once.
        rounds = interleaved(Effort(effort.of(15, 5), effort.quick), ours, alone)
    (wall, cpu, memory), (wall_alone, cpu_alone, _) = (
        tuple(zip(*each, strict=True)) for each in rounds
    )
    peer = "one Static"
    return [
        Measure(ROW, "first paint, wall", "s", wall, wall_alone, peer, _TARGET),
        Measure(ROW, "first paint, CPU", "s", cpu, cpu_alone, peer, _TARGET),
        told(ROW, "resident then", "MB", memory),
    ]


def _paint(
    start: Callable[[], AbstractContextManager[Program]], words: str
) -> tuple[float, float, float]:
    """Seconds, CPU seconds, and megabytes until a text is painted."""
    with start() as program:
        seconds = program.moment(words) - program.began
        return seconds, program.cpu, program.resident
