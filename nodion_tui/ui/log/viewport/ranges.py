"""Index ranges that are left out of a sequence, and the places of what is left."""

from bisect import bisect_right
from collections.abc import Iterable


class Ranges:
    """Disjoint ranges of hidden indexes, ascending."""

    __slots__ = ("_hidden_before", "_ranks", "_starts", "_stops")

    def __init__(self, spans: Iterable[range] = ()) -> None:
        self._starts: list[int] = []
        self._stops: list[int] = []
        for span in sorted(spans, key=lambda span: span.start):
            if self._stops and span.start <= self._stops[-1]:
                self._stops[-1] = max(self._stops[-1], span.stop)
            elif span:
                self._starts.append(span.start)
                self._stops.append(span.stop)
        self._hidden_before = [0]
        for start, stop in zip(self._starts, self._stops, strict=True):
            self._hidden_before.append(self._hidden_before[-1] + stop - start)
        self._ranks = [
            start - hidden for start, hidden in zip(self._starts, self._hidden_before, strict=False)
        ]

    def __bool__(self) -> bool:
        return bool(self._starts)

    def rank(self, index: int) -> int:
        """How many indexes below this one are left."""
        number = bisect_right(self._starts, index)
        if number and index < self._stops[number - 1]:
            return self._ranks[number - 1]
        return index - self._hidden_before[number]

    def at(self, rank: int) -> int:
        """The index that has so many left below it."""
        return rank + self._hidden_before[bisect_right(self._ranks, rank)]
