"""A part of a log that is meant: what is selected, what a filter shows, one line."""

from collections.abc import Callable, Container
from dataclasses import dataclass

from nodion_tui.ui.log.viewport.selection import Selection
from nodion_tui.ui.log.viewport.viewport import LogViewport


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Some entries of a log."""

    name: str
    """As in "only …": `the selection, 12 lines`."""
    indexes: Callable[[], Container[int]]
    """Gives the entries' indexes as they were when the part was made; in a thread, for they may be
    many."""


def selected_part(reader: LogViewport, selection: Selection) -> Excerpt:
    """The lines that a selection touches."""
    first, last = selection.start.index, selection.stop.index
    span = range(first, last + (not selection.whole_lines))
    lines = reader.shown.position(span.stop) - reader.shown.position(span.start)
    return Excerpt(f"the selection, {count(lines)}", _within(reader, span))


def shown_part(reader: LogViewport) -> Excerpt | None:
    """What the filter shows; None where there is none."""
    if not reader.shown.is_filtered:
        return None
    every = range(reader.buffer.end)
    return Excerpt(f"what is shown, {count(len(reader.shown))}", _within(reader, every))


def line_part(reader: LogViewport) -> Excerpt:
    """The cursor's line."""
    index = reader.cursor
    return Excerpt("this line", lambda: range(index, index + 1))


def count(lines: int) -> str:
    """`1 line`, `48,213 lines`."""
    return "1 line" if lines == 1 else f"{lines:,} lines"


def _within(reader: LogViewport, span: range) -> Callable[[], Container[int]]:
    """Of these entries those that are shown."""
    picked = reader.shown.picked()
    if picked is None:
        return lambda: span
    return lambda: frozenset(index for index in picked if index in span)
