"""Column layout of the timeline: name, bars, and as many statistics as fit."""

from collections.abc import Callable
from dataclasses import dataclass

from nodion_tui.model.text import format as cells
from nodion_tui.monitor.insight.statistics import RunStatistics

_NAME_MIN, _NAME_MAX = 10, 26
_BARS_MIN = 30
_MARGIN = 3
"""Columns before the name: cursor, status, space."""


@dataclass(frozen=True, slots=True)
class StatColumn:
    """A column with a statistic."""

    title: str
    width: int
    """Including the space before it."""
    known_text: Callable[[RunStatistics], str]
    """The text for a runner that has runs; empty if the value is unknown."""

    def text(self, summary: RunStatistics) -> str:
        """The text; empty also if the runner has no runs."""
        return self.known_text(summary) if summary.runs else ""


def _count(summary: RunStatistics) -> str:
    return f"{summary.runs:,}" if summary.runs < 100_000 else f"{summary.runs // 1000}k"


def _success(summary: RunStatistics) -> str:
    """Whole percent; 100 % only if nothing failed, 0 % only if nothing succeeded."""
    share = summary.success_rate
    if share is None:
        return ""
    rounded = round(share * 100)
    if 0 < share < 1:
        rounded = min(max(rounded, 1), 99)
    return f"{rounded}%"


RUNS, OK, P50, P95, COST = STAT_COLUMNS = (
    StatColumn("RUNS", 7, _count),
    StatColumn("OK", 6, _success),
    StatColumn("P50", 8, lambda summary: cells.duration(summary.p50)),
    StatColumn("P95", 8, lambda summary: cells.duration(summary.p95)),
    StatColumn("COST", 9, lambda summary: cells.price(summary.cost)),
)
"""Left to right; on a narrow screen the last ones are dropped."""


@dataclass(frozen=True, slots=True)
class TimelineColumns:
    """Widths of the parts of a row."""

    name_width: int
    bars_width: int
    stats: tuple[StatColumn, ...]

    @property
    def bars_start(self) -> int:
        """Columns before the first cell of the bars."""
        return _MARGIN + self.name_width + 1


def timeline_columns(width: int) -> TimelineColumns:
    """The parts of a row.

    Args:
        width: columns of the screen.
    """
    name_width = max(_NAME_MIN, min(_NAME_MAX, width // 5))
    remaining = width - _MARGIN - name_width - 1
    stat_count = len(STAT_COLUMNS)
    while stat_count and remaining - _stats_width(stat_count) < max(_BARS_MIN, width * 11 // 25):
        stat_count -= 1
    return TimelineColumns(
        name_width, max(1, remaining - _stats_width(stat_count)), STAT_COLUMNS[:stat_count]
    )


def _stats_width(stat_count: int) -> int:
    return sum(stat.width for stat in STAT_COLUMNS[:stat_count])
