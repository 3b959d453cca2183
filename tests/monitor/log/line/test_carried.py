import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.model.log_line import LogLine
from nodion_tui.monitor.log.buffer import EntryKind, LogBuffer
from nodion_tui.monitor.log.line.carried import MAX_LINES, PenCarrier, carried_pen
from nodion_tui.monitor.log.line.pen import DEFAULT_PEN, Pen

RED = Pen(color=1)


def pens(bodies: list[str]) -> list[Pen]:
    """The pen at the beginning of each line, looked up backwards."""
    buffer = LogBuffer(max_bytes=64 * 1024 * 1024)
    buffer.extend([LogLine(str(number), body) for number, body in enumerate(bodies)])
    return [pen_at(buffer, index) for index in range(len(bodies))]


def pen_at(buffer: LogBuffer, index: int) -> Pen:
    return carried_pen(buffer.regions_before(index, MAX_LINES))


@pytest.mark.parametrize(
    ("bodies", "expected"),
    [
        (["plain", "\x1b[31mred", "red", "red\x1b[0m", "plain"], [DEFAULT_PEN] * 2 + [RED] * 2),
        (["\x1b[31m", "\x1b[1m", "\x1b[39m", ""], [DEFAULT_PEN, RED, Pen(1, bold=True)]),
        (["\x1b[31m", "\x1b[8m\x1b[99m", ""], [DEFAULT_PEN, RED, RED]),
        (["\x1b[31mold\rnew", "\x1b[m"], [DEFAULT_PEN, RED]),
    ],
)
def test_a_colour_is_carried_to_the_line_that_closes_it(
    bodies: list[str], expected: list[Pen]
) -> None:
    assert pens(bodies)[: len(expected)] == expected


def test_a_colour_that_is_never_closed_ends_after_some_lines() -> None:
    carried = pens(["\x1b[31m", *["plain"] * (MAX_LINES + 5)])
    assert [pen == RED for pen in carried] == [False, *[True] * MAX_LINES, *[False] * 5]


def test_markers_and_segments_do_not_end_a_colour() -> None:
    buffer = LogBuffer(max_bytes=64 * 1024)  # segments of 4 KiB
    buffer.extend([LogLine("a", "\x1b[31m")])
    buffer.append_marker(EntryKind.LOST, "reconnecting")
    buffer.extend([LogLine(str(number), "x" * 100) for number in range(100)])
    assert buffer.sealed_end > 10
    for index in (1, 2, buffer.sealed_end, buffer.end - 1):
        assert pen_at(buffer, index) == RED


COLOURS = st.sampled_from(["\x1b[31ma", "\x1b[0m", "b", "\x1b[1mc\x1b[m\x1b[4m", "\x1b[2K"])


@given(st.lists(COLOURS, max_size=30))
def test_reading_on_carries_as_looking_back(bodies: list[str]) -> None:
    carrier = PenCarrier()
    assert [carrier.next_pen(body) for body in bodies] == pens(bodies)
