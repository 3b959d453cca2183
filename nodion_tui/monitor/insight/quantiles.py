"""Quantiles of durations."""

from collections.abc import Sequence
from datetime import timedelta


def quantile(ordered: Sequence[timedelta], share: float) -> timedelta | None:
    """The value that `share` of the others stay under, interpolated between neighbours.

    Args:
        ordered: ascending.
        share: from 0 (the smallest) to 1 (the largest); 0.5 is the median.

    Returns:
        None where there is nothing.
    """
    if not ordered:
        return None
    position = share * (len(ordered) - 1)
    below = int(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)
