"""The runs of one runner or of all: status, start, duration, exit code, command."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta

from rich.cells import cell_len
from textual import events
from textual.message import Message

from nodion_tui.model.run import Run, RunKey
from nodion_tui.model.runner import short_id
from nodion_tui.model.sanitize import sanitize
from nodion_tui.ui.commands.registry import bindings
from nodion_tui.ui.dashboard.columns import GAP, Column, ColumnName, list_columns
from nodion_tui.ui.dashboard.cursor_list import CursorList
from nodion_tui.ui.dashboard.marked_rows import MarkedRows
from nodion_tui.ui.paint import format as cells
from nodion_tui.ui.paint.styled_row import StyledRow, StyledText, pad
from nodion_tui.ui.paint.text_bar import TextBar
from nodion_tui.ui.paint.theme import Glyphs, status_style

_GAP = StyledText(" " * GAP)
_TICK_STEPS = ((3, 1), (10, 5))
"""Tick interval in seconds for up to a number of running rows on the screen."""
_MAX_TICK = 10


class RunList(CursorList[Run]):
    """Runs, newest first.

    Args:
        glyphs: the glyph set to draw with.
        clock: the server's clock, time-zone aware.
        id: Textual's.
    """

    BINDINGS = bindings("runs")

    class MarksChanged(Message):
        """The marked rows have changed."""

    def __init__(
        self,
        glyphs: Glyphs,
        clock: Callable[[], datetime],
        *,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(glyphs, id=id)
        self._clock = clock
        self.sort_signs = "^v" if glyphs.ascii else "▲▼"
        """Glyphs for ascending and descending order."""
        self.shown_at = clock()
        """The server time that is shown: rounded down to the tick interval, so that all running
        rows tick together and nothing is repainted in between."""
        self._columns: tuple[Column, ...] = ()
        self._columns_for: tuple[int, int, AbstractSet[ColumnName]] = (-1, -1, frozenset())
        self.chosen_columns: AbstractSet[ColumnName] = frozenset()
        """The selected columns; empty: automatic, by width."""
        self.sorted_by: tuple[str, bool] = ("created", True)
        """The sort column, and whether the order is descending."""
        self.marks = MarkedRows()
        """The marked runs, which can be stopped together."""
        self._runner_names: Mapping[str, str] = {}
        self._runner_width = 0
        self.is_stale: Callable[[Run], bool] = lambda _run: False
        """Whether the data of a run is outdated."""
        self._shown_stale_keys: AbstractSet[RunKey] = frozenset()
        self.is_stopping: Callable[[RunKey], bool] = lambda _key: False
        """Whether a stop was requested that is not confirmed yet."""

    def key_of(self, item: Run) -> RunKey:
        """The key of a run."""
        return item.key

    def action_mark(self) -> None:
        """Mark or unmark the run and go to the next one."""
        if self.current is not None:
            self.marks.toggle(self.current.key)
            self.move_to(self.cursor + 1)
            self._notify_marks()

    def action_mark_range(self) -> None:
        """Start or end a range of marks."""
        if self.current is not None:
            self.marks.mark_range([run.key for run in self._items], self.current.key)
            self._notify_marks()

    def clear_marks(self) -> bool:
        """Unmark all rows; whether any were marked."""
        was_marked = self.marks.clear()
        if was_marked:
            self._notify_marks()
        return was_marked

    def _notify_marks(self) -> None:
        self.update()
        self.post_message(self.MarksChanged())

    def _cursor_piece(self, index: int) -> StyledText:
        piece = super()._cursor_piece(index)
        return (
            piece._replace(text=self._glyphs.mark, style="bar")
            if (self._items[index].key in self.marks)
            else piece
        )

    def set_runner_names(self, names: Mapping[str, str]) -> None:
        """Set the names for the runner column.

        Args:
            names: runner id → sanitized name; empty: without the column, for runs of one runner.
        """
        self._runner_names = names
        self._runner_width = max((cell_len(name) for name in names.values()), default=0)
        if names:
            self._runner_width = max(1, self._runner_width)

    def columns(self, room: int) -> tuple[Column, ...]:
        """The columns for a width, without the column of the cursor."""
        if self._columns_for != (room, self._runner_width, self.chosen_columns):
            self._columns = list_columns(room, self._runner_width, self.chosen_columns)
            self._columns_for = (room, self._runner_width, self.chosen_columns)
        return self._columns

    def update(self) -> None:
        """Repaint the changed columns, with the current time."""
        self.shown_at = self._rounded_now()
        self._shown_stale_keys = self._stale_keys()
        super().update()

    def tick(self) -> None:
        """Repaint the changed columns at each tick interval, or if rows became stale or fresh."""
        if self._rounded_now() != self.shown_at or self._stale_keys() != self._shown_stale_keys:
            self.update()

    def item_row(self, item: Run, width: int) -> StyledRow:
        """The cells of a run."""
        row: list[StyledText] = []
        stale = self.is_stale(item)
        for column in self.columns(width):
            piece = self._cell(item, column)
            row += (piece._replace(style="dim") if stale else piece, _GAP)
        return tuple(row[:-1])

    def _cell(self, run: Run, column: Column) -> StyledText:
        if column.name == "status":
            return self._status(run, column.width)
        text, style_name = self._cell_text(run, column.name)
        return StyledText(
            pad(text, column.width, right=column.align_right, ellipsis=self._glyphs.ellipsis),
            style_name,
        )

    def _cell_text(self, run: Run, name: ColumnName) -> tuple[str, str]:
        """Text and style of a cell."""
        text: str
        match name:
            case "command":
                return cells.run_command(run), "dim" if run.is_default else ""
            case "exit":
                text = "" if run.exit_code is None else str(run.exit_code)
                return text, "bad" if run.exit_code else ""
            case "runner":
                text = self._runner_names.get(run.runner_id, "")
            case "id":
                text = short_id(sanitize(run.id))
            case "entrypoint":
                text = sanitize(run.entrypoint or "")
            case "queue":
                text = cells.duration(run.queue_time(self.shown_at))
            case "time":
                text = cells.duration(run.duration(self.shown_at))
            case _:
                return self._age(run, name), "dim"
        return text, ""

    def _status(self, run: Run, room: int) -> StyledText:
        word = "stopping" if self.is_stopping(run.key) else sanitize(run.status)
        if run.exit_code and "exit" not in {column.name for column in self._columns}:
            word = f"{word} {run.exit_code}"
        text = f"{self._glyphs.status(run.status)} {word}"
        return StyledText(pad(text, room, ellipsis=self._glyphs.ellipsis), status_style(run.status))

    def _age(self, run: Run, name: str) -> str:
        since = run.created_at if name == "created" else run.started_at or run.created_at
        if since is None:
            return ""
        elapsed = max(self.shown_at - since, timedelta())
        return cells.age(elapsed) if name == "age" else cells.ago(elapsed)

    def _rounded_now(self) -> datetime:
        """The clock, rounded down to the tick interval, which grows with the running rows."""
        ticking = sum(1 for run in self._visible_runs() if not run.is_final and run.started_at)
        step = next((step for max_rows, step in _TICK_STEPS if ticking <= max_rows), _MAX_TICK)
        now = self._clock()
        return now - timedelta(seconds=now.second % step, microseconds=now.microsecond)

    def _stale_keys(self) -> AbstractSet[RunKey]:
        """The visible runs that are stale."""
        return {run.key for run in self._visible_runs() if self.is_stale(run)}

    def _visible_runs(self) -> Sequence[Run]:
        top = self.scroll_offset.y
        return self._items[top : top + max(1, self.size.height)]


class RunHeader(TextBar):
    """The column headings of a run list.

    Args:
        runs: the list under the headings.
        id: Textual's widget id.
    """

    DEFAULT_CSS = """
    RunHeader { color: $text-muted; }
    """

    def __init__(self, runs: RunList, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._runs = runs

    class Clicked(Message):
        """A heading was clicked.

        Args:
            name: name of the column.
        """

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def on_mount(self) -> None:
        """Textual: follow the columns, which move when the scrollbar appears or disappears."""
        self.watch(self._runs, "show_vertical_scrollbar", self._columns_moved, init=False)

    def _columns_moved(self) -> None:
        self.call_after_refresh(self.update)

    def pieces(self, width: int) -> Iterable[StyledText]:  # noqa: ARG002 - the list says how wide
        """The headings over their columns; a glyph marks the sort column."""
        yield StyledText(" ")
        sort, descending = self._runs.sorted_by
        for column in self._runs.columns(self._runs.row_width - 1):
            is_sorted = column.name == sort or (column.name == "age" and sort == "started")
            sign = self._runs.sort_signs[descending] if is_sorted else ""
            inner_sign, suffix = ("", sign) if column.align_right else (sign, "")
            yield StyledText(
                pad(f"{column.title}{inner_sign}", column.width, right=column.align_right)
            )
            yield StyledText(pad(suffix, GAP))

    def on_click(self, event: events.Click) -> None:
        """Textual: a click on a heading sorts by it."""
        end = 1
        for column in self._runs.columns(self._runs.row_width - 1):
            end += column.width + GAP
            if event.x < end:
                self.post_message(self.Clicked("started" if column.name == "age" else column.name))
                return
