"""Which stretches of a log have been looked at."""

from bisect import bisect_left, bisect_right


class Covered:
    """A set of indexes, kept as ranges: few where work goes on in order."""

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

    def gap(self, start: int, stop: int) -> int:
        """The first index from `start` on that is not in it; `stop` if all are."""
        place = bisect_right(self._starts, start) - 1
        if place >= 0 and self._stops[place] > start:
            return min(self._stops[place], stop)
        return start

    def forget(self, stop: int) -> None:
        """Take out everything before `stop`."""
        gone = bisect_right(self._stops, stop)
        del self._starts[:gone], self._stops[:gone]
        if self._starts:
            self._starts[0] = max(self._starts[0], stop)

    def __len__(self) -> int:
        return sum(self._stops) - sum(self._starts)
