from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.model.listing import changed_slices

few = st.lists(st.integers(0, 3), max_size=12)


@given(few, few)
def test_changed_slices_exclude_exactly_the_common_prefix_and_suffix(
    one: list[int], other: list[int]
) -> None:
    left, right = changed_slices(one, other)
    assert one[: left.start] == other[: right.start]
    assert one[left.stop :] == other[right.stop :]
    assert left.start <= left.stop
    assert right.start <= right.stop
    if one[left] and other[right]:
        assert one[left.start] != other[right.start]
        assert one[left.stop - 1] != other[right.stop - 1]
