"""P10: memory after a week of twenty runs an hour, relative to memory after its first hour.

Time is accelerated by polling: each poll triggered by `r` returns one more run, so that twenty
polls are an hour. The log of the newest run is opened once an hour, and the timeline in the first
hour and once a day, so that lazy imports do not count as growth. In the first hour the log of each
new run is opened, as it would be in every hour of real time: the last ones of these are cached.

Memory is measured after the dashboard has had time to free unused memory, which it does a hundred
times in each real hour.
"""

import re
import time
from collections.abc import Sequence

from nodion_tui.ui.terminal.memory_tuning import TRIM_SECONDS
from tests.bench.fleet import Plan
from tests.bench.measure import Effort, Measure, Target, interleaved, told
from tests.bench.program import Program, dashboard
from tests.bench.service import service

ROW = "P10"
_AN_HOUR = 20
"""Runs per hour."""
_HOUR_SECONDS = 120.0
"""Patience with twenty runs."""
_REST = 0.6
"""Seconds on a new run until its log is loaded."""
_COUNT = re.compile(r"All runners · ([\d,]+)")
_PLAN = Plan(runs=_AN_HOUR, growing=True, lines=200)


def measure(effort: Effort) -> Sequence[Measure]:
    """The dashboard, with all runs that the service lists."""
    hours = effort.of(7 * 24, 12)
    after = interleaved(Effort(min(effort.rounds, 2), effort.quick), lambda: _live(hours))[0]
    early, late = zip(*after, strict=True)
    what = "a week" if hours == 7 * 24 else f"{hours} hours"
    runs = hours * _AN_HOUR
    return [
        Measure(ROW, f"memory after {what}", "MB", late, early, "an hour", Target(1.03)),
        told(
            ROW,
            f"the same for each of {runs:,} runs",
            "kB",
            [(b - a) * 1000 / runs for a, b in after],
        ),
    ]


def _live(hours: int) -> tuple[float, float]:
    """Megabytes after the first hour, and after all of them."""
    settings = "requests_per_minute = 100000"
    with service(_PLAN) as served, dashboard(served.url, settings=settings) as program:
        program.moment("Log")
        program.settle()
        _an_hour(program, rest=_REST)
        _look_at_timeline(program)
        early = _at_rest(program)
        for hour in range(1, hours):
            _an_hour(program)
            if hour % 24 == 0:
                _look_at_timeline(program)
        return early, _at_rest(program)


def _at_rest(program: Program) -> float:
    """Resident memory in megabytes."""
    program.settle()
    time.sleep(TRIM_SECONDS + 1)
    return program.resident


def _an_hour(program: Program, rest: float = 0) -> None:
    """Twenty runs and the log of the last one; with a rest, the logs of all."""
    until = _runs(program) + _AN_HOUR
    latest = time.monotonic() + _HOUR_SECONDS
    while (known := _runs(program)) < until:
        assert time.monotonic() < latest, f"no {_AN_HOUR} runs came:\n{program.text}"
        program.press("r")
        deadline = time.monotonic() + 0.5
        while _runs(program) == known and time.monotonic() < deadline:
            time.sleep(0.005)
        if rest:
            _look_at_newest(program, rest)
    _look_at_newest(program, 0.3)


def _look_at_newest(program: Program, seconds: float) -> None:
    program.press("\t", "g")
    time.sleep(seconds)
    program.press("\x1b[Z")


def _look_at_timeline(program: Program) -> None:
    program.press("2")
    time.sleep(1)
    program.press("1")
    time.sleep(0.5)


def _runs(program: Program) -> int:
    """Number of runs in the title of the list, of which only the digits that change are sent."""
    found = _COUNT.search(program.text)
    return int(found[1].replace(",", "")) if found else 0
