"""Folded stack traces, sections, repeats, and what they, dropped ranges and options hide."""

from collections.abc import Iterable
from functools import partial

from nodion_tui.monitor.log.buffer import EntryKind
from nodion_tui.monitor.log.folds.fold import Fold, FoldKind
from nodion_tui.monitor.log.folds.repeats import find_repeats, stop_of_equal
from nodion_tui.monitor.log.folds.sections import find_section, heads_section
from nodion_tui.monitor.log.folds.stack_traces import trace_at
from nodion_tui.monitor.log.line.reader import shown_text
from nodion_tui.monitor.log.shown_log import LogEntries
from nodion_tui.ui.log.render.layout_cache import LayoutCache
from nodion_tui.ui.log.viewport.visible_entries import VisibleEntries

_TRACE_REACH = 400
"""Entries before and after a line that are searched for its stack trace."""
_REACH = 20_000
"""Entries before and after a line that are searched for its section or equal lines, in 50 ms."""
_MAX_BYTES = 1000
"""Bytes of a line that are searched for what folds."""


class Folds:
    """Hides folded lines, all but the marker of each dropped range, and what is not public.

    Args:
        buffer: the log.
        entries: its visible entries.
        layouts: the layouts of its entries; that of a fold's head says what it hides.
    """

    def __init__(self, buffer: LogEntries, entries: VisibleEntries, layouts: LayoutCache) -> None:
        self._buffer = buffer
        self._entries = entries
        self._layouts = layouts
        self._folded: dict[int, Fold] = {}
        """Folds by the index of their head."""
        self._dropped: list[range] = []
        self._public_only = False
        self._not_public = 0

    def fold(self, index: int, *, expandable: bool = False) -> int | None:
        """Fold what a line belongs to: the innermost of stack trace, equal lines and section.

        Args:
            index: the line.
            expandable: whether the line can be expanded: then only its stack trace, or the section
                that it heads, is folded.

        Returns:
            The index of the fold's head; None if there is nothing to fold.
        """
        fold = self._find(index, expandable=expandable)
        if fold is None:
            return None
        self._folded[fold.head] = fold
        self._apply(fold.head)
        return fold.head

    def unfold(self, index: int) -> bool:
        """Unfold what an entry heads or is hidden in; False if there is nothing."""
        folds = [
            fold for head, fold in self._folded.items() if head == index or index in fold.hidden
        ]
        for fold in folds:
            del self._folded[fold.head]
            self._apply(fold.head)
        return bool(folds)

    def set_public_only(self, *, public_only: bool) -> None:
        """Hide the lines that are not public, or show them; `refresh` applies it."""
        self._public_only = public_only

    def refresh(self) -> None:
        """Adjust to new lines, and to the ranges that the buffer has dropped or restored."""
        if (repeats := self._grown_repeats()) is not None:
            self._folded[repeats.head] = repeats
            self._apply(repeats.head)
        dropped = self._buffer.dropped_ranges()
        not_public = self._buffer.service_levels.count if self._public_only else 0
        if dropped != self._dropped or not_public != self._not_public:
            self._dropped, self._not_public = dropped, not_public
            self._hide()

    def _find(self, index: int, *, expandable: bool) -> Fold | None:
        if trace := _trace_at(self._buffer, index):
            return trace
        body_at = partial(_body, self._buffer)
        bounds = _around(self._buffer, index, _REACH)
        if not heads_section(body_at(index)):
            if expandable:
                return None
            if repeats := find_repeats(partial(_body, self._buffer, limit=None), index, bounds):
                return repeats
        return find_section(body_at, index, bounds)

    def _grown_repeats(self) -> Fold | None:
        """The last fold, if it is one of equal lines and more of them have come."""
        fold = self._folded[max(self._folded)] if self._folded else None
        if fold is None or fold.kind is not FoldKind.REPEATS or fold.head < self._buffer.first:
            return None
        end = min(self._buffer.end, fold.stop + _REACH)
        stop = stop_of_equal(partial(_body, self._buffer, limit=None), fold.stop - 1, end)
        return Fold(fold.head, stop, fold.kind) if stop > fold.stop else None

    def _apply(self, head: int) -> None:
        self._layouts.folded = self._folded
        self._layouts.invalidate(head)
        self._hide()

    def _hide(self) -> None:
        behind_markers = (range(span.start + 1, span.stop) for span in self._dropped)
        spans = self._buffer.service_levels.spans() if self._public_only else ()
        self._entries.hide([*self._hidden(), *behind_markers, *spans])

    def _hidden(self) -> Iterable[range]:
        return (fold.hidden for fold in self._folded.values())


def _trace_at(buffer: LogEntries, index: int) -> Fold | None:
    span = _around(buffer, index, _TRACE_REACH)
    texts = [shown_text(_body(buffer, line)) for line in span]
    return trace_at(texts, index, span.start)


def _around(buffer: LogEntries, index: int, reach: int) -> range:
    return range(max(buffer.first, index - reach), min(buffer.end, index + reach))


def _body(buffer: LogEntries, index: int, limit: int | None = _MAX_BYTES) -> str:
    """A line as sent, or its beginning; a marker is empty."""
    entry = buffer.entry(index, limit)
    return entry.body if entry.kind is EntryKind.LINE else ""
