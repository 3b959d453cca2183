"""The legend beside the plot: number of runs per status, and typical durations."""

from collections import Counter
from collections.abc import Iterable, Iterator

from nodion_tui.model.run import RunStatus
from nodion_tui.model.text import format as cells
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.model.text.signs import status_sign
from nodion_tui.monitor.insight.statistics import RunStatistics
from nodion_tui.ui.paint.styled_row import StyledRow, StyledText, pad
from nodion_tui.ui.paint.theme import status_style
from nodion_tui.ui.timeline.plot_marks import DOTS
from nodion_tui.ui.timeline.plot_points import PlotPoint

MIN_WIDTH = 18
"""Minimum columns for a legend."""
_VALUE_WIDTH = 7


def legend(
    points: Iterable[PlotPoint], summary: RunStatistics | None, width: int, *, dotted: bool = False
) -> Iterator[StyledRow]:
    """The rows of a legend, the most important first.

    Args:
        points: the points of the plot.
        summary: statistics of their runs.
        width: at least `MIN_WIDTH`.
        dotted: whether succeeded runs are braille dots in the plot.
    """
    counts = Counter(point.status for point in points)
    width = min(width, 26)
    for status in (*RunStatus, *sorted(counts.keys() - set(RunStatus))):
        if counts[status]:
            sign = DOTS if dotted and status == RunStatus.SUCCEEDED else status_sign(status)
            yield (
                StyledText(f"{sign} ", status_style(status)),
                *_line(sanitize(status), f"{counts[status]:,}", width - 2),
            )
    if summary is not None and summary.p50 is not None:
        yield ()
        yield _line("p50", cells.duration(summary.p50), width)
        yield _line("p95", cells.duration(summary.p95), width)


def _line(label: str, value: str, width: int) -> StyledRow:
    label_width = width - _VALUE_WIDTH
    return (
        StyledText(pad(label, label_width), "dim"),
        StyledText(pad(value, _VALUE_WIDTH, right=True)),
    )
