"""Draws the plot of durations over time as rows of the screen.

Weighed against libraries: plotext takes a size by a private name only, and it and plotille return
escape sequences that must be parsed back into styles; asciichartpy draws lines only; drawille is
AGPL, and one canvas has one color; uniplot and textual-plot need numpy. None places its columns
under those of a chart above.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from nodion_tui.model.text.format import whole_duration
from nodion_tui.monitor.timeline.time_axis import AxisTick, TimeAxis
from nodion_tui.ui.paint.styled_row import StyledRow, StyledText
from nodion_tui.ui.timeline.plot_marks import median_mark, plot_marks
from nodion_tui.ui.timeline.plot_points import PlotPoint, duration_scale

_FRAME_ROWS = 2
"""Rows of the time axis."""
_BLANK = StyledText(" ")
_NOW = StyledText("│", "bar")


def plot_rows(
    points: Sequence[PlotPoint],
    axis: TimeAxis,
    ticks: Sequence[AxisTick],
    *,
    left: int,
    height: int,
    median: float | None = None,
    now: int | None = None,
    dotted: bool = False,
) -> tuple[StyledRow, ...]:
    """A plot whose time cells are aligned with those of the chart above.

    Args:
        points: one per run; at least one.
        axis: the time axis.
        ticks: labelled times of the axis.
        left: columns before the first cell.
        height: total rows, at least 3.
        median: duration of a horizontal line, in seconds.
        now: the cell of the current time.
        dotted: whether succeeded runs are braille dots.
    """
    longest = max(point.seconds for point in points)
    scale = duration_scale(longest, max(1, height - _FRAME_ROWS))
    marks: dict[int, list[tuple[int, StyledText]]] = defaultdict(list)
    for place, mark in plot_marks(points, scale, dotted=dotted).items():
        marks[place.row].append((place.cell, mark))
    labels = {scale.row(seconds): whole_duration(seconds) for seconds in scale.tick_seconds}
    median_row, line = -1, _BLANK
    if median is not None and median <= scale.top:
        median_row, line = median_mark(median, scale, dotted=dotted)
    rows: list[StyledRow] = [()] * (height - _FRAME_ROWS - scale.rows)
    for row in reversed(range(scale.rows)):
        cells = [line if row == median_row else _BLANK] * axis.cells
        if now is not None:
            cells[now:] = [_NOW, *[_BLANK] * (axis.cells - now - 1)]
        for cell, mark in marks[row]:
            cells[cell] = mark
        rows.append((_duration_axis(labels.get(row), left), *_joined(cells)))
    rows += _time_axis(axis.cells, ticks, left)
    return tuple(rows)


def _duration_axis(label: str | None, left: int) -> StyledText:
    text = f"{'':>{left - 1}}│" if label is None else f"{label:>{left - 1}}┤"
    return StyledText(text, "dim")


def _joined(cells: Iterable[StyledText]) -> Iterator[StyledText]:
    """The cells, neighbours of one style as one text."""
    for style, run in groupby(cells, key=attrgetter("style")):
        yield StyledText("".join(cell.text for cell in run), style)


def _time_axis(cells: int, ticks: Iterable[AxisTick], left: int) -> Iterator[StyledRow]:
    """The line with its ticks, and their labels, each centred below its tick."""
    line, labels = ["─"] * cells, ""
    for tick in ticks:
        line[tick.cell] = "┬"
        labels = labels.ljust(left + tick.cell - len(tick.label) // 2) + tick.label
    yield (StyledText(f"{'':>{left - 1}}└{''.join(line)}", "dim"),)
    yield (StyledText(labels.ljust(left + cells), "dim"),)
