import sys

from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.model.line_ids import LineIdSet

LONG = [str(number) for number in range(150_000)]


@given(st.lists(st.text(max_size=3)))
def test_knows_what_a_set_knows(ids: list[str]) -> None:
    kept, model = LineIdSet(), set[str]()
    for identifier in ids:
        assert kept.add(identifier) == (identifier not in model)
        model.add(identifier)
        assert identifier in kept
    assert len(kept) == len(model)


@given(st.lists(st.lists(st.text(max_size=3))))
def test_a_batch_is_the_same_as_one_after_another(batches: list[list[str]]) -> None:
    by_batch, one_by_one = LineIdSet(), LineIdSet()
    for batch in batches:
        assert by_batch.add_each(batch) == [one_by_one.add(identifier) for identifier in batch]
    assert len(by_batch) == len(one_by_one)


@given(
    answers=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(1, 12))),
)
def test_tells_what_an_answer_repeats_of_the_newest_half(
    answers: list[tuple[int, int, int]],
) -> None:
    kept, size = LineIdSet(limit=60), 0
    for back, more, piece in answers:
        start = max(0, size - back)
        ids = [str(number) for number in range(start, size + more)]
        new = [
            is_new
            for at in range(0, len(ids), piece)
            for is_new in kept.add_each(ids[at : at + piece], starts_response=at == 0)
        ]
        assert new == [number >= size for number in range(start, size + more)]
        size += more


def remembered(ids: list[str]) -> LineIdSet:
    """A set that was given these ids as they come: some hundreds at a time."""
    kept = LineIdSet()
    for at in range(0, len(ids), 500):
        kept.add_each(ids[at : at + 500])
    return kept


def test_tells_a_whole_log_that_comes_again_by_and_by() -> None:
    kept = remembered(LONG)
    pieces = [LONG[at : at + 700] for at in range(0, len(LONG), 700)]
    assert not any(
        any(kept.add_each(piece, starts_response=not at)) for at, piece in enumerate(pieces)
    )
    assert kept.add_each(["new", "newer"]) == [True, True]
    assert len(kept) == len(LONG) + 2


def test_tells_a_late_copy_in_the_middle_of_an_answer() -> None:
    kept = remembered(LONG)
    assert kept.add_each(["new", LONG[-1], "newer", LONG[-500], "newest"]) == [
        True,
        False,
        True,
        False,
        True,
    ]


def test_unknown_ids_are_not_in_it() -> None:
    assert "b" not in LineIdSet(["a"])
    kept = remembered(LONG)
    assert not any(f"{identifier}!" in kept for identifier in LONG[:50])


def test_the_newest_half_of_the_limit_is_always_known() -> None:
    kept = LineIdSet(limit=100)
    ids = [str(number) for number in range(1000)]
    for number, identifier in enumerate(ids):
        assert kept.add(identifier)
        assert all(known in kept for known in ids[max(0, number - 49) : number + 1])
        assert len(kept) <= 100


def test_an_id_takes_four_bytes_and_is_counted_with_what_arrays_waste() -> None:
    kept = remembered(LONG)
    arrays = [*kept._old._shards, *(block.parts for block in kept._old._blocks)]
    assert sum(len(each) * each.itemsize for each in arrays) == 4 * len(kept._old)
    arrays += [block.starts for block in kept._old._blocks]
    old = sum(map(sys.getsizeof, arrays))
    newest = sys.getsizeof(kept._newest) + sys.getsizeof(kept._before)
    hashes = 32 * (len(kept._newest) + len(kept._before))
    assert len(kept._old._blocks) == 2
    assert 0.9 * kept.bytes_held <= old + newest + hashes <= 1.1 * kept.bytes_held
