"""Folded tracebacks, and the entries that they and dropped ranges hide."""

from nodion_tui.monitor.log.buffer import EntryKind, LogBuffer
from nodion_tui.monitor.log.folds.stack_traces import Fold, find_folds
from nodion_tui.ui.log.render.layout_cache import LayoutCache
from nodion_tui.ui.log.viewport.visible_entries import VisibleEntries

_TRACEBACK_REACH = 400
"""Entries before and after a line that are searched for its traceback."""
_TRACEBACK_BYTES = 1000
"""Bytes of a line that are searched for a traceback."""


class Folds:
    """Hides folded lines, and all but the marker of each dropped range.

    Args:
        buffer: the log.
        entries: its visible entries.
        layouts: the layouts of its entries; that of a folded traceback says so.
    """

    def __init__(self, buffer: LogBuffer, entries: VisibleEntries, layouts: LayoutCache) -> None:
        self._buffer = buffer
        self._entries = entries
        self._layouts = layouts
        self._folded: dict[int, range] = {}
        """Index of a traceback's first line → indexes of its folded lines."""
        self._dropped: list[range] = []

    def fold(self, index: int) -> int | None:
        """Fold the traceback that a line belongs to; its first line, None without a traceback."""
        fold = _fold_at(self._buffer, index)
        if fold is None:
            return None
        self._folded[fold.head] = fold.hidden
        self._apply(fold.head)
        return fold.head

    def unfold(self, index: int) -> bool:
        """Unfold the traceback that an entry heads or is hidden in; False if there is none."""
        for head, hidden in self._folded.items():
            if head == index or index in hidden:
                del self._folded[head]
                self._apply(head)
                return True
        return False

    def hide_dropped(self) -> None:
        """Adjust to the ranges that the buffer has dropped or restored."""
        dropped = self._buffer.dropped_ranges()
        if dropped != self._dropped:
            self._dropped = dropped
            self._hide()

    def _apply(self, head: int) -> None:
        self._layouts.folded = {head: len(hidden) for head, hidden in self._folded.items()}
        self._layouts.invalidate(head)
        self._hide()

    def _hide(self) -> None:
        behind_markers = (range(span.start + 1, span.stop) for span in self._dropped)
        self._entries.hide([*self._folded.values(), *behind_markers])


def _fold_at(buffer: LogBuffer, index: int) -> Fold | None:
    """The traceback that an entry belongs to; its last line, the exception, belongs to it."""
    first = max(buffer.first, index - _TRACEBACK_REACH)
    stop = min(buffer.end, index + _TRACEBACK_REACH)
    texts = [_text(buffer, line) for line in range(first, stop)]
    for fold in find_folds(texts, first):
        if fold.head <= index <= fold.stop:
            return fold
    return None


def _text(buffer: LogBuffer, index: int) -> str:
    entry = buffer.entry(index, _TRACEBACK_BYTES)
    return entry.body if entry.kind is EntryKind.LINE else ""
