"""Maps rows of the screen to log entries if not all are shown: matches and their context.

A view gets the entry of a row (`index`) and the row of an entry (`row`), independent of the source
of the rows.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import chain


class RangeRows:
    """Entries in ascending ranges that do not overlap; grows at its end. See `VisibleRows`."""

    __slots__ = ("_rows", "_starts", "_stops")

    def __init__(self) -> None:
        self._starts = array("q")
        self._stops = array("q")
        self._rows = array("q")

    def __len__(self) -> int:
        return self._rows[-1] + self._stops[-1] - self._starts[-1] if self._rows else 0

    def add(self, start: int, stop: int) -> None:
        """Show `start` to `stop` too; entries that are visible already are skipped."""
        if not self._stops:
            if start < stop:
                self._append(start, stop)
        elif start <= self._stops[-1]:
            self._stops[-1] = max(self._stops[-1], stop)
        elif start < stop:
            self._append(start, stop)

    def index(self, row: int) -> int:
        """The entry in a row."""
        if not 0 <= row < len(self):
            raise IndexError(row)
        number = bisect_right(self._rows, row) - 1
        return self._starts[number] + row - self._rows[number]

    def row(self, index: int) -> int:
        """The row of an entry, of the next visible one, or the last."""
        if not self._rows:
            return 0
        number = bisect_right(self._starts, index) - 1
        if number < 0:
            return 0
        offset = min(index, self._stops[number]) - self._starts[number]
        return min(self._rows[number] + offset, len(self) - 1)

    def indexes(self) -> Iterable[int]:
        """The entries that are visible now."""
        return chain.from_iterable(map(range, self._starts[:], self._stops[:]))

    def _append(self, start: int, stop: int) -> None:
        self._rows.append(len(self))
        self._starts.append(start)
        self._stops.append(stop)


class HitRows:
    """Matches without context; grows with its sequence of hits. See `VisibleRows`."""

    __slots__ = ("_hits",)

    def __init__(self, hits: Sequence[int]) -> None:
        self._hits = hits

    def __len__(self) -> int:
        return len(self._hits)

    def index(self, row: int) -> int:
        """The entry in a row."""
        if not 0 <= row < len(self._hits):
            raise IndexError(row)
        return self._hits[row]

    def row(self, index: int) -> int:
        """The row of an entry, of the next visible one, or the last."""
        return max(0, min(bisect_left(self._hits, index), len(self._hits) - 1))

    def indexes(self) -> Iterable[int]:
        """The current matches."""
        return self._hits[:]


class ContextRows(RangeRows):
    """Matches with lines of context around each.

    Args:
        context: number of lines before and after each match.
        first: the first entry that can be shown.
    """

    __slots__ = ("_context", "_first", "_hit_count")

    def __init__(self, context: int, first: int = 0) -> None:
        super().__init__()
        self._context = context
        self._first = first
        self._hit_count = 0

    def extend(self, hits: Sequence[int], end: int) -> None:
        """Add the hits that are new at the end of `hits`.

        Args:
            hits: all hits so far, ascending; must begin with those added before.
            end: index after the last entry that can be shown.
        """
        if not hits:
            return
        # The last hit is processed again: its context may have grown since.
        first_new = max(0, self._hit_count - 1)
        before, after = self._context, self._context + 1
        start = max(self._first, hits[first_new] - before)
        stop = hits[first_new] + after
        for hit in hits[first_new + 1 :]:
            if hit - before > stop:
                self.add(start, stop)
                start = hit - before
            stop = hit + after
        self.add(start, min(end, stop))
        self._hit_count = len(hits)


VisibleRows = RangeRows | HitRows
"""The visible entries, in order; an index out of range raises IndexError."""
