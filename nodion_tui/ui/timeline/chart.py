"""The chart of the timeline: bars of the visible runners, a cursor, and statistics."""

from datetime import datetime

from textual import events
from textual.message import Message

from nodion_tui.model.runner import Runner
from nodion_tui.model.sanitize import sanitize
from nodion_tui.monitor.timeline.lanes import TimelineBar
from nodion_tui.monitor.timeline.time_axis import TimeWindow, time_axis
from nodion_tui.ui.paint.row_view import RowView
from nodion_tui.ui.paint.styled_row import StyledRow, StyledText, pad
from nodion_tui.ui.paint.theme import Glyphs, status_style
from nodion_tui.ui.timeline.bars import bar_pieces
from nodion_tui.ui.timeline.cursor import TimelineCursor
from nodion_tui.ui.timeline.model import TimelineModel, TimelineRow
from nodion_tui.ui.timeline.row_layout import OK, stat_text, timeline_columns

_LOW_RATE = 0.9
"""A success rate below this has the color of a warning, one below a half that of a failure."""


class TimelineChart(RowView):
    """Rows of bars; only visible rows are computed, only changed columns are sent.

    Args:
        board: the model to show.
        glyphs: the glyph set to draw with.
        id: Textual's widget id.
    """

    ALLOW_SELECT = False

    DEFAULT_CSS = """
    TimelineChart { scrollbar-gutter: stable; }
    """

    class Moved(Message):
        """The cursor is on another run or runner."""

        def can_replace(self, message: Message) -> bool:
            """Queued messages are merged into one."""
            return isinstance(message, TimelineChart.Moved)

    class Chosen(Message):
        """The bar under the cursor was clicked."""

    def __init__(self, board: TimelineModel, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._board = board
        self._glyphs = glyphs
        self._grid: tuple[int, ...] = ()
        self._pinned_to_first = True
        self.cursor = TimelineCursor()
        self.window = TimeWindow.SIX_HOURS
        self.columns = timeline_columns(0)

    @property
    def row_count(self) -> int:
        """Number of rows."""
        return len(self._board.rows)

    @property
    def current_runner(self) -> Runner | None:
        """The runner under the cursor."""
        rows = self._board.rows
        return rows[self.cursor.row].runner if self.cursor.row < len(rows) else None

    @property
    def current_bar(self) -> TimelineBar | None:
        """The bar under the cursor."""
        rows = self._board.rows
        bars = self._board.bars(rows[self.cursor.row]) if self.cursor.row < len(rows) else ()
        return next((bar for bar in bars if bar.key == self.cursor.key), None)

    def reset(self) -> None:
        """Reset the cursor, for another monitor."""
        self.cursor, self._pinned_to_first = TimelineCursor(), True

    def show(self, window: TimeWindow, now: datetime) -> None:
        """Show a time window that ends about now, and repaint the changed columns."""
        self.window = window
        self.columns = timeline_columns(self.row_width)
        axis = time_axis(window, now, self.columns.bars_width)
        if axis != self._board.axis:
            self._grid = tuple(tick.cell for tick in axis.ticks())
        self._board.set_time(axis, now)
        self.update()

    def update(self) -> None:
        """Repaint the changed columns, after runs or time have changed."""
        board = self._board
        if self._pinned_to_first:
            self._set_cursor(TimelineCursor().to_row(0, board.rows, board.bars, board.axis))
        else:
            self._set_cursor(self.cursor.updated(board.rows, board.bars, board.axis))

    def row(self, index: int, width: int) -> StyledRow:
        """Status glyph, name, bars and statistics of a runner; further lanes have only bars."""
        del width  # The columns are already laid out for it.
        board, row = self._board, self._board.rows[index]
        current_key = self.cursor.key if index == self.cursor.row else None
        now = board.axis.now(board.now)
        return (
            self._cursor_part(index),
            *(self._lane_part(row) if row.lane else self._name_part(row.runner)),
            StyledText(" "),
            *bar_pieces(board.bars(row), board.axis, self._grid, now, current_key, self._glyphs),
            *(() if row.lane else self._stat_part(row.runner)),
        )

    def row_styles(self, index: int) -> tuple[str, ...]:
        """The row of the cursor has a subtle background, as the bar is highlighted."""
        return ("cursor-blurred",) if index == self.cursor.row else ()

    def on_focus(self) -> None:
        """Textual: the cursor has another style while the chart has the focus."""
        self.refresh()

    def on_blur(self) -> None:
        """Textual: see `on_focus`."""
        self.refresh()

    def on_resize(self, _event: events.Resize) -> None:
        """Textual: fit the axis to the width and scroll the cursor into view."""
        self.show(self.window, self._board.now)
        self.call_after_refresh(self._scroll_to_cursor)

    def on_click(self, event: events.Click) -> None:
        """Textual: a click on a bar opens its run, elsewhere it moves the cursor to the row."""
        offset = event.get_content_offset_capture(self)
        index = self.scroll_offset.y + offset.y
        board = self._board
        if index >= len(board.rows):
            return
        cell = offset.x - self.columns.bars_start
        clicked_bar = next(
            (bar for bar in board.bars(board.rows[index]) if bar.start <= cell < bar.end), None
        )
        if clicked_bar is None:
            self._move_cursor(self.cursor.to_row(index, board.rows, board.bars, board.axis))
        else:
            self._move_cursor(self.cursor.to_key(index, clicked_bar, board.rows, board.axis))
            self.post_message(self.Chosen())

    def move_rows(self, by: int) -> None:
        """Move the cursor down by some rows, to the bar that is nearest in time."""
        self.move_to_row(self.cursor.row + by)

    def move_to_row(self, row: int) -> None:
        """Move the cursor to a row, clamped to the chart."""
        board = self._board
        self._move_cursor(self.cursor.to_row(row, board.rows, board.bars, board.axis))

    def move_bars(self, by: int) -> None:
        """Move the cursor to the right by some bars."""
        board = self._board
        self._move_cursor(self.cursor.to_bar(by, board.rows, board.bars, board.axis))

    def _move_cursor(self, cursor: TimelineCursor) -> None:
        self._pinned_to_first = False
        self._set_cursor(cursor)

    def _set_cursor(self, cursor: TimelineCursor) -> None:
        previous, self.cursor = self.cursor, cursor
        super().update()
        if previous.row != cursor.row:
            self._scroll_to_cursor()
        if (previous.runner_id, previous.key) != (cursor.runner_id, cursor.key):
            self.post_message(self.Moved())

    def _scroll_to_cursor(self) -> None:
        top, height, row = self.scroll_offset.y, self.size.height, self.cursor.row
        if row < top:
            self._scroll(row)
        elif height and row >= top + height:
            self._scroll(row - height + 1)

    def _scroll(self, top: int) -> None:
        self.scroll_to(y=top, animate=False, force=True, immediate=True)

    def _cursor_part(self, index: int) -> StyledText:
        if index != self.cursor.row:
            return StyledText(" ")
        if self.has_focus:
            return StyledText(self._glyphs.cursor, "bar")
        return StyledText(self._glyphs.cursor_blurred, "bar-blurred")

    def _name_part(self, runner: Runner) -> StyledRow:
        newest = self._board.newest_run(runner.id)
        glyphs = self._glyphs
        sign = StyledText(glyphs.never_run, "dim")
        if newest is not None:
            sign = StyledText(glyphs.status(newest.status), status_style(newest.status))
        name = pad(sanitize(runner.label), self.columns.name_width, ellipsis=glyphs.ellipsis)
        return (sign, StyledText(" "), StyledText(name))

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
                pad(stat_text(stat, summary), stat.width, right=True),
                rate_style if is_low and stat is OK else "" if stat is OK else "dim",
            )
            for stat in self.columns.stats
        )
