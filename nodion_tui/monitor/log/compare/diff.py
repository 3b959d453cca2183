"""Patience diff of two sequences, which gives useful results on long repetitive logs.

Equal elements at both ends are matched first. Then elements that occur once in each sequence are
anchors, and the ranges between two anchors are compared separately. Without anchors, a small range
is compared exactly; a large one is walked through with a lookahead to the nearest position from
which both sequences match again.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from nodion_tui.monitor.log.work_stopped import WorkStopped

_EXACT = 250_000
"""Ranges of at most this many pairs of elements are compared exactly."""
_LOOKAHEAD = 64
"""Elements of lookahead, both sides together."""
_IN_STEP = 3
"""Consecutive equal elements required for both sides to be in step again."""


class DiffBlock(NamedTuple):
    """A range of both sequences: equal, or changed (either side may be empty)."""

    same: bool
    left: range
    right: range


def diff(
    left: Sequence[int], right: Sequence[int], stopped: Callable[[], bool] = lambda: False
) -> list[DiffBlock]:
    """The sequences as alternating equal and changed blocks, in order, without gaps.

    Raises:
        WorkStopped: `stopped()` was true.
    """
    matches: list[tuple[int, int, int]] = []
    work = [(0, len(left), 0, len(right))]
    while work:
        if stopped():
            raise WorkStopped
        _split(left, right, work.pop(), matches, work)
    return list(_blocks(sorted(matches), len(left), len(right)))


def _split(
    left: Sequence[int],
    right: Sequence[int],
    bounds: tuple[int, int, int, int],
    matches: list[tuple[int, int, int]],
    work: list[tuple[int, int, int, int]],
) -> None:
    """Match the ends of a range, and queue the remaining ranges within it."""
    a, a_end, b, b_end = bounds
    begin = a
    while a < a_end and b < b_end and left[a] == right[b]:
        a, b = a + 1, b + 1
    if a > begin:
        matches.append((begin, b - (a - begin), a - begin))
    end = a_end
    while a < a_end and b < b_end and left[a_end - 1] == right[b_end - 1]:
        a_end, b_end = a_end - 1, b_end - 1
    if a_end < end:
        matches.append((a_end, b_end, end - a_end))
    if a == a_end or b == b_end:
        return
    anchors = _anchors(left, right, a, a_end, b, b_end)
    if anchors:
        for x, y in anchors:
            work.append((a, x, b, y))
            a, b = x, y
        work.append((a, a_end, b, b_end))
    elif (a_end - a) * (b_end - b) <= _EXACT:
        matcher = SequenceMatcher(None, left[a:a_end], right[b:b_end], autojunk=False)
        matches += [(a + m.a, b + m.b, m.size) for m in matcher.get_matching_blocks() if m.size]
    else:
        walked = _walk(left[a:a_end], right[b:b_end])
        matches += [(a + x, b + y, size) for x, y, size in walked]


def _anchors(
    left: Sequence[int], right: Sequence[int], a: int, a_end: int, b: int, b_end: int
) -> list[tuple[int, int]]:
    """Pairs of elements that occur once on each side, in the same order on both."""
    left_counts, right_counts = Counter(left[a:a_end]), Counter(right[b:b_end])
    right_positions = {right[y]: y for y in range(b, b_end) if right_counts[right[y]] == 1}
    pairs = [
        (x, right_positions[left[x]])
        for x in range(a, a_end)
        if left_counts[left[x]] == 1 and left[x] in right_positions
    ]
    return _longest_ascending(pairs)


def _longest_ascending(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest subsequence of pairs that also ascends on the right (they ascend on the left)."""
    tops: list[int] = []
    top_pairs: list[int] = []
    before: list[int] = []
    for number, (_, y) in enumerate(pairs):
        length = bisect_left(tops, y)
        before.append(top_pairs[length - 1] if length else -1)
        tops[length : length + 1] = [y]
        top_pairs[length : length + 1] = [number]
    rise = []
    number = top_pairs[-1] if top_pairs else -1
    while number >= 0:
        rise.append(pairs[number])
        number = before[number]
    return rise[::-1]


def _walk(left: Sequence[int], right: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Matches of sequences that are too long to be compared exactly."""
    a = b = 0
    while a < len(left) and b < len(right):
        begin = a
        while a < len(left) and b < len(right) and left[a] == right[b]:
            a, b = a + 1, b + 1
        if a > begin:
            yield begin, b - (a - begin), a - begin
        skip_left, skip_right = _resynchronize(left, right, a, b)
        a, b = a + skip_left, b + skip_right


def _resynchronize(left: Sequence[int], right: Sequence[int], a: int, b: int) -> tuple[int, int]:
    """Number of elements to skip on each side until both match again."""
    for ahead in range(1, _LOOKAHEAD):
        for skipped in range(ahead + 1):
            x, y = a + skipped, b + ahead - skipped
            expected = left[x : x + _IN_STEP]
            if expected and expected == right[y : y + _IN_STEP]:
                return skipped, ahead - skipped
    return _LOOKAHEAD // 2, _LOOKAHEAD // 2


def _blocks(matches: list[tuple[int, int, int]], a_end: int, b_end: int) -> Iterator[DiffBlock]:
    a = b = 0
    start_a = start_b = 0
    for x, y, size in [*matches, (a_end, b_end, 0)]:
        if (x, y) != (a, b):
            if a > start_a:
                yield DiffBlock(same=True, left=range(start_a, a), right=range(start_b, b))
            yield DiffBlock(same=False, left=range(a, x), right=range(b, y))
            start_a, start_b = x, y
        a, b = x + size, y + size
    if a > start_a:
        yield DiffBlock(same=True, left=range(start_a, a), right=range(start_b, b))
