from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.monitor.log.search.scanned_ranges import ScannedRanges

SPANS = st.tuples(st.integers(0, 40), st.integers(0, 40))
STEPS = st.lists(st.tuples(st.sampled_from(["add", "forget"]), SPANS))


@given(STEPS)
def test_ranges_equal_a_set_of_indexes(steps: list[tuple[str, tuple[int, int]]]) -> None:
    covered, model = ScannedRanges(), set[int]()
    for name, (start, stop) in steps:
        if name == "add":
            covered.add(start, stop)
            model |= set(range(start, stop))
        else:
            covered.discard_before(stop)
            model -= set(range(stop))
        assert len(covered) == len(model)
        for begin in range(42):
            expected = next((n for n in range(begin, 41) if n not in model), 41)
            assert covered.first_unscanned(begin, 41) == expected


def test_work_in_order_stays_one_range() -> None:
    covered = ScannedRanges()
    for start in range(0, 1000, 10):
        covered.add(start, start + 10)
    assert len(covered._starts) == 1
