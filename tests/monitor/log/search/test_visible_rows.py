import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.monitor.log.search.visible_rows import (
    ContextRows,
    HitRows,
    RangeRows,
    VisibleRows,
)

HITS = st.lists(st.integers(0, 60), unique=True).map(sorted)


def check(rows: VisibleRows, shown: list[int]) -> None:
    assert len(rows) == len(shown)
    assert [rows.index(row) for row in range(len(rows))] == shown
    for index in range(-1, 70):
        at_or_after = next(
            (row for row, visible_index in enumerate(shown) if visible_index >= index), None
        )
        last = max(0, len(shown) - 1)
        assert rows.row(index) == (last if at_or_after is None else at_or_after)
    for row in (-1, len(shown)):
        with pytest.raises(IndexError):
            rows.index(row)


@given(HITS)
def test_matches_without_context(hits: list[int]) -> None:
    check(HitRows(hits), hits)


@given(HITS, st.integers(0, 4), st.integers(0, 10), st.lists(st.integers(0, 10)))
def test_matches_with_context_as_they_arrive(
    hits: list[int], context: int, first: int, batches: list[int]
) -> None:
    hits = [hit for hit in hits if hit >= first]
    rows = ContextRows(context, first)
    count = 0
    for batch in [*batches, len(hits)]:
        count = min(len(hits), count + batch)
        known_hits = hits[:count]
        end = known_hits[-1] + 1 if known_hits else first
        rows.extend(known_hits, end)
        check(rows, around(known_hits, context, first, end))
    rows.extend(hits, 66)
    check(rows, around(hits, context, first, 66))


def around(hits: list[int], context: int, first: int, end: int) -> list[int]:
    shown = {n for hit in hits for n in range(hit - context, hit + context + 1)}
    return sorted(n for n in shown if first <= n < end)


def test_overlapping_ranges_are_one() -> None:
    rows = RangeRows()
    for start, stop in ((0, 3), (2, 5), (5, 6), (8, 8), (9, 10)):
        rows.add(start, stop)
    check(rows, [0, 1, 2, 3, 4, 5, 9])
