"""P1: the first paint of the dashboard with a profile, and P1b: its first rows of a service.

Both are compared with the first paint of a Textual app with one Static. The service is on this
machine, and the first paint does not wait for it.
"""

import functools
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

from tests.bench.fleet import Plan
from tests.bench.measure import Effort, Measure, Target, interleaved, told
from tests.bench.peers import STATIC_WORDS, static_app
from tests.bench.program import Program, dashboard
from tests.bench.service import service

ROW = "P1"
FRAME = "Runners"
"""Text in the first frame of the dashboard."""
_LAST_RUNNER = "Runner 002"
"""Text in the list, once the runners of the service are painted."""
_PAINT, _ROWS = Target(1.2), Target(2.0)


def measure(effort: Effort) -> Sequence[Measure]:
    """Wall time and CPU time from the start of the process until a text is painted."""
    with service(Plan(runners=3, runs=20)) as served:
        frame = functools.partial(paint, lambda: dashboard(served.url), FRAME)
        rows = functools.partial(paint, lambda: dashboard(served.url), _LAST_RUNNER)
        alone = functools.partial(paint, static_app, STATIC_WORDS)
        rows(), alone()  # Bytecode is compiled once.
        rounds = interleaved(Effort(effort.of(15, 5), effort.quick), frame, rows, alone)
    (wall, cpu, memory), (wall_rows, cpu_rows, _), (wall_alone, cpu_alone, _) = (
        tuple(zip(*each, strict=True)) for each in rounds
    )
    peer = "one Static"
    return [
        Measure(ROW, "first paint, wall", "s", wall, wall_alone, peer, _PAINT),
        Measure(ROW, "first paint, CPU", "s", cpu, cpu_alone, peer, _PAINT),
        told(ROW, "resident then", "MB", memory),
        Measure(f"{ROW}b", "first rows, wall", "s", wall_rows, wall_alone, peer, _ROWS),
        Measure(f"{ROW}b", "first rows, CPU", "s", cpu_rows, cpu_alone, peer, _ROWS),
    ]


def paint(
    start: Callable[[], AbstractContextManager[Program]], words: str
) -> tuple[float, float, float]:
    """Seconds, CPU seconds, and megabytes until a text is painted."""
    with start() as program:
        shown = program.arrival(words)
        return shown.at - program.began, shown.cpu, program.resident
