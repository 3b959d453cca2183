import asyncio
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nodion_tui.model.log_line import LogLine
from nodion_tui.monitor.log.buffer import EntryKind, LogBuffer
from nodion_tui.monitor.log.compare.comparison import (
    CompareRow,
    Comparison,
    compare_logs,
    differing_words,
)
from nodion_tui.monitor.log.compare.normalize import normalize

BODIES = st.lists(st.sampled_from(["step 1", "step 2", "done", "failed", "x", ""]), max_size=30)


def buffer_of(bodies: list[str], max_bytes: int = 2**22) -> LogBuffer:
    buffer = LogBuffer(max_bytes)
    for n, body in enumerate(bodies):
        buffer.extend([LogLine(str(n), body)])
    return buffer


def rows(comparison: Comparison) -> list[CompareRow]:
    return [comparison.row(row) for row in range(len(comparison))]


async def test_equal_lines_are_side_by_side() -> None:
    left = buffer_of(["10:01 start", "10:02 copied 7 files", "10:03 done in 12 s"])
    right = buffer_of(["11:01 start", "11:09 disk full", "11:09 done in 3 s"])
    left.append_marker(EntryKind.ENDED, "succeeded")
    comparison = await compare_logs(left, right)
    assert rows(comparison) == [
        CompareRow(0, 0, same=True),
        CompareRow(1, 1, same=False),
        CompareRow(2, 2, same=True),
    ]
    assert (comparison.change_count, comparison.same_lines) == (1, 2)
    assert comparison.next_change(0) == 1
    assert comparison.next_change(1) is None
    assert comparison.previous_change(2) == 1
    assert comparison.previous_change(1) is None


async def test_lines_of_one_side_have_no_counterpart() -> None:
    comparison = await compare_logs(buffer_of(["a", "b", "c", "d"]), buffer_of(["a", "d"]))
    assert rows(comparison)[1:3] == [
        CompareRow(1, None, same=False),
        CompareRow(2, None, same=False),
    ]


@settings(max_examples=60, deadline=None)
@given(BODIES, BODIES)
def test_every_line_has_its_row_in_order(left: list[str], right: list[str]) -> None:
    comparison = asyncio.run(compare_logs(buffer_of(left), buffer_of(right)))
    shown = rows(comparison)
    assert [row.left for row in shown if row.left is not None] == list(range(len(left)))
    assert [row.right for row in shown if row.right is not None] == list(range(len(right)))
    for row in shown:
        if row.same:
            assert row.left is not None
            assert row.right is not None
            assert normalize(left[row.left]) == normalize(right[row.right])
    starts = [row for row in range(len(shown)) if comparison.next_change(row - 1) == row]
    assert len(starts) == comparison.change_count
    assert all(a < b for a, b in pairwise(starts))


async def test_only_the_end_of_long_logs_is_compared() -> None:
    long = buffer_of([f"line {'x' * (n % 50)}" for n in range(5000)], max_bytes=2**18)
    comparison = await compare_logs(long, buffer_of(["other"]), max_lines=1000)
    assert list(comparison.left.indexes) == list(range(4000, 5000))
    assert comparison.left.skipped_lines == 4000
    assert comparison.right.skipped_lines == 0


async def test_empty_logs_have_no_rows() -> None:
    comparison = await compare_logs(LogBuffer(), LogBuffer())
    assert len(comparison) == 0
    with pytest.raises(IndexError):
        comparison.row(0)


@pytest.mark.parametrize(
    ("left", "right", "spans"),
    [
        ("copied 7 files", "copied 9 files", ([], [])),
        ("disk ok", "disk full", ([(5, 7)], [(5, 9)])),
        ("a", "a b", ([], [(1, 3)])),
        ("", "x", ([], [(0, 1)])),
    ],
)
def test_differing_words_are_highlighted(
    left: str, right: str, spans: tuple[list[tuple[int, int]], list[tuple[int, int]]]
) -> None:
    assert differing_words(left, right) == spans


def test_highlighting_a_very_long_line_is_bounded() -> None:
    left, right = "word " * 50_000, "word " * 50_000 + "x"
    spans = differing_words(left, right)
    assert spans[1][-1][1] == len(right)
