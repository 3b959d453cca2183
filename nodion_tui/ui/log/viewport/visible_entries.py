"""Which entries of a log are shown, in order: all but what is folded, or what a filter picked."""

from bisect import bisect_right
from collections.abc import Iterable

from nodion_tui.monitor.log.buffer import EntryKind, LogBuffer
from nodion_tui.monitor.log.search.visible_rows import RangeRows, VisibleRows
from nodion_tui.monitor.log.tracebacks import Fold, find_folds

_REACH = 400
"""Entries before and after a line among which its traceback is looked for."""
_HEAD = 1000
"""Bytes of a line that are searched for a traceback."""


class HiddenRanges:
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


class VisibleEntries:
    """Positions 0 … n - 1 of what is shown, and the index in the buffer at each."""

    def __init__(self, buffer: LogBuffer) -> None:
        self._buffer = buffer
        self._picked: VisibleRows | None = None
        self._folded = HiddenRanges()

    @property
    def is_filtered(self) -> bool:
        """Whether only picked entries are shown."""
        return self._picked is not None

    def picked(self) -> Iterable[int] | None:
        """The indexes that were picked, to be gone through later, elsewhere; None where all are."""
        return self._picked.indexes() if self._picked is not None else None

    def follows_a_gap(self, index: int) -> bool:
        """Whether lines are left out between one with context around it and what is before."""
        if not isinstance(self._picked, RangeRows):
            return False
        position = self.position(index)
        return position > 0 and self.at(position - 1) < index - 1

    def pick(self, rows: VisibleRows | None) -> None:
        """Show only these entries; None: all again. Folds do not count meanwhile."""
        self._picked = rows

    def fold(self, spans: Iterable[range]) -> None:
        """Leave these ranges out; replaces those left out before."""
        self._folded = HiddenRanges(spans)

    def __len__(self) -> int:
        if self._picked is not None:
            return len(self._picked) - self._gone
        return self._folded.rank(self._buffer.end) - self._folded.rank(self._buffer.first)

    def at(self, position: int) -> int:
        """The index at a position."""
        if self._picked is not None:
            return self._picked.index(position + self._gone)
        return self._folded.at(position + self._folded.rank(self._buffer.first))

    def position(self, index: int) -> int:
        """The position of an index, or of the next one shown where it is not; may be `len`."""
        index = max(index, self._buffer.first)
        if self._picked is not None:
            row = self._picked.row(index)
            beyond = len(self._picked) and self._picked.index(row) < index
            return row + bool(beyond) - self._gone
        rank = self._folded.rank(min(index, self._buffer.end))
        return rank - self._folded.rank(self._buffer.first)

    @property
    def _gone(self) -> int:
        """How many of the picked are not held any more."""
        if not self._picked or self._picked.index(0) >= self._buffer.first:
            return 0
        row = self._picked.row(self._buffer.first)
        return row + (self._picked.index(row) < self._buffer.first)


def fold_at(buffer: LogBuffer, index: int) -> Fold | None:
    """The traceback that an entry belongs to, and be it as its last line, which says why."""
    first, stop = max(buffer.first, index - _REACH), min(buffer.end, index + _REACH)
    texts = [_text(buffer, each) for each in range(first, stop)]
    for fold in find_folds(texts, first):
        if fold.head <= index <= fold.stop:
            return fold
    return None


def _text(buffer: LogBuffer, index: int) -> str:
    entry = buffer.entry(index, _HEAD)
    return entry.body if entry.kind is EntryKind.LINE else ""
