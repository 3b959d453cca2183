"""P8, from outside: 24 running runs of 500 runners end; when do row and notification say so?

The installed program runs in a terminal, whose rows are looked at, within a budget of 60 requests a
minute. The service is on this machine, on an address that is not loopback, where the budget would
not hold.
"""

import random
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from nodion_tui.monitor.monitor import DEFAULT_REQUESTS
from tests.bench.fleet import Plan
from tests.bench.measure import Effort, Measure, at_most, told
from tests.bench.outside import outside_address, outside_settings
from tests.bench.polling import busiest
from tests.bench.program import Program, dashboard
from tests.bench.service import Running, service

ROW = "P8"
ENDING = 24
LIMIT = 1.0
"""Seconds from an end to its row, p95."""
_PLAN = Plan(runners=500, runs=12, running=ENDING, line_every=5.0)
_SIZE = (150, 90)
_BELL = b"\a"
_LOOK_SECONDS = 0.02
_RULE = """
[[rules]]
status = ["succeeded"]
tell = ["bell"]
"""
_LONGEST = 1200.0
"""Seconds after which an end that is not shown is given up."""
_MINUTE = 60.0


@dataclass
class Ends:
    """Seconds from each end to what shows it, and what it cost."""

    rows: list[float] = field(default_factory=list)
    notifications: list[float] = field(default_factory=list)
    requests: int = 0
    """In the busiest minute, without the first reading."""
    bytes_per_second: float = 0.0
    """Bodies that the service has sent while runs were held."""
    cpu: float = 0.0
    """Percent of a core while runs were held and written lines passed."""


def measure(effort: Effort) -> Sequence[Measure]:
    """Ends of held runs, one after the other."""
    host = outside_address()
    if host is None:
        return [Measure(ROW, "24 of 500 runs end", "s", (), missing="no address but loopback")]
    with service(_PLAN, host) as served, _watched(served.url) as program:
        seen = _ends(served, program, effort.of(60, 30))
    return [
        at_most(ROW, "24 of 500 runs end: row, p95", "s", (_p95(seen.rows),), LIMIT),
        told(ROW, "24 of 500 runs end: row, median", "s", (sorted(seen.rows)[ENDING // 2],)),
        told(ROW, "24 of 500 runs end: row, slowest", "s", (max(seen.rows),)),
        at_most(
            ROW, "24 of 500 runs end: notification, p95", "s", (_p95(seen.notifications),), LIMIT
        ),
        at_most(
            ROW,
            "24 of 500 runs end: requests in the busiest minute",
            "",
            (seen.requests,),
            DEFAULT_REQUESTS,
        ),
        told(ROW, "24 held runs, a line in 5 s each: received", "B/s", (seen.bytes_per_second,)),
        told(ROW, "24 held runs, a line in 5 s each", "% CPU", (seen.cpu,)),
    ]


@contextmanager
def _watched(url: str) -> Iterator[Program]:
    settings = outside_settings(url, streams=ENDING, more=_RULE)
    with dashboard(url, size=_SIZE, settings=settings) as program:
        yield program


def _ends(served: Running, program: Program, idle_seconds: float) -> Ends:
    """Wait until the runs are held, let them write for a while, and end each."""
    began = time.monotonic()
    program.wait_for(lambda text: text.count("● running") >= ENDING, timeout=120)
    deadline = time.monotonic() + 120
    while served.streamed < ENDING and time.monotonic() < deadline:
        time.sleep(0.5)
    program.settle()
    before, cpu, at = served.seen(), program.cpu, time.monotonic()
    time.sleep(idle_seconds)
    after, seconds = served.seen(), time.monotonic() - at
    seen = Ends(
        bytes_per_second=(after.sent - before.sent) / seconds,
        cpu=(program.cpu - cpu) / seconds * 100,
    )
    luck = random.Random(8)  # noqa: S311 - the same order in every run
    for owner in luck.sample(range(ENDING), ENDING):
        time.sleep(luck.uniform(0.5, 2.5))
        _end(served, program, owner, seen)
    polls = [moment for moment, _ in served.seen().requests if moment > at]
    seen.requests = busiest(polls) if polls else 0
    assert time.monotonic() - began < _LONGEST
    return seen


def _end(served: Running, program: Program, owner: int, seen: Ends) -> None:
    """End a run, and wait until its row says so."""
    written = program.written
    ended_at = served.end(owner)
    row = re.compile(rf"^.*succeeded.*Runner {owner:03}\b", re.MULTILINE)
    notified = None
    while time.monotonic() - ended_at < _LONGEST:
        if notified is None and _BELL in program.raw[written:]:
            notified = time.monotonic() - ended_at
        if row.search(program.text):
            seen.rows.append(time.monotonic() - ended_at)
            seen.notifications.append(notified or seen.rows[-1])
            return
        time.sleep(_LOOK_SECONDS)
    raise AssertionError(f"the end of runner {owner} was not shown:\n{program.text}")


def _p95(seconds: Sequence[float]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.95)]


if __name__ == "__main__":
    for measured in measure(Effort(1, quick=True)):
        print(measured.what, measured.ours, measured.unit, measured.verdict)
