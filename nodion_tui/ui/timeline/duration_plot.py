"""The widget with the duration plot: durations of the runs of one runner over time."""

from collections.abc import Sequence
from datetime import datetime

from textual import events

from nodion_tui.model.run import Run
from nodion_tui.monitor.insight.statistics import RunStatistics
from nodion_tui.monitor.timeline.time_axis import TimeAxis
from nodion_tui.ui.paint.row_view import RowView
from nodion_tui.ui.paint.styled_row import StyledRow, StyledText, row_width
from nodion_tui.ui.timeline.legend import MIN_WIDTH, legend
from nodion_tui.ui.timeline.plot_points import PlotPoint, is_crowded, plot_points
from nodion_tui.ui.timeline.plot_rows import plot_rows
from nodion_tui.ui.timeline.row_layout import TimelineColumns, timeline_columns

_MIN_ROWS = 5
_GAP = 4
"""Columns between the plot and its legend."""


class DurationPlot(RowView, can_focus=False):
    """Durations of one runner; redrawn only after points, time or size have changed.

    Args:
        ascii_only: whether the terminal shows ASCII only, which has no stand-ins for dots.
    """

    ALLOW_SELECT = False

    DEFAULT_CSS = """
    DurationPlot { scrollbar-gutter: stable; overflow-y: hidden; }
    """

    def __init__(self, *, ascii_only: bool) -> None:
        super().__init__(lambda: len(self._plot_rows), self._row_with_legend)
        self._has_braille = not ascii_only
        self._points: tuple[PlotPoint, ...] = ()
        self._axis = TimeAxis(0.0, 1.0, 1)
        self._columns = timeline_columns(0)
        self._dotted = False
        self._legend: tuple[StyledRow, ...] = ()
        self._now: int | None = None
        self._median: float | None = None
        self._plot_rows: tuple[StyledRow, ...] = ()
        self._drawn_inputs: object = None

    def on_resize(self, _event: events.Resize) -> None:
        """Textual: redraw for the new size."""
        self.update()

    def show(
        self,
        runs: Sequence[Run],
        summary: RunStatistics | None,
        columns: TimelineColumns,
        axis: TimeAxis,
        now: datetime,
    ) -> None:
        """Show the durations of some runs.

        Args:
            runs: the runs of one runner, newest first.
            summary: statistics of the runs on the axis.
            columns: column layout of the chart above.
            axis: the time axis.
            now: the server's clock.
        """
        self._points = tuple(plot_points(runs, axis, now))
        self._axis, self._columns, self._now = axis, columns, axis.now(now)
        self._dotted = self._has_braille and is_crowded(self._points, axis)
        room = sum(figure.width for figure in columns.stats) - _GAP
        self._legend = ()
        if room >= MIN_WIDTH:
            self._legend = tuple(legend(self._points, summary, room, dotted=self._dotted))
        median = summary.p50 if summary else None
        self._median = None if median is None else median.total_seconds()
        self.update()

    def update(self) -> None:
        """Redraw if anything has changed."""
        self._draw()
        super().update()

    def _row_with_legend(self, index: int, width: int) -> StyledRow:
        del width  # Plot and legend are already laid out for it.
        row = self._plot_rows[index]
        if not 0 < index <= len(self._legend):
            return row
        space = self._columns.bars_start + self._axis.cells + _GAP - row_width(row)
        return (*row, StyledText(" " * space), *self._legend[index - 1])

    def _draw(self) -> None:
        height = self.size.height
        inputs = (self._points, self._axis, self._columns, self._now, self._median, height)
        if inputs == self._drawn_inputs:
            return
        self._drawn_inputs = inputs
        self._plot_rows = ()
        if not self._points:
            self.placeholder = ("No run started in this time range.",)
        elif height >= _MIN_ROWS:
            self._plot_rows = plot_rows(
                self._points,
                self._axis,
                self._axis.ticks(),
                left=self._columns.bars_start,
                height=height,
                median=self._median,
                now=self._now,
                dotted=self._dotted,
            )
        else:
            self.placeholder = ("The window is too low.",)
