"""Visible entries of a log, in order: all except folded ones, or those that a filter matches."""

from bisect import bisect_right
from collections.abc import Iterable

from nodion_tui.monitor.log.search.visible_rows import RangeRows, VisibleRows
from nodion_tui.monitor.log.shown_log import LogEntries


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

    def rank(self, index: int) -> int:
        """Number of visible indexes below this one."""
        number = bisect_right(self._starts, index)
        if number and index < self._stops[number - 1]:
            return self._ranks[number - 1]
        return index - self._hidden_before[number]

    def index_at(self, rank: int) -> int:
        """The index with this many visible indexes below it."""
        return rank + self._hidden_before[bisect_right(self._ranks, rank)]


class VisibleEntries:
    """Maps positions 0 … n - 1 of visible entries to their indexes in the buffer, and back."""

    def __init__(self, buffer: LogEntries) -> None:
        self._buffer = buffer
        self._matching: VisibleRows | None = None
        self._hidden = HiddenRanges()

    @property
    def is_filtered(self) -> bool:
        """Whether a filter is set."""
        return self._matching is not None

    def filtered_indexes(self) -> Iterable[int] | None:
        """The indexes that the filter matches, iterable in a thread; None without a filter."""
        return self._matching.indexes() if self._matching is not None else None

    def has_gap_before(self, index: int) -> bool:
        """Whether a filter with context omits lines directly before this entry."""
        if not isinstance(self._matching, RangeRows):
            return False
        position = self.position_of(index)
        return position > 0 and self.index_at(position - 1) < index - 1

    def filter(self, rows: VisibleRows | None) -> None:
        """Show only these entries, ignoring folds; None removes the filter."""
        self._matching = rows

    def hide(self, spans: Iterable[range]) -> None:
        """Hide these ranges, replacing the ones hidden before."""
        self._hidden = HiddenRanges(spans)

    def __len__(self) -> int:
        if self._matching is not None:
            return len(self._matching) - self._dropped
        return self._hidden.rank(self._buffer.end) - self._hidden.rank(self._buffer.first)

    def index_at(self, position: int) -> int:
        """The index at a position."""
        if self._matching is not None:
            return self._matching.index(position + self._dropped)
        return self._hidden.index_at(position + self._hidden.rank(self._buffer.first))

    def position_of(self, index: int) -> int:
        """The position of an index, or of the next visible one; may be `len`."""
        index = max(index, self._buffer.first)
        if self._matching is not None:
            row = self._matching.row(index)
            is_past_row = len(self._matching) and self._matching.index(row) < index
            return row + bool(is_past_row) - self._dropped
        rank = self._hidden.rank(min(index, self._buffer.end))
        return rank - self._hidden.rank(self._buffer.first)

    @property
    def _dropped(self) -> int:
        """Number of filtered entries that the buffer has dropped."""
        if not self._matching or self._matching.index(0) >= self._buffer.first:
            return 0
        row = self._matching.row(self._buffer.first)
        return row + (self._matching.index(row) < self._buffer.first)
