"""The two lists of the dashboard: contents and titles of the runner list and the run list."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from textual import on

from nodion_tui.model.run import Run, newest_first
from nodion_tui.model.runner import Runner
from nodion_tui.model.sanitize import sanitize
from nodion_tui.monitor.runs.changes import RUNNER_LIST
from nodion_tui.ui.dashboard.layout import Layout, PaneName
from nodion_tui.ui.dashboard.ordering import SORTS, ListOrdering
from nodion_tui.ui.dashboard.run_list import RunHeader, RunList
from nodion_tui.ui.dashboard.runner_list import ALL, RunnerList
from nodion_tui.ui.paint.theme import Glyphs
from nodion_tui.ui.paint.titled_pane import TitledPane
from nodion_tui.ui.session import error_text as errors

if TYPE_CHECKING:
    from nodion_tui.monitor.monitor import Monitor
    from nodion_tui.monitor.runs.store import RunStore
    from nodion_tui.ui.dashboard.columns import ColumnName


class DashboardLists(ListOrdering):
    """The runners, and the runs of the runner under the cursor.

    Args:
        glyphs: the glyph set to draw with.
        waiting: placeholder text while there is no monitor.
    """

    def __init__(self, glyphs: Glyphs, waiting: str) -> None:
        super().__init__()
        self.monitor: Monitor | None = None
        self._glyphs = glyphs
        self._waiting = waiting
        self._shown_runner = ALL.id
        self._total = 0
        self._runners = RunnerList(glyphs, self.now, id="runners")
        self._runs = RunList(glyphs, self.now, id="runs")
        self._header = RunHeader(self._runs, id="runs-header")
        self._panes = {
            PaneName.RUNNERS: TitledPane(self._runners, id="runners-pane"),
            PaneName.RUNS: TitledPane(self._header, self._runs, id="runs-pane"),
        }

    def now(self) -> datetime:
        """The server's clock."""
        return self.monitor.server_now() if self.monitor else datetime.now(UTC)

    @property
    def current_run(self) -> Run | None:
        """The run under the cursor."""
        return self._runs.current

    @property
    def marked_runs(self) -> tuple[Run, ...]:
        """The marked runs, newest first, including those hidden by a filter."""
        if self.monitor is None:
            return ()
        runs = map(self.monitor.runs.run, self._runs.marks.keys)
        return tuple(sorted(filter(None, runs), key=newest_first))

    @property
    def marks_summary(self) -> str:
        """How many rows are marked, and how many of them are not in the list."""
        marked = len(self._runs.marks)
        hidden = marked - sum(run.key in self._runs.marks for run in self._runs.items)
        rows = "1 marked row" if marked == 1 else f"{marked} marked rows"
        return f"{rows}, {hidden} hidden" if hidden else rows

    def clear_marks(self) -> bool:
        """Unmark all rows; whether any were marked."""
        return self._runs.clear_marks()

    @property
    def current_runner(self) -> Runner | None:
        """The runner whose runs are shown, else that of the run under the cursor."""
        chosen = self._runners.current
        if chosen is not None and chosen is not ALL:
            return chosen
        run = self.current_run
        return self.monitor.runs.runner(run.runner_id) if self.monitor and run else None

    @property
    def runner_id(self) -> str:
        """The runner whose runs are shown; empty for all."""
        chosen = self._runners.current
        return chosen.id if chosen is not None else ALL.id

    @property
    def visible_runner_ids(self) -> tuple[str, ...]:
        """The runners whose runs are shown."""
        if self.runner_id:
            return (self.runner_id,)
        return tuple(runner.id for runner in self.monitor.runs.runners) if self.monitor else ()

    def bind_lists(self, monitor: "Monitor", is_stale: Callable[[Run], bool]) -> None:
        """Use a monitor as the source of the lists."""
        self._runners.store = monitor.runs
        self._runs.is_stale = is_stale
        self._runs.is_stopping = lambda key: monitor.runs.seconds_since_stop(key) is not None

    def show_runners(self) -> None:
        """Refill both lists."""
        if self.monitor is None:
            # Beside the run list, which shows the text in full, it would only be noise.
            alone = self.pane_state.layout is not Layout.WIDE
            self._runners.placeholder = (self._waiting,) if alone else ()
            self._runs.placeholder = (self._waiting,)
            self._runners.show(())
        else:
            self._runners.show((ALL, *self._filtered_runners(self.monitor.runs)))
        self.show_runs()

    def _filtered_runners(self, store: "RunStore") -> "Sequence[Runner]":
        """The runners that match the filter."""
        runner_filter = self.filters[PaneName.RUNNERS]
        if runner_filter is None:
            return store.runners
        now, names = self.now(), self._runner_names()
        return [
            runner
            for runner in store.runners
            if runner_filter.matches_runner(
                runner.label, store.runs_of(runner.id), now=now, names=names
            )
        ]

    def runners_depend_on_runs(self) -> bool:
        """Whether the runners are filtered by attributes of their runs."""
        runner_filter = self.filters[PaneName.RUNNERS]
        return runner_filter is not None and bool(runner_filter.binders)

    def show_runs(self) -> None:
        """Refill the run list."""
        if self.monitor is None:
            self._runs.show(())
        else:
            store, runner_id = self.monitor.runs, self.runner_id
            self._shown_runner = runner_id
            runs = store.runs_of(runner_id) if runner_id else store.all_runs()
            self._total = len(runs)
            self._runs.set_runner_names({} if runner_id else self._runner_names())
            self._runs.chosen_columns = self.chosen_columns
            self._runs.sorted_by = (self.sort, self.descending)
            self._runs.placeholder = self._empty_text(unfiltered=len(runs))
            self._runs.show(self.filtered_runs(runs))
        self._header.update()
        self.update_titles()

    def show_other_runner(self) -> None:
        """Refill the run list after the cursor has moved to another runner."""
        if self.runner_id != self._shown_runner:
            self._runs.pinned_to_top = True
            self.show_runs()
            self._runs.pinned_to_top = not self._is_loaded()

    def unpin_when_loaded(self) -> None:
        """Let the cursor stay on its run once all lists are loaded."""
        self._runs.pinned_to_top = self._runs.pinned_to_top and not self._is_loaded()

    def filtered_runs(self, runs: Sequence[Run]) -> Sequence[Run]:
        """The runs that match the filter, in the chosen order."""
        run_filter, now, names = self.filters[PaneName.RUNS], self.now(), self._runner_names()
        if run_filter is not None:
            runs = run_filter.select(runs, now=now, names=names)
        return self.ordered(runs, now=now, names=names)

    def shown_columns(self) -> "frozenset[ColumnName]":
        """The columns that fit."""
        shown = {column.name for column in self._runs.columns(self._runs.row_width - 1)}
        return frozenset({"started" if name == "age" else name for name in shown})

    @on(RunHeader.Clicked)
    def _heading_clicked(self, event: RunHeader.Clicked) -> None:
        self.sort_by(event.name)

    def refresh_list(self, pane: PaneName) -> None:
        """Apply the current filter and order to a list."""
        if pane is PaneName.RUNNERS:
            self.show_runners()
        else:
            self.show_runs()

    def update_titles(self) -> None:
        """Update the titles in the frames of the lists."""
        runners = len(self.monitor.runs.runners) if self.monitor else 0
        name = sanitize((self._runners.current or ALL).label)
        index = self._runners.cursor
        is_wide = self.pane_state.layout is Layout.WIDE
        position = f"  [ {index} of {runners} ]" if index and not is_wide else ""
        self._panes[PaneName.RUNNERS].set_titles("Runners", self._filter_status(PaneName.RUNNERS))
        title = f"Runs {self._glyphs.separator} {name}{position}{self._count()}"
        self._panes[PaneName.RUNS].set_titles(title, self._filter_status(PaneName.RUNS))

    def action_previous_runner(self) -> None:
        """Show the runs of the previous runner."""
        self._runners.action_cursor_up()

    def action_next_runner(self) -> None:
        """Show the runs of the next runner."""
        self._runners.action_cursor_down()

    def _is_loaded(self) -> bool:
        """Whether every run list that is shown has been loaded."""
        runs = self.monitor.runs if self.monitor else None
        return runs is not None and all(
            runs.freshness(target).fetched_at is not None for target in self.visible_runner_ids
        )

    def _runner_names(self) -> dict[str, str]:
        runners = self.monitor.runs.runners if self.monitor else ()
        return {runner.id: sanitize(runner.label) for runner in runners}

    def _empty_text(self, *, unfiltered: int) -> tuple[str, ...]:
        if unfiltered:
            return ("No run matches the filter.", "Press Esc to clear it.")
        if self.monitor is None:
            return (self._waiting,)
        if self.monitor.runs.freshness(RUNNER_LIST).fetched_at is None:
            outage = self.monitor.poller.outage
            return (errors.full_text(outage.error) if outage else self._waiting,)
        if not self._is_loaded():
            return ("Loading …",)
        if not self.monitor.runs.runners:
            return ("No runners.",)
        return ("No runs so far.", "Press t to trigger one.")

    def _count(self) -> str:
        """The number of runs, how many of them match the filter, and a hidden order."""
        if not self._total or self.monitor is None:
            return ""
        shown = self._runs.row_count
        matching = f"{shown:,} of " if self.filters[PaneName.RUNS] else ""
        order = self._hidden_order()
        order = f" {self._glyphs.separator} {order}" if order else ""
        return f" {self._glyphs.separator} {matching}{self._total:,}{order}"

    def _hidden_order(self) -> str:
        """The order, if it is not the default and no heading of the list shows it."""
        if self.sort == "created":
            return "" if self.descending else "oldest first"
        return "" if self.sort in self.shown_columns() else f"by {SORTS[self.sort][1].lower()}"

    def _filter_status(self, pane: PaneName) -> str:
        """The lower title of a list: marked rows, or the filter and how many rows match it."""
        gap = f" {self._glyphs.separator} "
        if pane is PaneName.RUNS and self._runs.marks:
            return f"{len(self._runs.marks)} marked{gap}Esc unmarks all"
        list_filter = self.filters[pane]
        if list_filter is None:
            return ""
        is_runs = pane is PaneName.RUNS
        shown = self._runs.row_count if is_runs else max(0, self._runners.row_count - 1)
        problem = f"{gap}{list_filter.problems[0].message}" if list_filter.problems else ""
        return sanitize(f"{shown} found{gap}/{list_filter.text}{problem}")
