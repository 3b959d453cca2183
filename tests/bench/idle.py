"""P7: CPU usage of the idle dashboard, compared with peers."""

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from tests.bench import peers
from tests.bench.fleet import Plan
from tests.bench.measure import Effort, Measure, at_most, told
from tests.bench.outside import outside_address, outside_settings
from tests.bench.program import Program, dashboard
from tests.bench.service import service

ROW = "P7"
LIMIT = 0.5
"""Percent of a core."""
_PLAN = Plan(runners=50, runs=40, running=20)
_HELD_SECONDS = 90.0
_TOOLONG_LINES = 20_000


def measure(effort: Effort) -> Sequence[Measure]:
    """Fifty runners and twenty active runs, held or polled; one Static; toolong with a file."""
    seconds = effort.of(30, 10)
    with ExitStack() as stack:
        programs = [
            stack.enter_context(_dashboard(streams=24)),
            stack.enter_context(_dashboard(streams=1)),
            stack.enter_context(_static()),
        ]
        missing = ""
        try:
            file = stack.enter_context(peers.log_file(_TOOLONG_LINES))
            programs.append(stack.enter_context(peers.toolong(file, _TOOLONG_LINES)))
        except peers.Missing as problem:
            missing = str(problem)
        rounds = [_busy(programs, seconds) for _ in effort.each]
    ours, polled, static, *toolong = zip(*rounds, strict=True)
    return [
        at_most(ROW, "50 runners, 20 running runs, held", "% CPU", ours, LIMIT),
        told(ROW, "50 runners, 20 running runs, polled", "% CPU", polled),
        told(ROW, "one Static", "% CPU", static),
        Measure(
            ROW,
            "toolong, a file that does not grow",
            "% CPU",
            toolong[0] if toolong else (),
            missing=missing,
        ),
    ]


@contextmanager
def _dashboard(streams: int) -> Iterator[Program]:
    """Wait until all lists are loaded, and all streams are open within the budget of requests."""
    host = outside_address() or "127.0.0.1"
    with service(_PLAN, host) as served:
        settings = outside_settings(served.url, streams=streams)
        with dashboard(served.url, settings=settings) as program:
            program.wait_for("● 20 running", timeout=180)
            deadline = time.monotonic() + _HELD_SECONDS
            while served.streamed < min(streams, _PLAN.running) and time.monotonic() < deadline:
                time.sleep(0.5)
            program.settle()
            yield program


@contextmanager
def _static() -> Iterator[Program]:
    with Program(peers.STATIC_APP, size=(120, 36)) as program:
        program.moment(peers.STATIC_WORDS)
        yield program


def _busy(programs: Sequence[Program], seconds: float) -> list[float]:
    """Percent of a core of each program, measured simultaneously."""
    before = [program.cpu for program in programs]
    time.sleep(seconds)
    return [
        (program.cpu - used) / seconds * 100 for program, used in zip(programs, before, strict=True)
    ]
