"""Excerpts of a log: the selection, the filtered lines, or one line."""

from collections.abc import Callable, Container
from dataclasses import dataclass

from nodion_tui.model.text.format import count
from nodion_tui.ui.log.viewport.selection import Selection
from nodion_tui.ui.log.viewport.viewport import LogViewport


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Some entries of a log."""

    name: str
    """Completes "only …": `the selection, 12 lines`."""
    indexes: Callable[[], Container[int]]
    """Returns the indexes as of the excerpt's creation; in a thread, as there may be many."""


def selected_excerpt(viewport: LogViewport, selection: Selection) -> Excerpt:
    """The lines of a selection."""
    first, last = selection.start.index, selection.stop.index
    span = range(first, last + (not selection.whole_lines))
    lines = viewport.entries.position_of(span.stop) - viewport.entries.position_of(span.start)
    return Excerpt(f"the selection, {count(lines, 'line')}", _within(viewport, span))


def filtered_excerpt(viewport: LogViewport) -> Excerpt | None:
    """The lines that the filter shows; None without a filter."""
    if not viewport.entries.is_filtered:
        return None
    all_entries = range(viewport.buffer.end)
    return Excerpt(
        f"the visible lines, {count(len(viewport.entries), 'line')}", _within(viewport, all_entries)
    )


def line_excerpt(viewport: LogViewport) -> Excerpt:
    """The cursor's line."""
    index = viewport.cursor
    return Excerpt("this line", lambda: range(index, index + 1))


def _within(viewport: LogViewport, span: range) -> Callable[[], Container[int]]:
    """The visible entries of a range."""
    filtered = viewport.entries.filtered_indexes()
    if filtered is None:
        return lambda: span
    return lambda: frozenset(index for index in filtered if index in span)
