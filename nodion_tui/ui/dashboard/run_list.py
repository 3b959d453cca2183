"""The runs of a runner, or of all: status, start, duration, exit code, command."""

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
_STEPS = ((3, 1), (10, 5))
"""Up to so many running rows on screen tick every so many seconds."""
_LONGEST_STEP = 10


class RunList(CursorList[Run]):
    """Runs, newest first.

    Args:
        glyphs: the signs to paint with.
        clock: the server's clock, aware.
        id: Textual's.
    """

    BINDINGS = bindings("runs")

    class MarksChanged(Message):
        """Other rows are marked."""

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
        """Ascending, descending."""
        self.shown_at = clock()
        """The server's clock when what is shown was true: the last full step of seconds, so that
        all running rows tick together and the screen rests between."""
        self._columns: tuple[Column, ...] = ()
        self._columns_for: tuple[int, int, AbstractSet[ColumnName]] = (-1, -1, frozenset())
        self.chosen_columns: AbstractSet[ColumnName] = frozenset()
        """The columns that a person wants; empty: what there is room for."""
        self.sorted_by: tuple[str, bool] = ("created", True)
        """The column that the items are sorted by, and whether the largest is first."""
        self.marks = MarkedRows()
        """The runs to stop together."""
        self._names: Mapping[str, str] = {}
        self._longest = 0
        self.is_stale: Callable[[Run], bool] = lambda _run: False
        """Whether what is known of a run is too old to be trusted."""
        self._stale: AbstractSet[RunKey] = frozenset()
        self.is_stopping: Callable[[RunKey], bool] = lambda _key: False
        """Whether a stop was asked for that has not been seen done."""

    def key_of(self, item: Run) -> RunKey:
        """A run's key."""
        return item.key

    def action_mark(self) -> None:
        """Mark the run, or not, and go on to the next."""
        if self.current is not None:
            self.marks.toggle(self.current.key)
            self.move_to(self.cursor + 1)
            self._marked()

    def action_mark_range(self) -> None:
        """Begin a range of marks, or end it."""
        if self.current is not None:
            self.marks.mark_range([run.key for run in self._items], self.current.key)
            self._marked()

    def clear_marks(self) -> bool:
        """Take all marks away; whether there were any."""
        had = self.marks.clear()
        if had:
            self._marked()
        return had

    def _marked(self) -> None:
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
        """Tell runners apart in a column of their own.

        Args:
            names: runner id → name, fit to be shown; empty where all runs are of one runner.
        """
        self._names = names
        self._longest = max((cell_len(name) for name in names.values()), default=0)
        if names:
            self._longest = max(1, self._longest)

    def columns(self, room: int) -> tuple[Column, ...]:
        """The columns for so many columns of the screen, without that of the cursor."""
        if self._columns_for != (room, self._longest, self.chosen_columns):
            self._columns = list_columns(room, self._longest, self.chosen_columns)
            self._columns_for = (room, self._longest, self.chosen_columns)
        return self._columns

    def update(self) -> None:
        """Repaint what differs, by the clock of this moment."""
        self.shown_at = self._last_step()
        self._stale = self._stale_keys()
        super().update()

    def tick(self) -> None:
        """Repaint what differs if it is time to, or if rows have become stale or fresh again."""
        if self._last_step() != self.shown_at or self._stale_keys() != self._stale:
            self.update()

    def item_row(self, item: Run, width: int) -> StyledRow:
        """A run's cells."""
        row: list[StyledText] = []
        stale = self.is_stale(item)
        for column in self.columns(width):
            piece = self._cell(item, column)
            row += (piece._replace(style="dim") if stale else piece, _GAP)
        return tuple(row[:-1])

    def _cell(self, run: Run, column: Column) -> StyledText:
        if column.name == "status":
            return self._status(run, column.width)
        text, look = self._cell_text(run, column.name)
        return StyledText(
            pad(text, column.width, right=column.align_right, ellipsis=self._glyphs.ellipsis), look
        )

    def _cell_text(self, run: Run, name: ColumnName) -> tuple[str, str]:
        """What stands in a column, and its look."""
        words: str
        match name:
            case "command":
                return cells.run_command(run), "dim" if run.is_default else ""
            case "exit":
                words = "" if run.exit_code is None else str(run.exit_code)
                return words, "bad" if run.exit_code else ""
            case "runner":
                words = self._names.get(run.runner_id, "")
            case "id":
                words = short_id(sanitize(run.id))
            case "entrypoint":
                words = sanitize(run.entrypoint or "")
            case "queue":
                words = cells.duration(run.queue_time(self.shown_at))
            case "time":
                words = cells.duration(run.duration(self.shown_at))
            case _:
                return self._age(run, name), "dim"
        return words, ""

    def _status(self, run: Run, room: int) -> StyledText:
        word = "stopping" if self.is_stopping(run.key) else sanitize(run.status)
        if run.exit_code and "exit" not in {column.name for column in self._columns}:
            word = f"{word} {run.exit_code}"
        text = f"{self._glyphs.status(run.status)} {word}"
        return StyledText(pad(text, room, ellipsis=self._glyphs.ellipsis), status_style(run.status))

    def _age(self, run: Run, name: str) -> str:
        began = run.started_at or run.created_at
        moment = run.created_at if name == "created" else began
        if moment is None:
            return ""
        span = max(self.shown_at - moment, timedelta())
        return cells.age(span) if name == "age" else cells.ago(span)

    def _last_step(self) -> datetime:
        """The clock, rounded down the more the more running rows there are on the screen."""
        ticking = sum(1 for run in self._visible_runs() if not run.is_final and run.started_at)
        step = next((step for most, step in _STEPS if ticking <= most), _LONGEST_STEP)
        now = self._clock()
        return now - timedelta(seconds=now.second % step, microseconds=now.microsecond)

    def _stale_keys(self) -> AbstractSet[RunKey]:
        """The runs on the screen that are stale by now."""
        return {run.key for run in self._visible_runs() if self.is_stale(run)}

    def _visible_runs(self) -> Sequence[Run]:
        top = self.scroll_offset.y
        return self._items[top : top + max(1, self.size.height)]


class RunHeader(TextBar):
    """The headings of a run list.

    Args:
        runs: the list under it.
        id: Textual's.
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
            name: of the column.
        """

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def on_mount(self) -> None:
        """Textual: stay over the columns, which move when a scrollbar comes or goes."""
        self.watch(self._runs, "show_vertical_scrollbar", self._columns_moved, init=False)

    def _columns_moved(self) -> None:
        self.call_after_refresh(self.update)

    def pieces(self, width: int) -> Iterable[StyledText]:  # noqa: ARG002 - the list says how wide
        """The headings over their columns; a sign is behind the one that is sorted by."""
        yield StyledText(" ")
        sort, descending = self._runs.sorted_by
        for column in self._runs.columns(self._runs.row_width - 1):
            is_sorted = column.name == sort or (column.name == "age" and sort == "started")
            sign = self._runs.sort_signs[descending] if is_sorted else ""
            inside, behind = ("", sign) if column.align_right else (sign, "")
            yield StyledText(pad(f"{column.title}{inside}", column.width, right=column.align_right))
            yield StyledText(pad(behind, GAP))

    def on_click(self, event: events.Click) -> None:
        """Textual: a click on a heading sorts by it."""
        end = 1
        for column in self._runs.columns(self._runs.row_width - 1):
            end += column.width + GAP
            if event.x < end:
                self.post_message(self.Clicked("started" if column.name == "age" else column.name))
                return
