"""Marks of the duration plot: what each cell of the screen shows of the runs in it.

Each run is shown by the sign of its status, and the worst of a cell wins. Where runs crowd, those
that succeeded are braille dots, eight to a cell; the signs of all others tell them apart without
color. Few runs are signs, because a lone dot is hard to see.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from nodion_tui.model.run import RunStatus
from nodion_tui.model.text.signs import status_sign
from nodion_tui.ui.paint.styled_row import StyledText
from nodion_tui.ui.paint.theme import status_style
from nodion_tui.ui.timeline.plot_points import HALVES, LEVELS, DurationScale, PlotPoint

DOTS = "⠶"
"""What a legend shows for runs that are dots."""
_BRAILLE = 0x2800
_DOTS = ((0x40, 0x04, 0x02, 0x01), (0x80, 0x20, 0x10, 0x08))
"""Bits of the dots of a braille sign by column, lowest first."""
_SEVERITIES: Mapping[str, int] = MappingProxyType(
    {
        RunStatus.SUCCEEDED: 0,
        RunStatus.PENDING: 1,
        RunStatus.RUNNING: 2,
        RunStatus.CANCELED: 3,
        RunStatus.FAILED: 5,
    }
)
_UNKNOWN_SEVERITY = 4


class PlotCell(NamedTuple):
    """Where a mark stands."""

    row: int
    """From 0 at the duration 0 upwards."""
    cell: int
    """Of the time axis."""


def plot_marks(
    points: Iterable[PlotPoint], scale: DurationScale, *, dotted: bool
) -> dict[PlotCell, StyledText]:
    """The marks by cell; the order of the points does not matter.

    Args:
        points: one per run.
        scale: the duration axis, long enough for every point.
        dotted: whether succeeded runs are braille dots.
    """
    worst: dict[PlotCell, str] = {}
    dots: dict[PlotCell, int] = {}
    for point in points:
        row, height = divmod(scale.level(point.seconds), LEVELS)
        cell, half = divmod(point.half_cell, HALVES)
        place = PlotCell(row, cell)
        dots[place] = dots.get(place, _BRAILLE) | _DOTS[half][height]
        if _severity(point.status) >= _severity(worst.get(place, RunStatus.SUCCEEDED)):
            worst[place] = point.status
    return {
        place: StyledText(
            chr(dots[place]) if dotted and status == RunStatus.SUCCEEDED else status_sign(status),
            status_style(status),
        )
        for place, status in worst.items()
    }


def median_mark(median: float, scale: DurationScale, *, dotted: bool) -> tuple[int, StyledText]:
    """Row and cell of a line at a duration; as exact as the points are.

    Args:
        median: seconds, at most the top of the duration axis.
        scale: the duration axis.
        dotted: whether succeeded runs are braille dots.
    """
    row, height = divmod(scale.level(median), LEVELS)
    dots = chr(_BRAILLE | _DOTS[0][height] | _DOTS[1][height])
    return row, StyledText(dots if dotted else "╌", "bar-blurred")


def _severity(status: str) -> int:
    return _SEVERITIES.get(status, _UNKNOWN_SEVERITY)
