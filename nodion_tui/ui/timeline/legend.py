"""What stands beside the plot: how many runs of each status, and what is usual."""

from collections import Counter
from collections.abc import Iterable, Iterator

from nodion_tui.model.run import RunStatus
from nodion_tui.model.sanitize import sanitize
from nodion_tui.monitor.insight.statistics import RunStatistics
from nodion_tui.ui.paint import format as cells
from nodion_tui.ui.paint.styled_row import StyledRow, StyledText, pad
from nodion_tui.ui.paint.theme import Glyphs, status_style
from nodion_tui.ui.timeline.plot_points import PlotPoint

MIN_WIDTH = 18
"""Columns that it needs."""
_FIGURE = 7


def legend(
    points: Iterable[PlotPoint], summary: RunStatistics | None, glyphs: Glyphs, width: int
) -> Iterator[StyledRow]:
    """The rows of a legend, the most important first.

    Args:
        points: what the plot shows.
        summary: of those runs.
        glyphs: the signs of the screen.
        width: at least `LEAST`.
    """
    count = Counter(point.status for point in points)
    width = min(width, 26)
    for status in (*RunStatus, *sorted(count.keys() - set(RunStatus))):
        if count[status]:
            sign = StyledText(f"{glyphs.status(status)} ", status_style(status))
            yield (sign, *_line(sanitize(status), f"{count[status]:,}", width - 2))
    if summary is not None and summary.p50 is not None:
        yield ()
        yield _line("p50", cells.duration(summary.p50), width)
        yield _line("p95", cells.duration(summary.p95), width)


def _line(word: str, figure: str, width: int) -> StyledRow:
    room = width - _FIGURE
    return (StyledText(pad(word, room), "dim"), StyledText(pad(figure, _FIGURE, right=True)))
