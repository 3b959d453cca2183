"""P3: resident memory of a log, relative to its UTF-8 size; and with `max_log_bytes`."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from tests.bench import peers
from tests.bench.fleet import Plan
from tests.bench.loglike import utf8_size
from tests.bench.measure import Effort, Measure, Target, at_most, interleaved, told
from tests.bench.program import Program, dashboard
from tests.bench.service import service

ROW = "P3"
_BOUND = 64_000_000
"""`max_log_bytes`, smaller than the log."""


def measure(effort: Effort) -> Sequence[Measure]:
    """The dashboard following a log, relative to the log; the peers with the log as a file."""
    lines = effort.of(1_000_000, 200_000)
    bound = effort.of(_BOUND, _BOUND // 5)
    size = utf8_size(lines) / 1e6
    free, bounded = interleaved(
        effort, lambda: added(lines, 2**31), lambda: added(lines, bound, dropped=True)
    )
    return [
        Measure(
            ROW,
            f"memory that {lines:,} lines add",
            "MB",
            free,
            (size,),
            "their UTF-8",
            Target(1.15),
        ),
        at_most(ROW, "the same under max_log_bytes", "MB", bounded, bound / 1e6),
        *_peers(effort, lines),
    ]


def added(lines: int, max_log_bytes: int, *, dropped: bool = False) -> float:
    """Additional megabytes of the dashboard for a log, beyond its first screenful.

    Args:
        lines: number of lines of the log.
        max_log_bytes: the setting.
        dropped: whether some lines must be marked as dropped.
    """
    settings = f"max_log_bytes = {max_log_bytes}"
    plan = Plan(lines=lines, held=True)
    with service(plan) as served, dashboard(served.url, settings=settings) as program:
        program.moment("▼ following")
        program.settle()
        before = program.resident
        served.go()
        program.moment(f"log complete, {lines:,} lines")
        program.settle()
        if dropped:
            program.wait_for(" dropped")
        return program.resident - before


def _peers(effort: Effort, lines: int) -> list[Measure]:
    with peers.log_file(lines) as file:
        return [
            _peer("lnav", effort, lambda: peers.lnav(file), file),
            _peer("toolong", effort, lambda: peers.toolong(file, lines), file),
        ]


def _peer(
    name: str, effort: Effort, start: Callable[[], AbstractContextManager[Program]], file: Path
) -> Measure:
    what = f"{name} with {file.name} of as many lines, all of it"
    try:
        taken = interleaved(effort, lambda: _resident(start))[0]
    except peers.Missing as missing:
        return Measure(ROW, what, "MB", (), missing=str(missing))
    return told(ROW, what, "MB", taken)


def _resident(start: Callable[[], AbstractContextManager[Program]]) -> float:
    with start() as program:
        return program.resident
