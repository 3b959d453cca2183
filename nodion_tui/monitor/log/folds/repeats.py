"""Recognizes lines in a row that are equal."""

from collections.abc import Callable

from nodion_tui.monitor.log.folds.fold import Fold, FoldKind

MIN_EQUAL_LINES = 3
"""Fewer equal lines in a row are not folded."""


def find_repeats(body_at: Callable[[int], str], index: int, bounds: range) -> Fold | None:
    """The lines equal to a line around it, within bounds; None if they are too few."""
    body = body_at(index)
    first = index
    while first > bounds.start and body_at(first - 1) == body:
        first -= 1
    stop = stop_of_equal(body_at, index, bounds.stop)
    return Fold(first, stop, FoldKind.REPEATS) if stop - first >= MIN_EQUAL_LINES else None


def stop_of_equal(body_at: Callable[[int], str], index: int, end: int) -> int:
    """Index after the last of the lines that are equal to a line and follow it, at most `end`."""
    body = body_at(index)
    stop = index + 1
    while stop < end and body_at(stop) == body:
        stop += 1
    return stop
