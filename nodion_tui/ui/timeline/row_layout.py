"""Where things stand in a row of the timeline: name, bars, and as many figures as fit."""

from dataclasses import dataclass

from nodion_tui.monitor.insight.statistics import Summary
from nodion_tui.ui.paint import format as cells

_NAME_LEAST, _NAME_MOST = 10, 26
_BARS_LEAST = 30
_MARKS = 3
"""Columns before the name: cursor, status, space."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A column of figures."""

    title: str
    width: int
    """With the space before it."""


RUNS, OK, P50, P95, COST = FIGURES = (
    Figure("RUNS", 7),
    Figure("OK", 6),
    Figure("P50", 8),
    Figure("P95", 8),
    Figure("COST", 9),
)
"""Left to right; where it is narrow, the last ones go."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Widths of a row's parts."""

    name: int
    bars: int
    figures: tuple[Figure, ...]

    @property
    def left(self) -> int:
        """Columns before the first cell of the bars."""
        return _MARKS + self.name + 1


def columns(width: int) -> Columns:
    """The parts of a row.

    Args:
        width: columns of the screen.
    """
    name = max(_NAME_LEAST, min(_NAME_MOST, width // 5))
    room = width - _MARKS - name - 1
    shown = len(FIGURES)
    while shown and room - _columns(shown) < max(_BARS_LEAST, width * 9 // 20):
        shown -= 1
    return Columns(name, max(1, room - _columns(shown)), FIGURES[:shown])


def words(figure: Figure, summary: Summary) -> str:
    """What stands in a column of figures; empty where there is nothing to tell."""
    if not summary.runs:
        return ""
    match figure.title:
        case RUNS.title:
            return f"{summary.runs:,}" if summary.runs < 100_000 else f"{summary.runs // 1000}k"
        case OK.title:
            return _percent(summary.success_rate)
        case P50.title:
            return cells.duration(summary.p50)
        case P95.title:
            return cells.duration(summary.p95)
        case _:
            return cells.price(summary.cost)


def _percent(share: float | None) -> str:
    """Whole percents; 100 % only where nothing failed, 0 % only where nothing succeeded."""
    if share is None:
        return ""
    rounded = round(share * 100)
    if 0 < share < 1:
        rounded = min(max(rounded, 1), 99)
    return f"{rounded}%"


def _columns(shown: int) -> int:
    return sum(figure.width for figure in FIGURES[:shown])
