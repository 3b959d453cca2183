from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.model.idset import IdSet


@given(st.lists(st.text(max_size=3)))
def test_knows_what_a_set_knows(ids: list[str]) -> None:
    kept, model = IdSet(), set[str]()
    for identifier in ids:
        assert kept.add(identifier) == (identifier not in model)
        model.add(identifier)
        assert identifier in kept
    assert len(kept) == len(model)


@given(st.lists(st.lists(st.text(max_size=3))))
def test_a_batch_is_the_same_as_one_after_another(batches: list[list[str]]) -> None:
    by_batch, one_by_one = IdSet(), IdSet()
    for batch in batches:
        assert by_batch.add_each(batch) == [one_by_one.add(identifier) for identifier in batch]


def test_unknown_ids_are_not_in_it() -> None:
    assert "b" not in IdSet(["a"])


def test_the_newest_half_of_the_limit_is_always_known() -> None:
    kept = IdSet(limit=100)
    ids = [str(number) for number in range(1000)]
    for number, identifier in enumerate(ids):
        assert kept.add(identifier)
        assert all(known in kept for known in ids[max(0, number - 49) : number + 1])
        assert len(kept) <= 100


def test_an_id_takes_eight_bytes_and_is_counted_with_what_arrays_waste() -> None:
    kept = IdSet(map(str, range(50_000)))
    held = sum(len(shard) * shard.itemsize for shard in kept._shards if shard)
    assert held == 8 * 50_000
    assert held <= kept.bytes_held <= 12 * 50_000 + 2**19
