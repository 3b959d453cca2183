"""The chart of the timeline: bars of the visible runners, and a cursor."""

from collections.abc import Callable
from datetime import datetime

from textual import events, on
from textual.message import Message

from nodion_tui.model.runner import Runner
from nodion_tui.monitor.timeline.lanes import TimelineBar
from nodion_tui.monitor.timeline.time_axis import TimeWindow, time_axis
from nodion_tui.ui.paint.row_view import RowView
from nodion_tui.ui.timeline.chart_rows import ChartRows
from nodion_tui.ui.timeline.cursor import TimelineCursor
from nodion_tui.ui.timeline.model import TimelineModel
from nodion_tui.ui.timeline.row_layout import TimelineColumns, timeline_columns


# The keys of a ScrollView would scroll the rows away from the cursor, which the screen's keys move.
class TimelineChart(RowView, inherit_bindings=False):
    """Rows of bars; only visible rows are computed, only changed columns are sent.

    Args:
        board: the model to show.
        fitted: called after the axis was fitted to another width, for what shares its columns.
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

    def __init__(self, board: TimelineModel, fitted: Callable[[], None]) -> None:
        self._rows = ChartRows(board, lambda: self.has_focus)
        super().__init__(
            lambda: len(board.rows), self._rows.row, self._rows.row_styles, id="timeline-chart"
        )
        self._board = board
        self._fitted = fitted
        self._pinned_to_first = True
        self.window = TimeWindow.SIX_HOURS

    @property
    def columns(self) -> TimelineColumns:
        """The column layout."""
        return self._rows.columns

    @property
    def current_runner(self) -> Runner | None:
        """The runner under the cursor."""
        row = self._rows.current_row
        return row.runner if row is not None else None

    @property
    def current_bar(self) -> TimelineBar | None:
        """The bar under the cursor."""
        row, key = self._rows.current_row, self._rows.cursor.key
        bars = self._board.bars(row) if row is not None else ()
        return next((bar for bar in bars if bar.key == key), None)

    def reset(self) -> None:
        """Reset the cursor, for another monitor."""
        self._rows.cursor, self._pinned_to_first = TimelineCursor(), True

    def show(self, window: TimeWindow, now: datetime) -> None:
        """Show a time window that ends about now, and repaint the changed columns."""
        self.window = window
        columns = timeline_columns(self.row_width)
        self._rows.lay_out(columns, time_axis(window, now, columns.bars_width), now)
        self.update()

    def update(self) -> None:
        """Repaint the changed columns, after runs or time have changed."""
        if self._pinned_to_first:
            self._set_cursor(TimelineCursor().to_row(0, self._board))
        else:
            self._set_cursor(self._rows.cursor.updated(self._board))

    @on(events.Focus)
    @on(events.Blur)
    def _handle_focus_changed(self) -> None:
        """The cursor has another style while the chart has the focus."""
        self.refresh()

    def on_resize(self, _event: events.Resize) -> None:
        """Textual: fit the axis to the width and scroll the cursor into view."""
        self.show(self.window, self._board.now)
        self._fitted()
        self.call_after_refresh(lambda: self.scroll_to_row(self._rows.cursor.row))

    def on_click(self, event: events.Click) -> None:
        """Textual: a click on a bar opens its run, elsewhere it moves the cursor to the row."""
        offset = event.get_content_offset_capture(self)
        index = self.scroll_offset.y + offset.y
        if index >= self.row_count:
            return
        cell = offset.x - self.columns.bars_start
        bars = self._board.bars(self._board.rows[index])
        clicked_bar = next((bar for bar in bars if bar.start <= cell < bar.end), None)
        if clicked_bar is None:
            self._move_cursor(self._rows.cursor.to_row(index, self._board))
        else:
            self._move_cursor(self._rows.cursor.to_key(index, clicked_bar, self._board))
            self.post_message(self.Chosen())

    def move_rows(self, by: int) -> None:
        """Move the cursor down by some rows, clamped, to the bar that is nearest in time."""
        cursor = self._rows.cursor
        self._move_cursor(cursor.to_row(cursor.row + by, self._board))

    def move_bars(self, by: int) -> None:
        """Move the cursor to the right by some bars."""
        self._move_cursor(self._rows.cursor.to_bar(by, self._board))

    def _move_cursor(self, cursor: TimelineCursor) -> None:
        self._pinned_to_first = False
        self._set_cursor(cursor)

    def _set_cursor(self, cursor: TimelineCursor) -> None:
        previous, self._rows.cursor = self._rows.cursor, cursor
        super().update()
        if previous.row != cursor.row:
            self.scroll_to_row(cursor.row)
        if (previous.runner_id, previous.key) != (cursor.runner_id, cursor.key):
            self.post_message(self.Moved())
