"""What stands beside the plot: how many runs of each status, and what is usual."""

from collections import Counter
from collections.abc import Iterable, Iterator

from nodion_tui.model.run import RunStatus
from nodion_tui.model.sanitize import visible
from nodion_tui.monitor.insight.statistics import Summary
from nodion_tui.ui.paint import format as cells
from nodion_tui.ui.paint.styled_row import Piece, Row, fill
from nodion_tui.ui.paint.theme import Glyphs, status_look
from nodion_tui.ui.timeline.plot_points import Point

LEAST = 18
"""Columns that it needs."""
_FIGURE = 7


def legend(
    points: Iterable[Point], summary: Summary | None, glyphs: Glyphs, width: int
) -> Iterator[Row]:
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
            sign = Piece(f"{glyphs.status(status)} ", status_look(status))
            yield (sign, *_line(visible(status), f"{count[status]:,}", width - 2))
    if summary is not None and summary.p50 is not None:
        yield ()
        yield _line("p50", cells.duration(summary.p50), width)
        yield _line("p95", cells.duration(summary.p95), width)


def _line(word: str, figure: str, width: int) -> Row:
    room = width - _FIGURE
    return (Piece(fill(word, room), "dim"), Piece(fill(figure, _FIGURE, right=True)))
