from hypothesis import given, settings
from hypothesis import strategies as st

from nodion_tui.model.log_line import LogLine
from nodion_tui.monitor.log.buffer import EntryKind, LogBuffer
from nodion_tui.monitor.log.level import LogLevel, detect_level
from nodion_tui.monitor.log.search.error_jumps import error_lines, next_error, previous_error
from nodion_tui.monitor.log.segment import pack_segment
from nodion_tui.monitor.log.segment_text import body_text

PIECES = st.sampled_from(
    [
        *("ERROR", "error:", "INFO", "Traceback (most recent call last):", "ValueError:", "panic:"),
        *("[fatal]", '{"level":50}', '{"level": "err"}', "E0115 10:01:00", "\x1b[31m", "\x1b[0m"),
        *("Caused by: ", "x", "é", "SEVERE", "EMERG", "ALERT", "CRIT", "\n", "goroutine 1 ["),
        *("Uncaught ", "KeyboardInterrupt", "level=err", "{", "F0115 10:01:00 ", "thread 'x' "),
    ]
)
BODIES = st.lists(st.lists(PIECES, max_size=4).map(" ".join), max_size=8)


def is_error(body: str) -> bool:
    level = detect_level(body_text(body.encode()))
    return level is not None and level >= LogLevel.ERROR


def lines(bodies: list[str]) -> list[LogLine]:
    return [LogLine(str(n), body) for n, body in enumerate(bodies)]


@settings(deadline=None)
@given(BODIES)
def test_no_error_is_missed(bodies: list[str]) -> None:
    indexes = list(error_lines(pack_segment(5, lines(bodies), (), None)))
    assert indexes == [n + 5 for n, body in enumerate(bodies) if is_error(body)]


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
