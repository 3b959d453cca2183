"""Long pauses of a log, compared with its usual gap."""

from datetime import timedelta

import pytest

from nodion_tui.model.log_line import LogLine
from nodion_tui.monitor.insight.pauses import long_pauses
from nodion_tui.monitor.log.buffer import EntryKind, LogBuffer
from tests.support.loglines import START


def log(*gaps: float, max_bytes: int = 2**22) -> LogBuffer:
    """A log whose lines have these gaps, in seconds."""
    buffer = LogBuffer(max_bytes)
    at = START
    lines = [LogLine("first", "first", created_at=at)]
    for number, gap in enumerate(gaps):
        at += timedelta(seconds=gap)
        lines.append(LogLine(str(number), "x" * 80, created_at=at))
    buffer.extend(lines)
    return buffer


@pytest.mark.parametrize(
    ("gaps", "usual", "after"),
    [
        ((1, 1, 10, 1, 9.9, 1), 1, [3]),
        ((0.01, 0, 3, *(0.01,) * 1000, 3, *(0.01,) * 1000, 2), 0.25, [3, 1004]),
        ((0, 0, 0, 60) * 5, 60, []),  # a burst each minute: a minute is usual
        ((1, 1, 3600), 1, [3]),
        ((1,) * 20 + (3600,) * 3, 1, [21, 22, 23]),
        ((1, 1, -0.5, 1, 1, 20), 1, [6]),
        ((30,), 30, []),
    ],
)
async def test_pauses_are_ten_times_the_usual_gap(
    gaps: tuple[float, ...], usual: float, after: list[int]
) -> None:
    pauses = await long_pauses(log(*gaps))
    assert pauses.usual_gap is not None
    assert pauses.usual_gap.total_seconds() == pytest.approx(usual, abs=0.02)
    assert list(pauses.indexes) == after


async def test_pauses_are_found_in_both_directions() -> None:
    pauses = await long_pauses(log(1, 1, 20, 1, 1, 30, 1))
    assert [pause and pause.index for pause in map(pauses.after, (-1, 2, 3, 5, 6))] == [
        3, 3, 6, 6, None,
    ]  # fmt: skip
    assert [pause and pause.index for pause in map(pauses.before, (99, 6, 4, 3))] == [6, 3, 3, None]
    pause = pauses.before(99)
    assert pause is not None
    assert pause.duration == timedelta(seconds=30)


async def test_markers_and_lines_without_a_time_are_no_pause() -> None:
    buffer = log(1, 1)
    buffer.append_marker(EntryKind.LOST, "reconnecting")
    buffer.extend([LogLine("undated", "x"), LogLine("next", "x", created_at=START)])
    assert not (await long_pauses(buffer)).indexes
    assert (await long_pauses(LogBuffer())).usual_gap is None


async def test_what_is_between_is_not_known_where_lines_are_not_in_memory() -> None:
    buffer = log(*(1,) * 6000, max_bytes=2**18)
    assert buffer.dropped
    pauses = await long_pauses(buffer)
    assert (pauses.usual_gap, list(pauses.indexes)) == (timedelta(seconds=1), [])
