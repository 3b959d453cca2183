from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.monitor.log.compare.diff import DiffBlock, diff
from nodion_tui.monitor.log.work_stopped import WorkStopped

NUMBERS = st.lists(st.integers(0, 12), max_size=40)


@given(NUMBERS, NUMBERS, st.sampled_from([0, 250_000]))
def test_the_blocks_reproduce_both_sequences(left: list[int], right: list[int], exact: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("nodion_tui.monitor.log.compare.diff._EXACT", exact)
        blocks = diff(left, right)
    assert [n for block in blocks for n in block.left] == list(range(len(left)))
    assert [n for block in blocks for n in block.right] == list(range(len(right)))
    for block in blocks:
        left_items = [left[n] for n in block.left]
        right_items = [right[n] for n in block.right]
        assert block.same == (left_items == right_items)
    kinds = [block.same for block in blocks]
    assert all(a != b for a, b in pairwise(kinds))


@given(NUMBERS)
def test_equal_sequences_are_one_block(numbers: list[int]) -> None:
    span = range(len(numbers))
    assert diff(numbers, numbers) == (
        [DiffBlock(same=True, left=span, right=span)] if numbers else []
    )


def test_one_added_line_is_one_change() -> None:
    left = list(range(1000))
    right = [*range(400), 5000, *range(400, 1000)]
    assert diff(left, right) == [
        DiffBlock(same=True, left=range(400), right=range(400)),
        DiffBlock(same=False, left=range(400, 400), right=range(400, 401)),
        DiffBlock(same=True, left=range(400, 1000), right=range(401, 1001)),
    ]


def test_a_moved_block_is_one_change_on_each_side() -> None:
    blocks = diff([1, 2, 3, 4, 5, 6], [4, 5, 6, 1, 2, 3])
    assert [block.same for block in blocks] == [False, True, False]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ([1] * 50_000, [1] * 60_000),
        ([1, 2] * 25_000, [2, 1] * 30_000),
        (list(range(50_000)), list(range(50_000, 100_000))),
        (list(range(50_000)), list(range(50_000))[::-1]),
    ],
)
@pytest.mark.timeout(100)
def test_long_logs_are_compared_quickly(left: list[int], right: list[int]) -> None:
    """A comparison of each line with each other one would take an hour."""
    blocks = diff(left, right)
    assert sum(len(block.left) for block in blocks) == len(left)


def test_long_repetitive_logs_align_again_after_each_difference() -> None:
    left = [1, 2, 3] * 10_000
    right = list(left)
    for place in range(29_000, 0, -1000):
        right.insert(place, 9)
    blocks = diff(left, right)
    assert sum(len(block.right) for block in blocks if not block.same) == 29
    assert all(len(block.left) == 0 for block in blocks if not block.same)


def test_a_cancelled_comparison_stops() -> None:
    with pytest.raises(WorkStopped):
        diff([1], [2], lambda: True)
