"""The bars of all runners on screen, with a cursor over them and figures beside them."""

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

_SHAKY = 0.9
"""A success rate under this is told in the colour of a warning, one under a half as a failure."""


class TimelineChart(RowView):
    """Rows of bars; only visible ones are worked out, only changed columns are sent.

    Args:
        board: what is shown.
        glyphs: the signs to paint with.
        id: Textual's.
    """

    ALLOW_SELECT = False

    DEFAULT_CSS = """
    TimelineChart { scrollbar-gutter: stable; }
    """

    class Moved(Message):
        """The cursor stands on another run or runner."""

        def can_replace(self, message: Message) -> bool:
            """One of several in a row is enough."""
            return isinstance(message, TimelineChart.Moved)

    class Chosen(Message):
        """The bar under the cursor was clicked."""

    def __init__(self, board: TimelineModel, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._board = board
        self._glyphs = glyphs
        self._grid: tuple[int, ...] = ()
        self._untouched = True
        self.cursor = TimelineCursor()
        self.window = TimeWindow.SIX_HOURS
        self.columns = timeline_columns(0)

    @property
    def row_count(self) -> int:
        """How many rows there are."""
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
        """Forget where the cursor was: other runners are shown."""
        self.cursor, self._untouched = TimelineCursor(), True

    def show(self, window: TimeWindow, now: datetime) -> None:
        """Show a stretch of time that ends about now, and repaint what differs."""
        self.window = window
        self.columns = timeline_columns(self.row_width)
        axis = time_axis(window, now, self.columns.bars_width)
        if axis != self._board.axis:
            self._grid = tuple(tick.cell for tick in axis.ticks())
        self._board.set_time(axis, now)
        self.update()

    def update(self) -> None:
        """Repaint what differs, after runs or time have changed."""
        board = self._board
        if self._untouched:
            self._put(TimelineCursor().to_row(0, board.rows, board.bars, board.axis))
        else:
            self._put(self.cursor.updated(board.rows, board.bars, board.axis))

    def row(self, index: int, width: int) -> StyledRow:
        """Sign, name, bars and figures of a runner; the further lanes have bars alone."""
        del width  # The columns are laid out for it already.
        board, row = self._board, self._board.rows[index]
        chosen = self.cursor.key if index == self.cursor.row else None
        now = board.axis.now(board.now)
        return (
            self._edge(index),
            *(self._more(row) if row.lane else self._named(row.runner)),
            StyledText(" "),
            *bar_pieces(board.bars(row), board.axis, self._grid, now, chosen, self._glyphs),
            *(() if row.lane else self._figures(row.runner)),
        )

    def row_styles(self, index: int) -> tuple[str, ...]:
        """The cursor's row lies on a quiet ground: what stands out is the bar."""
        return ("cursor-blurred",) if index == self.cursor.row else ()

    def on_focus(self) -> None:
        """Textual: the cursor looks different with the focus on it."""
        self.refresh()

    def on_blur(self) -> None:
        """Textual: as above."""
        self.refresh()

    def on_resize(self, _event: events.Resize) -> None:
        """Textual: as many cells as there is room for; the cursor stays in sight."""
        self.show(self.window, self._board.now)
        self.call_after_refresh(self._reveal)

    def on_click(self, event: events.Click) -> None:
        """Textual: a click on a bar opens its run, one beside it chooses the runner."""
        at = event.get_content_offset_capture(self)
        index = self.scroll_offset.y + at.y
        board = self._board
        if index >= len(board.rows):
            return
        cell = at.x - self.columns.bars_start
        hit = next(
            (bar for bar in board.bars(board.rows[index]) if bar.start <= cell < bar.end), None
        )
        if hit is None:
            self._go(self.cursor.to_row(index, board.rows, board.bars, board.axis))
        else:
            self._go(self.cursor.to_key(index, hit, board.rows, board.axis))
            self.post_message(self.Chosen())

    def move_rows(self, by: int) -> None:
        """So many rows down, to the bar that is nearest in time."""
        self.move_to_row(self.cursor.row + by)

    def move_to_row(self, row: int) -> None:
        """To a row, as near as there is one."""
        board = self._board
        self._go(self.cursor.to_row(row, board.rows, board.bars, board.axis))

    def move_bars(self, by: int) -> None:
        """So many bars to the right in the row."""
        board = self._board
        self._go(self.cursor.to_bar(by, board.rows, board.bars, board.axis))

    def _go(self, cursor: TimelineCursor) -> None:
        self._untouched = False
        self._put(cursor)

    def _put(self, cursor: TimelineCursor) -> None:
        before, self.cursor = self.cursor, cursor
        super().update()
        if before.row != cursor.row:
            self._reveal()
        if (before.runner_id, before.key) != (cursor.runner_id, cursor.key):
            self.post_message(self.Moved())

    def _reveal(self) -> None:
        top, height, row = self.scroll_offset.y, self.size.height, self.cursor.row
        if row < top:
            self._scroll(row)
        elif height and row >= top + height:
            self._scroll(row - height + 1)

    def _scroll(self, top: int) -> None:
        self.scroll_to(y=top, animate=False, force=True, immediate=True)

    def _edge(self, index: int) -> StyledText:
        if index != self.cursor.row:
            return StyledText(" ")
        if self.has_focus:
            return StyledText(self._glyphs.cursor, "bar")
        return StyledText(self._glyphs.cursor_blurred, "bar-blurred")

    def _named(self, runner: Runner) -> StyledRow:
        newest = self._board.newest_run(runner.id)
        glyphs = self._glyphs
        sign = StyledText(glyphs.never_run, "dim")
        if newest is not None:
            sign = StyledText(glyphs.status(newest.status), status_style(newest.status))
        name = pad(sanitize(runner.label), self.columns.name_width, ellipsis=glyphs.ellipsis)
        return (sign, StyledText(" "), StyledText(name))

    def _more(self, row: TimelineRow) -> StyledRow:
        """What stands before a further lane: on the last one how many runs have no room."""
        chart = self._board.chart(row.runner.id)
        is_last = row.lane == len(chart.lanes) - 1
        text = f"+{chart.hidden} more" if chart.hidden and is_last else ""
        return (StyledText(pad(text, self.columns.name_width + 2, right=True), "dim"),)

    def _figures(self, runner: Runner) -> StyledRow:
        summary = self._board.summary(runner)
        rate = summary.success_rate
        shaky = rate is not None and rate < _SHAKY
        bad = "failed" if rate is not None and rate < 0.5 else "warning"
        return tuple(
            StyledText(
                pad(stat_text(figure, summary), figure.width, right=True),
                bad if shaky and figure is OK else "" if figure is OK else "dim",
            )
            for figure in self.columns.stats
        )
