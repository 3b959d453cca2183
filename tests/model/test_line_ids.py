import sys

from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.model.line_ids import LineIdSet

LONG = [str(number) for number in range(220_000)]


@given(st.lists(st.text(max_size=3)))
def test_equals_a_python_set(ids: list[str]) -> None:
    id_set, model = LineIdSet(), set[str]()
    for identifier in ids:
        assert id_set.add(identifier) == (identifier not in model)
        model.add(identifier)
        assert identifier in id_set
    assert len(id_set) == len(model)


@given(st.lists(st.lists(st.text(max_size=3))))
def test_a_batch_is_the_same_as_one_after_another(batches: list[list[str]]) -> None:
    by_batch, one_by_one = LineIdSet(), LineIdSet()
    for batch in batches:
        assert by_batch.add_each(batch) == [one_by_one.add(identifier) for identifier in batch]
    assert len(by_batch) == len(one_by_one)


@given(
    answers=st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30), st.integers(1, 12))),
)
def test_detects_resent_lines_of_the_newest_half(
    answers: list[tuple[int, int, int]],
) -> None:
    id_set, size = LineIdSet(limit=60), 0
    for back, more, piece in answers:
        start = max(0, size - back)
        ids = [str(number) for number in range(start, size + more)]
        new = [
            is_new
            for at in range(0, len(ids), piece)
            for is_new in id_set.add_each(ids[at : at + piece], starts_response=at == 0)
        ]
        assert new == [number >= size for number in range(start, size + more)]
        size += more


def remembered(ids: list[str]) -> LineIdSet:
    """A set with these ids, added some hundreds at a time."""
    id_set = LineIdSet()
    for at in range(0, len(ids), 500):
        id_set.add_each(ids[at : at + 500])
    return id_set


def test_detects_a_whole_log_resent_in_pieces() -> None:
    id_set = remembered(LONG)
    pieces = [LONG[at : at + 700] for at in range(0, len(LONG), 700)]
    assert not any(
        any(id_set.add_each(piece, starts_response=not at)) for at, piece in enumerate(pieces)
    )
    assert id_set.add_each(["new", "newer"]) == [True, True]
    assert len(id_set) == len(LONG) + 2


def test_detects_a_late_duplicate_in_the_middle_of_a_response() -> None:
    id_set = remembered(LONG)
    assert id_set.add_each(["new", LONG[-1], "newer", LONG[-500], "newest"]) == [
        True,
        False,
        True,
        False,
        True,
    ]


def test_unknown_ids_are_not_in_it() -> None:
    assert "b" not in LineIdSet(["a"])
    id_set = remembered(LONG)
    assert not any(f"{identifier}!" in id_set for identifier in LONG[:50])


def test_the_newest_half_of_the_limit_is_always_known() -> None:
    id_set = LineIdSet(limit=100)
    ids = [str(number) for number in range(1000)]
    for number, identifier in enumerate(ids):
        assert id_set.add(identifier)
        assert all(identifier in id_set for identifier in ids[max(0, number - 49) : number + 1])
        assert len(id_set) <= 100


def test_an_id_takes_four_bytes_and_is_counted_with_what_arrays_waste() -> None:
    id_set = remembered(LONG)
    arrays = [*id_set._older_ids._shards, *(block.parts for block in id_set._older_ids._blocks)]
    assert sum(len(array) * array.itemsize for array in arrays) == 4 * len(id_set._older_ids)
    arrays += [block.starts for block in id_set._older_ids._blocks]
    old = sum(map(sys.getsizeof, arrays))
    newest = sys.getsizeof(id_set._newest) + sys.getsizeof(id_set._previous)
    hashes = 32 * (len(id_set._newest) + len(id_set._previous))
    assert len(id_set._older_ids._blocks) == 2
    assert 0.9 * id_set.bytes_held <= old + newest + hashes <= 1.1 * id_set.bytes_held
