"""A plot of durations over time as rows of the screen, drawn by plotext.

plotext marks colours by numbers; here each number stands for a look of the theme.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from rich.text import Text
from textual_plotext.plot import Plot

from nodion_tui.monitor.timeline.time_axis import AxisTick, TimeAxis
from nodion_tui.ui.paint.styled_row import StyledRow, StyledText
from nodion_tui.ui.paint.theme import Glyphs, status_style
from nodion_tui.ui.timeline.plot_points import PlotPoint, decimate, duration_scale, tick_label

_LOOKS = ("bar-blurred", "bar", "pending", "running", "succeeded", "failed", "canceled", "unknown")
"""What plotext's colour 1 and so on stand for; failed is drawn over succeeded."""
_FRAME_ROWS = 2
"""Rows that the time axis takes."""
_MEDIAN, _NOW = "╌", "│"
_ASCII = str.maketrans(dict.fromkeys("│┤├┼└┬┴", "|") | {"─": "-", _MEDIAN: "-"})


def plot_rows(
    found: Sequence[PlotPoint],
    axis: TimeAxis,
    ticks: Sequence[AxisTick],
    *,
    left: int,
    height: int,
    median: float | None = None,
    now: int | None = None,
    glyphs: Glyphs,
) -> tuple[StyledRow, ...]:
    """A plot whose cells of time stand under those of the chart above.

    Args:
        found: one a run, newest first; at least one.
        axis: the time.
        ticks: round times of it.
        left: columns before the first cell.
        height: rows in all, at least 3.
        median: a line at this duration, in seconds.
        now: the cell of the present moment.
        glyphs: the signs of the screen.
    """
    rows = max(1, height - _FRAME_ROWS)
    chosen = duration_scale(max(point.seconds for point in found), rows)
    top, rows = chosen.top, chosen.rows
    plot: Any = Plot()  # plotext has no types
    plot.theme("clear")
    width, taken = left + axis.cells, rows + _FRAME_ROWS
    plot.plotsize(width, taken)
    plot._set_size(width, taken)  # noqa: SLF001 - as textual-plotext's own widget has to
    plot.xlim(0, max(1, axis.cells - 1))
    plot.ylim(0, top)
    plot.xaxes(True, False)  # noqa: FBT003 - plotext's
    plot.yaxes(True, False)  # noqa: FBT003 - plotext's
    plot.xticks([tick.cell for tick in ticks], [tick.label for tick in ticks])
    plot.yticks(
        chosen.tick_seconds, [tick_label(mark).rjust(left - 1) for mark in chosen.tick_seconds]
    )
    # Lines are drawn as points: plotext's own ones leave marks beside the axes.
    if median is not None:
        across = range(axis.cells)
        plot.scatter(across, [median] * axis.cells, marker=_MEDIAN, color=_number("bar-blurred"))
    if now is not None:
        upwards = [top * row / (rows * 2) for row in range(rows * 2 + 1)]
        plot.scatter([now] * len(upwards), upwards, marker=_NOW, color=_number("bar"))
    for status, some in groupby(sorted(decimate(found, top, rows), key=_order), key=_status):
        shown = list(some)
        plot.scatter(
            [point.cell for point in shown],
            [point.seconds for point in shown],
            marker=glyphs.status(status),
            color=_number(status_style(status)),
        )
    above: list[StyledRow] = [()] * (height - taken)
    return (*above, *_rows(plot.build(), glyphs))


def _status(point: PlotPoint) -> str:
    return point.status


def _order(point: PlotPoint) -> tuple[int, str]:
    return _number(status_style(point.status)), point.status


def _number(look: str) -> int:
    return _LOOKS.index(look) + 1


def _rows(drawn: str, glyphs: Glyphs) -> list[StyledRow]:
    """The escape sequences of plotext as pieces with looks."""
    rows: list[StyledRow] = []
    for line in Text.from_ansi(drawn).split("\n"):
        pieces: list[StyledText] = []
        looks = [""] * len(line.plain)
        for start, end, style in line.spans:
            number = getattr(getattr(style, "color", None), "number", None)
            if number is not None:
                looks[start:end] = [_LOOKS[number - 1]] * (end - start)
        for look, run in groupby(zip(line.plain, looks, strict=True), key=lambda cell: cell[1]):
            text = "".join(character for character, _ in run)
            pieces.append(
                StyledText(text.translate(_ASCII) if glyphs.ascii else text, look or "dim")
            )
        rows.append(tuple(pieces))
    return rows
