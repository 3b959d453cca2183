"""How one sequence becomes another: patience diff, which stays sensible on long repetitive logs.

What is the same at both ends goes first. Then elements that occur once in each sequence are
anchors, and what is between two anchors is compared on its own. Where there are none, a block is
compared exactly if it is small; if it is large, it is walked through with a look ahead for the
nearest place from which both go on alike.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from nodion_tui.monitor.log.search.background_scan import WorkStopped

_EXACT = 250_000
"""Blocks of at most so many pairs of elements are compared exactly."""
_AHEAD = 64
"""Elements that are looked ahead on both sides together."""
_ALIKE = 3
"""Elements in a row that must be alike for both sides to have met again."""


class DiffBlock(NamedTuple):
    """A stretch of both sequences: equal, or changed (either side may be empty)."""

    same: bool
    left: range
    right: range


def diff(
    left: Sequence[int], right: Sequence[int], stopped: Callable[[], bool] = lambda: False
) -> list[DiffBlock]:
    """The sequences as alternating equal and changed blocks, in order, without gaps.

    Raises:
        Stopped: `stopped()` was true.
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
    """Note what matches at the ends of a stretch, and what is left to do within."""
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
        found = _walk(left[a:a_end], right[b:b_end])
        matches += [(a + x, b + y, size) for x, y, size in found]


def _anchors(
    left: Sequence[int], right: Sequence[int], a: int, a_end: int, b: int, b_end: int
) -> list[tuple[int, int]]:
    """Pairs of elements that occur once on each side, in the same order on both."""
    lefts, rights = Counter(left[a:a_end]), Counter(right[b:b_end])
    places = {right[y]: y for y in range(b, b_end) if rights[right[y]] == 1}
    pairs = [(x, places[left[x]]) for x in range(a, a_end) if _once(left[x], lefts, places)]
    return _longest_rise(pairs)


def _once(element: int, counts: "Counter[int]", places: dict[int, int]) -> bool:
    return counts[element] == 1 and element in places


def _longest_rise(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs that rises on the right too (they rise on the left)."""
    tops: list[int] = []
    top_pairs: list[int] = []
    before: list[int] = []
    for number, (_, y) in enumerate(pairs):
        place = bisect_left(tops, y)
        before.append(top_pairs[place - 1] if place else -1)
        tops[place : place + 1] = [y]
        top_pairs[place : place + 1] = [number]
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
        over_left, over_right = _meet(left, right, a, b)
        a, b = a + over_left, b + over_right


def _meet(left: Sequence[int], right: Sequence[int], a: int, b: int) -> tuple[int, int]:
    """How many elements to pass over on each side until both go on alike."""
    for ahead in range(1, _AHEAD):
        for over in range(ahead + 1):
            x, y = a + over, b + ahead - over
            alike = left[x : x + _ALIKE]
            if alike and alike == right[y : y + _ALIKE]:
                return over, ahead - over
    return _AHEAD // 2, _AHEAD // 2


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
