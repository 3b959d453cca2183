"""Draws a plot of durations over time with plotext, as rows of the screen.

plotext identifies colors by numbers; each number is mapped to a style of the theme.
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

_STYLES = ("bar-blurred", "bar", "pending", "running", "succeeded", "failed", "canceled", "unknown")
"""Styles for plotext's colors from 1 on; failed is drawn over succeeded."""
_FRAME_ROWS = 2
"""Rows of the time axis."""
_MEDIAN, _NOW = "╌", "│"
_ASCII = str.maketrans(dict.fromkeys("│┤├┼└┬┴", "|") | {"─": "-", _MEDIAN: "-"})


def plot_rows(
    points: Sequence[PlotPoint],
    axis: TimeAxis,
    ticks: Sequence[AxisTick],
    *,
    left: int,
    height: int,
    median: float | None = None,
    now: int | None = None,
    glyphs: Glyphs,
) -> tuple[StyledRow, ...]:
    """A plot whose time cells are aligned with those of the chart above.

    Args:
        points: one per run, newest first; at least one.
        axis: the time axis.
        ticks: labelled times of the axis.
        left: columns before the first cell.
        height: total rows, at least 3.
        median: duration of a horizontal line, in seconds.
        now: the cell of the current time.
        glyphs: the glyph set of the screen.
    """
    rows = max(1, height - _FRAME_ROWS)
    scale = duration_scale(max(point.seconds for point in points), rows)
    top, rows = scale.top, scale.rows
    plot: Any = Plot()  # plotext has no types
    plot.theme("clear")
    width, used_rows = left + axis.cells, rows + _FRAME_ROWS
    plot.plotsize(width, used_rows)
    plot._set_size(width, used_rows)  # noqa: SLF001 - as textual-plotext's own widget has to
    plot.xlim(0, max(1, axis.cells - 1))
    plot.ylim(0, top)
    plot.xaxes(True, False)  # noqa: FBT003 - plotext's
    plot.yaxes(True, False)  # noqa: FBT003 - plotext's
    plot.xticks([tick.cell for tick in ticks], [tick.label for tick in ticks])
    plot.yticks(
        scale.tick_seconds, [tick_label(mark).rjust(left - 1) for mark in scale.tick_seconds]
    )
    # Lines are drawn as points, because plotext's lines leave marks beside the axes.
    if median is not None:
        cells = range(axis.cells)
        plot.scatter(cells, [median] * axis.cells, marker=_MEDIAN, color=_color("bar-blurred"))
    if now is not None:
        heights = [top * row / (rows * 2) for row in range(rows * 2 + 1)]
        plot.scatter([now] * len(heights), heights, marker=_NOW, color=_color("bar"))
    for status, group in groupby(sorted(decimate(points, top, rows), key=_draw_order), key=_status):
        status_points = list(group)
        plot.scatter(
            [point.cell for point in status_points],
            [point.seconds for point in status_points],
            marker=glyphs.status(status),
            color=_color(status_style(status)),
        )
    padding: list[StyledRow] = [()] * (height - used_rows)
    return (*padding, *_rows(plot.build(), glyphs))


def _status(point: PlotPoint) -> str:
    return point.status


def _draw_order(point: PlotPoint) -> tuple[int, str]:
    return _color(status_style(point.status)), point.status


def _color(style_name: str) -> int:
    return _STYLES.index(style_name) + 1


def _rows(ansi_text: str, glyphs: Glyphs) -> list[StyledRow]:
    """Converts the escape sequences of plotext to styled text."""
    rows: list[StyledRow] = []
    for line in Text.from_ansi(ansi_text).split("\n"):
        pieces: list[StyledText] = []
        styles = [""] * len(line.plain)
        for start, end, style in line.spans:
            color = getattr(getattr(style, "color", None), "number", None)
            if color is not None:
                styles[start:end] = [_STYLES[color - 1]] * (end - start)
        for style_name, run in groupby(
            zip(line.plain, styles, strict=True), key=lambda cell: cell[1]
        ):
            text = "".join(character for character, _ in run)
            pieces.append(
                StyledText(text.translate(_ASCII) if glyphs.ascii else text, style_name or "dim")
            )
        rows.append(tuple(pieces))
    return rows
