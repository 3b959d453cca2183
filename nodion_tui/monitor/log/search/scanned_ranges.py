"""Which entries of a log have been searched."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable


class ScannedRanges:
    """A set of indexes, stored as ranges: few if work proceeds in order."""

    __slots__ = ("_starts", "_stops")

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._stops: list[int] = []

    def add(self, start: int, stop: int) -> None:
        """Add `start` to `stop`."""
        if start >= stop:
            return
        low = bisect_left(self._stops, start)
        high = bisect_right(self._starts, stop)
        if low < high:
            start = min(start, self._starts[low])
            stop = max(stop, self._stops[high - 1])
        self._starts[low:high] = [start]
        self._stops[low:high] = [stop]

    def first_unscanned(self, start: int, stop: int) -> int:
        """The first index from `start` on that is not in the set; `stop` if all are."""
        number = bisect_right(self._starts, start) - 1
        if number >= 0 and self._stops[number] > start:
            return min(self._stops[number], stop)
        return start

    def discard_before(self, stop: int) -> None:
        """Remove everything before `stop`."""
        discarded = bisect_right(self._stops, stop)
        del self._starts[:discarded], self._stops[:discarded]
        if self._starts:
            self._starts[0] = max(self._starts[0], stop)

    def discard_from(self, start: int) -> None:
        """Remove everything from `start` on."""
        kept = bisect_left(self._starts, start)
        del self._starts[kept:], self._stops[kept:]
        if self._stops:
            self._stops[-1] = min(self._stops[-1], start)

    def renumber(self, renumbering: Callable[[int], int]) -> None:
        """Give the indexes in the set other ones, in the same order."""
        ranges = list(zip(self._starts, self._stops, strict=True))
        self._starts, self._stops = [], []
        for start, stop in ranges:
            self.add(renumbering(start), renumbering(stop))

    def __len__(self) -> int:
        return sum(self._stops) - sum(self._starts)
