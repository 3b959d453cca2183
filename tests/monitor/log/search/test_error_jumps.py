from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from nodion_tui.model.log_line import LogLine
from nodion_tui.monitor.log.buffer import EntryKind, LogBuffer
from nodion_tui.monitor.log.level import LogLevel
from nodion_tui.monitor.log.levels.judge import detect_level
from nodion_tui.monitor.log.search.error_jumps import (
    error_lines,
    error_stops,
    next_error,
    previous_error,
)
from nodion_tui.monitor.log.segment import pack_segment
from nodion_tui.monitor.log.segment_text import body_text

TABLE = Path(__file__).parents[1] / "levels" / "lines.tsv"
LINES = [line.split("\t", 1)[1] for line in TABLE.read_text("utf-8").splitlines()]
PIECES = st.sampled_from(
    [
        *("ERROR", "error:", "INFO", "panic:", "[fatal]", '{"level":50}', '{"level": "err"}', "x"),
        *(
            "E0115 10:01:00",
            "F0115 10:01:00 ",
            "\x1b[31m",
            "\x1b[0m",
            "é",
            "\n",
            "{",
            "}",
            '":',
            "|",
        ),
        *('"', '"s":', '"E"', "3", "17", "E", "F", "E   ", "ftl", "<3>", "e: /", "worker-1  | "),
        *(word for line in LINES for word in line.split()),
        *LINES,
    ]
)
BODIES = st.lists(st.lists(PIECES, max_size=4).map(" ".join), max_size=8)


def is_error(body: str) -> bool:
    level = detect_level(body_text(body.encode()))
    return level is not None and level >= LogLevel.ERROR


def test_an_exception_is_one_stop() -> None:
    trace = ["Traceback (most recent call last):", '  File "x.py", line 1', "ValueError: bad"]
    group = [
        "  + Exception Group Traceback (most recent call last):",
        "  |   File x",
        "  | ExceptionGroup: two (2 sub-exceptions)",
        "  +-+---------------- 1 ----------------",
        "    | Traceback (most recent call last):",
        "    |   File y",
        "    | KeyError: 'a'",
    ]
    bodies = [*trace, "fine", *group, "Traceback (most recent call last):", "cut off"]
    segment = pack_segment(0, lines(bodies), (), None)
    stops = [bodies[index].strip(" |") for index in error_stops(segment)]
    assert stops == [
        "ValueError: bad",
        "ExceptionGroup: two (2 sub-exceptions)",
        "KeyError: 'a'",
        "Traceback (most recent call last):",
    ]


def lines(bodies: list[str]) -> list[LogLine]:
    return [LogLine(str(n), body) for n, body in enumerate(bodies)]


@settings(deadline=None)
@given(BODIES)
def test_no_error_is_missed(bodies: list[str]) -> None:
    indexes = list(error_lines(pack_segment(5, lines(bodies), (), None)))
    assert indexes == [n + 5 for n, body in enumerate(bodies) if is_error(body)]


def test_the_errors_of_the_table_are_found_and_no_other_line() -> None:
    bodies = [*LINES, *(f"  \x1b[1m{line}\x1b[0m" for line in LINES)]
    bodies.append('{"level":\x1b[31m"error"\x1b[0m}')
    for portion in (bodies, [*bodies, "two\nlines"]):
        indexes = list(error_lines(pack_segment(0, lines(portion), (), None)))
        assert indexes == [n for n, body in enumerate(portion) if is_error(body)]


async def test_next_and_previous_error() -> None:
    buffer = LogBuffer(128 * 1024)
    buffer.extend(lines([f"{'ERROR' if n % 100 == 7 else 'INFO'} {n:050}" for n in range(800)]))
    buffer.append_marker(EntryKind.NOTICE, "ERROR in a mark")
    assert await next_error(buffer, 0) == 7
    assert await next_error(buffer, 7) == 107
    assert await next_error(buffer, 707) is None
    assert await previous_error(buffer, 801) == 707
    assert await previous_error(buffer, 707) == 607
    assert await previous_error(buffer, 7) is None


async def test_dropped_errors_are_skipped() -> None:
    buffer = LogBuffer(64 * 1024)
    for _ in range(50):
        buffer.extend(lines(["ERROR " + "x" * 60] * 100))
    first = await next_error(buffer, -1)
    assert first == buffer.first_retained > 0
    assert await previous_error(buffer, buffer.first_retained) is None
