"""The rows of the timeline's chart: status, name, bars and statistics of a runner."""

from collections.abc import Callable
from datetime import datetime

from nodion_tui.model.runner import Runner
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.monitor.timeline.time_axis import TimeAxis
from nodion_tui.ui.paint.row_signs import NEVER_RUN, NO_CURSOR, cursor_sign, run_sign
from nodion_tui.ui.paint.styled_row import StyledRow, StyledText, pad, truncate
from nodion_tui.ui.paint.widget_styles import profile_style
from nodion_tui.ui.timeline.bars import bar_pieces
from nodion_tui.ui.timeline.cursor import TimelineCursor
from nodion_tui.ui.timeline.model import TimelineModel, TimelineRow
from nodion_tui.ui.timeline.row_layout import OK, TimelineColumns, timeline_columns

_LOW_RATE = 0.9
"""A success rate below this has the color of a warning, one below a half that of a failure."""


class ChartRows:
    """Paints the rows of a chart.

    Args:
        board: the model to show.
        has_focus: returns whether keys move the cursor.
    """

    def __init__(self, board: TimelineModel, has_focus: Callable[[], bool]) -> None:
        self._board = board
        self._has_focus = has_focus
        self._grid: tuple[int, ...] = ()
        self.cursor = TimelineCursor()
        self.columns = timeline_columns(0)

    @property
    def current_row(self) -> TimelineRow | None:
        """The row of the cursor."""
        rows = self._board.rows
        return rows[self.cursor.row] if self.cursor.row < len(rows) else None

    def lay_out(self, columns: TimelineColumns, axis: TimeAxis, now: datetime) -> None:
        """Use other columns and another time axis."""
        self.columns = columns
        if axis != self._board.axis:
            self._grid = tuple(tick.cell for tick in axis.ticks())
        self._board.set_time(axis, now)

    def row(self, index: int, width: int) -> StyledRow:
        """Status, name, bars and statistics of a runner; further lanes have only bars."""
        del width  # The columns are already laid out for it.
        board, row = self._board, self._board.rows[index]
        current_key = self.cursor.key if index == self.cursor.row else None
        now = board.axis.now(board.now)
        return (
            self._sign(index),
            *(self._lane_part(row) if row.lane else self._name_part(row.runner)),
            StyledText(" "),
            *bar_pieces(
                board.bars(row), board.axis, self._grid, now, current_key, board.missed_cells(row)
            ),
            *(() if row.lane else self._stat_part(row.runner)),
        )

    def row_styles(self, index: int) -> tuple[str, ...]:
        """The row of the cursor has the background that it has in a list."""
        if index != self.cursor.row:
            return ()
        return ("cursor",) if self._has_focus() else ("cursor-blurred",)

    def _sign(self, index: int) -> StyledText:
        if index != self.cursor.row:
            return NO_CURSOR
        return cursor_sign(has_focus=self._has_focus())

    def _name_part(self, runner: Runner) -> StyledRow:
        newest = self._board.newest_run(runner.id)
        sign = NEVER_RUN
        if newest is not None:
            sign = run_sign(newest.status, is_known=self._board.is_known(newest))
        profile, width = self._board.profile_of(runner.id), self.columns.name_width
        if profile is None:
            return (sign, StyledText(" "), StyledText(pad(sanitize(runner.label), width)))
        badge = f" {truncate(profile.name, width // 2 - 2)} "
        name = pad(sanitize(runner.label), width - len(badge) - 1)
        return (
            sign,
            StyledText(f" {name} "),
            StyledText(badge, profile_style(profile.color)),
        )

    def _lane_part(self, row: TimelineRow) -> StyledRow:
        """The left part of a further lane: on the last one the number of hidden runs."""
        chart = self._board.chart(row.runner.id)
        is_last = row.lane == len(chart.lanes) - 1
        text = f"+{chart.hidden} more" if chart.hidden and is_last else ""
        return (StyledText(pad(text, self.columns.name_width + 2, right=True), "dim"),)

    def _stat_part(self, runner: Runner) -> StyledRow:
        summary = self._board.summary(runner)
        rate = summary.success_rate
        is_low = rate is not None and rate < _LOW_RATE
        rate_style = "failed" if rate is not None and rate < 0.5 else "warning"
        return tuple(
            StyledText(
                pad(stat.text(summary), stat.width, right=True),
                rate_style if is_low and stat is OK else "" if stat is OK else "dim",
            )
            for stat in self.columns.stats
        )
