"""Which entries are shown, row by row, when not all of them are: matches, context, folds.

A view asks for the entry of a row (`index`) and for the row of an entry (`row`), whatever makes
the rows: a search with lines of context around each match, a fold, or nothing at all.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Protocol


class VisibleRows(Protocol):
    """What is shown, in order."""

    def __len__(self) -> int:
        """How many rows there are."""
        ...

    def index(self, row: int) -> int:
        """The entry in a row.

        Raises:
            IndexError: there is no such row.
        """
        ...

    def row(self, index: int) -> int:
        """The row that shows an entry; if it is not shown, the next row that is (or the last).

        0 if there are no rows.
        """
        ...

    def indexes(self) -> Iterable[int]:
        """The entries shown now, ascending; what comes later is not among them."""
        ...


class AllRows:
    """Every entry from `first` to `end`."""

    __slots__ = ("end", "first")

    def __init__(self, first: int, end: int) -> None:
        self.first = first
        self.end = end

    def __len__(self) -> int:
        return self.end - self.first

    def index(self, row: int) -> int:
        """The entry in a row."""
        if not 0 <= row < len(self):
            raise IndexError(row)
        return self.first + row

    def row(self, index: int) -> int:
        """The row of an entry, or the nearest."""
        return max(0, min(index, self.end - 1) - self.first)

    def indexes(self) -> Iterable[int]:
        """The entries shown."""
        return range(self.first, self.end)


class RangeRows:
    """Entries in ascending ranges that do not overlap; grows at its end."""

    __slots__ = ("_rows", "_starts", "_stops")

    def __init__(self, ranges: Iterable[tuple[int, int]] = ()) -> None:
        self._starts = array("q")
        self._stops = array("q")
        self._rows = array("q")
        for start, stop in ranges:
            self.add(start, stop)

    def __len__(self) -> int:
        return self._rows[-1] + self._stops[-1] - self._starts[-1] if self._rows else 0

    def add(self, start: int, stop: int) -> None:
        """Show `start` to `stop` too; what is shown already is left out."""
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
        place = bisect_right(self._rows, row) - 1
        return self._starts[place] + row - self._rows[place]

    def row(self, index: int) -> int:
        """The row of an entry, or the next that is shown, or the last."""
        if not self._rows:
            return 0
        place = bisect_right(self._starts, index) - 1
        if place < 0:
            return 0
        within = min(index, self._stops[place]) - self._starts[place]
        return min(self._rows[place] + within, len(self) - 1)

    def indexes(self) -> Iterable[int]:
        """The entries shown now."""
        return chain.from_iterable(map(range, self._starts[:], self._stops[:]))

    def _append(self, start: int, stop: int) -> None:
        self._rows.append(len(self))
        self._starts.append(start)
        self._stops.append(stop)


class HitRows:
    """Matches alone; shows what its sequence of hits grows by."""

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
        """The row of an entry, or the next that is shown, or the last."""
        return max(0, min(bisect_left(self._hits, index), len(self._hits) - 1))

    def indexes(self) -> Iterable[int]:
        """The matches now."""
        return self._hits[:]


class ContextRows(RangeRows):
    """Matches with lines of context around each.

    Args:
        context: how many lines before and after each match.
        first: the first entry that can be shown.
    """

    __slots__ = ("_context", "_first", "_taken")

    def __init__(self, context: int, first: int = 0) -> None:
        super().__init__()
        self._context = context
        self._first = first
        self._taken = 0

    def extend(self, hits: Sequence[int], end: int) -> None:
        """Take in the hits that are new at the end of `hits`.

        Args:
            hits: all hits so far, ascending; those taken in before must still be its beginning.
            end: index after the last entry that can be shown.
        """
        if not hits:
            return
        # The last hit again: since then entries may have come that belong to its context.
        redo = max(0, self._taken - 1)
        before, after = self._context, self._context + 1
        start = max(self._first, hits[redo] - before)
        stop = hits[redo] + after
        for hit in hits[redo + 1 :]:
            if hit - before > stop:
                self.add(start, stop)
                start = hit - before
            stop = hit + after
        self.add(start, min(end, stop))
        self._taken = len(hits)


def rows_without(first: int, end: int, hidden: Iterable[tuple[int, int]]) -> RangeRows:
    """All entries except hidden ranges (ascending, not overlapping)."""
    rows = RangeRows()
    start = first
    for hide, show in hidden:
        rows.add(start, min(hide, end))
        start = max(start, show)
    rows.add(start, end)
    return rows
