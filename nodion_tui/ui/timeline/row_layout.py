"""Where things stand in a row of the timeline: name, bars, and as many figures as fit."""

from dataclasses import dataclass

from nodion_tui.monitor.insight.statistics import RunStatistics
from nodion_tui.ui.paint import format as cells

_NAME_LEAST, _NAME_MOST = 10, 26
_BARS_LEAST = 30
_MARKS = 3
"""Columns before the name: cursor, status, space."""


@dataclass(frozen=True, slots=True)
class StatColumn:
    """A column of figures."""

    title: str
    width: int
    """With the space before it."""


RUNS, OK, P50, P95, COST = STAT_COLUMNS = (
    StatColumn("RUNS", 7),
    StatColumn("OK", 6),
    StatColumn("P50", 8),
    StatColumn("P95", 8),
    StatColumn("COST", 9),
)
"""Left to right; where it is narrow, the last ones go."""


@dataclass(frozen=True, slots=True)
class TimelineColumns:
    """Widths of a row's parts."""

    name_width: int
    bars_width: int
    stats: tuple[StatColumn, ...]

    @property
    def bars_start(self) -> int:
        """Columns before the first cell of the bars."""
        return _MARKS + self.name_width + 1


def timeline_columns(width: int) -> TimelineColumns:
    """The parts of a row.

    Args:
        width: columns of the screen.
    """
    name = max(_NAME_LEAST, min(_NAME_MOST, width // 5))
    room = width - _MARKS - name - 1
    shown = len(STAT_COLUMNS)
    while shown and room - _columns(shown) < max(_BARS_LEAST, width * 9 // 20):
        shown -= 1
    return TimelineColumns(name, max(1, room - _columns(shown)), STAT_COLUMNS[:shown])


def stat_text(figure: StatColumn, summary: RunStatistics) -> str:
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
    return sum(figure.width for figure in STAT_COLUMNS[:shown])
