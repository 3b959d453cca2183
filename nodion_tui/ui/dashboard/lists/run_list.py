"""The runs of one runner or of all: status, start, duration, exit code, command."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from operator import attrgetter

from rich.cells import cell_len
from textual import events
from textual.message import Message

from nodion_tui.model.run import Run, RunKey
from nodion_tui.ui.commands.delegate import delegate_actions
from nodion_tui.ui.commands.registry import bindings
from nodion_tui.ui.dashboard.lists.columns import GAP, Column, ColumnName, list_columns
from nodion_tui.ui.dashboard.lists.cursor_list import CursorList
from nodion_tui.ui.dashboard.lists.marked_rows import MarkedRows
from nodion_tui.ui.dashboard.lists.row_facts import RowFacts
from nodion_tui.ui.dashboard.lists.run_cells import changes_with_time, run_row
from nodion_tui.ui.paint.styled_row import StyledRow, StyledText, pad
from nodion_tui.ui.paint.text_bar import TextBar

_TICK_STEPS = ((3, 1), (10, 5))
"""Tick interval in seconds for up to a number of running rows on the screen."""
_MAX_TICK = 10
"""As far as the times of other running rows are behind that of the row under the cursor."""
_SORT_SIGNS = "▲▼"
"""Ascending and descending."""


class RunList(CursorList[Run]):
    """Runs, newest first.

    Args:
        clock: the server's clock, time-zone aware.
    """

    BINDINGS = bindings("runs")

    class MarksChanged(Message):
        """The marked rows have changed."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        super().__init__(
            attrgetter("key"),
            self._cells_of,
            is_marked=lambda run: run.key in self.marks,
            id="runs",
        )
        self.marks = MarkedRows(self.cursor, self.move_by, self._marks_changed)
        """The marked runs, which can be stopped together."""
        delegate_actions(self, self.marks)
        self._clock = clock
        self.shown_at = clock()
        """The server time that is shown: rounded down to the tick interval, so that all running
        rows tick together and nothing is repainted in between."""
        self.cursor_time = self.shown_at
        """The server time that the row under the cursor shows, to the second."""
        self.chosen_columns: frozenset[ColumnName] = frozenset()
        """The selected columns; empty: automatic, by width."""
        self.sorted_by: tuple[str, bool] = ("created", True)
        """The sort column, and whether the order is descending."""
        self._runner_names: Mapping[str, str] = {}
        self._runner_width = 0
        self.facts = RowFacts()
        """What is known of the runs."""
        self._shown_stale_keys: AbstractSet[RunKey] = frozenset()
        self._shown_polled_keys: AbstractSet[RunKey] = frozenset()
        self.tell_visible: Callable[[Iterable[RunKey]], None] = lambda _keys: None
        """Called at each tick with the visible runs that have not ended."""
        self.hits_of: Callable[[RunKey], int | None] | None = None
        """Returns the matching lines of a log; None: no logs are searched."""

    def set_runner_names(self, names: Mapping[str, str]) -> None:
        """Set the names for the runner column.

        Args:
            names: runner id → sanitized name; empty: without the column, for runs of one runner.
        """
        if names is not self._runner_names:
            self._runner_names = names
            self._runner_width = max((1, *map(cell_len, names.values()))) if names else 0

    def columns(self, room: int) -> tuple[Column, ...]:
        """The columns for a width, without the column of the cursor."""
        return list_columns(
            room,
            self._runner_width,
            self.chosen_columns,
            self.facts.profile_width,
            with_hits=self.hits_of is not None,
        )

    def update(self) -> None:
        """Repaint the changed columns, with the current time."""
        self.shown_at, self._shown_stale_keys, self._shown_polled_keys = self._what_ages()
        self.cursor_time = self._clock().replace(microsecond=0)
        super().update()

    def tick(self) -> None:
        """Repaint times that change at each tick interval, or all if rows are to look otherwise.

        The time of a selected run that is running changes each second. Rows whose times stay as
        they are are not laid out.
        """
        _, visible = self._visible()
        self.tell_visible([run.key for run in visible if not run.is_final])
        now, *looks = self._what_ages()
        if looks != [self._shown_stale_keys, self._shown_polled_keys]:
            self.update()
            return
        before, second = (self.shown_at, self.cursor_time), self._clock().replace(microsecond=0)
        if before == (now, second):
            return
        self.shown_at, self.cursor_time = now, second
        self.update_rows(self._ticked_rows(*before))

    def _ticked_rows(self, shown_at: datetime, shown_second: datetime) -> Iterable[int]:
        """The visible rows that another time than this is to be shown in."""
        columns = self.columns(self.row_width - 1)
        first, visible = self._visible()
        for index, run in enumerate(visible, first):
            before, now = shown_at, self.shown_at
            if index == self.cursor.index:
                before, now = shown_second, self.cursor_time
            if before != now and changes_with_time(run, columns, before, now):
                yield index

    def _marks_changed(self) -> None:
        self.update()
        self.post_message(self.MarksChanged())

    def _cells_of(self, run: Run, width: int) -> StyledRow:
        facts = self.facts
        is_stale = facts.is_stale(run)
        now = self.cursor_time if run is self.current else self.shown_at
        if facts.profile_width:
            now += facts.clock_skew(run.runner_id)
        return run_row(
            run,
            self.columns(width),
            now,
            known_until=facts.known_until(run.runner_id) if is_stale else now,
            runner=facts.runner_of(run.runner_id),
            runner_name=self._runner_names.get(run.runner_id, ""),
            profile=facts.profile_of(run.runner_id) if facts.profile_width else None,
            is_stale=is_stale,
            is_stopping=facts.is_stopping(run.key),
            cause=facts.cause_of(run),
            is_awaited=facts.is_awaited(run),
            is_polled=run.key in self._shown_polled_keys,
            hits=self.hits_of(run.key) if self.hits_of else None,
        )

    def _what_ages(self) -> tuple[datetime, AbstractSet[RunKey], AbstractSet[RunKey]]:
        """The time to show, and the visible runs that are stale, and that are polled."""
        _, visible = self._visible()
        stale = {run.key for run in visible if self.facts.is_stale(run)}
        polled = {run.key for run in visible if self.facts.is_polled(run.key)}
        return tick_time(self._clock(), visible), stale, polled

    def _visible(self) -> tuple[int, Sequence[Run]]:
        """The index of the first visible run, and the visible runs."""
        top = self.scroll_offset.y
        return top, self.items[top : top + max(1, self.size.height)]


def is_running(run: Run) -> bool:
    """Whether the duration of a run grows."""
    return not run.is_final and run.started_at is not None


def tick_time(now: datetime, visible: Sequence[Run]) -> datetime:
    """The time rounded down to the tick interval, which grows with the running rows.

    Args:
        now: the server's clock.
        visible: the runs on the screen.
    """
    ticking = sum(map(is_running, visible))
    step = next((step for max_rows, step in _TICK_STEPS if ticking <= max_rows), _MAX_TICK)
    return now - timedelta(seconds=now.second % step, microseconds=now.microsecond)


class RunHeader(TextBar):
    """The column headings of a run list.

    Args:
        runs: the list under the headings.
    """

    DEFAULT_CSS = """
    RunHeader { color: $text-muted; }
    """

    def __init__(self, runs: RunList) -> None:
        super().__init__(id="runs-header")
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
        """The headings over their columns; a sign marks the sort column."""
        yield StyledText(" ")
        sort, descending = self._runs.sorted_by
        for column in self._runs.columns(self._runs.row_width - 1):
            is_sorted = column.name == sort or (column.name == "age" and sort == "started")
            sign = _SORT_SIGNS[descending] if is_sorted else ""
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
            if event.x < end and column.name == "hits":
                return  # They are no property of a run.
            if event.x < end:
                self.post_message(self.Clicked("started" if column.name == "age" else column.name))
                return
