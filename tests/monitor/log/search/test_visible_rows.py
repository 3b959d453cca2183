import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.monitor.log.search.visible_rows import (
    AllRows,
    ContextRows,
    HitRows,
    RangeRows,
    VisibleRows,
    rows_without,
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


@given(st.integers(0, 20), st.integers(0, 40))
def test_all_rows(first: int, count: int) -> None:
    check(AllRows(first, first + count), list(range(first, first + count)))


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


@given(st.lists(st.integers(0, 65), unique=True).map(sorted))
def test_rows_without_hidden_ranges(bounds: list[int]) -> None:
    hidden = list(zip(bounds[::2], bounds[1::2], strict=False))
    covered = {n for start, stop in hidden for n in range(start, stop)}
    check(rows_without(5, 60, hidden), [n for n in range(5, 60) if n not in covered])


def test_overlapping_ranges_are_one() -> None:
    check(RangeRows([(0, 3), (2, 5), (5, 6), (8, 8), (9, 10)]), [0, 1, 2, 3, 4, 5, 9])
