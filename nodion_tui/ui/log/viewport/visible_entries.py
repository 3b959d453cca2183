"""Which entries of a log are shown, in order: all but what is folded, or what a filter picked."""

from collections.abc import Iterable

from nodion_tui.monitor.log.buffer import LogBuffer
from nodion_tui.monitor.log.search.matching_rows import RangeRows, Rows
from nodion_tui.ui.log.viewport.ranges import Ranges


class Shown:
    """Positions 0 … n - 1 of what is shown, and the index in the buffer at each."""

    def __init__(self, buffer: LogBuffer) -> None:
        self._buffer = buffer
        self._picked: Rows | None = None
        self._folded = Ranges()

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

    def pick(self, rows: Rows | None) -> None:
        """Show only these entries; None: all again. Folds do not count meanwhile."""
        self._picked = rows

    def fold(self, spans: Iterable[range]) -> None:
        """Leave these ranges out; replaces those left out before."""
        self._folded = Ranges(spans)

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
