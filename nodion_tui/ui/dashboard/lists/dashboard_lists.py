"""The two lists of the dashboard: contents and titles of the runner list and the run list."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from nodion_tui.model.run import Run, newest_first
from nodion_tui.model.runner import Runner
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.ui.dashboard.layout import PaneName
from nodion_tui.ui.dashboard.lists.filters import ListFilters
from nodion_tui.ui.dashboard.lists.list_contents import ListContents, RunRows
from nodion_tui.ui.dashboard.lists.ordering import RunOrder
from nodion_tui.ui.dashboard.lists.profile_orders import ProfileOrders
from nodion_tui.ui.dashboard.lists.row_facts import facts_from
from nodion_tui.ui.dashboard.lists.run_list import RunHeader, RunList
from nodion_tui.ui.dashboard.lists.runner_list import ALL, RunnerList
from nodion_tui.ui.paint.titled_pane import TitledPane
from nodion_tui.ui.session.pins import Pins

if TYPE_CHECKING:
    from nodion_tui.monitor.merged.merged_runs import RunChoice
    from nodion_tui.monitor.monitor import Monitor
    from nodion_tui.monitor.runs.changes import Changes
    from nodion_tui.ui.dashboard.lists.columns import ColumnName


class DashboardLists:
    """The runners, and the runs of the runner under the cursor.

    Args:
        waiting: placeholder text while there is no monitor.
        ascii_only: whether the terminal shows ASCII only.
        pins: which runners come first; None: none does.
    """

    def __init__(self, waiting: str, *, ascii_only: bool = False, pins: Pins | None = None) -> None:
        self.pins = pins or Pins()
        """Which runners come first."""
        self.filters = ListFilters(self._refresh)
        """The filters of both lists."""
        self.filter_changed: Callable[[], None] = lambda: None
        """Called after a filter has changed and its list was refilled."""
        self.order = RunOrder(self.show_runs)
        """Order and columns of the runs."""
        self.orders = ProfileOrders(self.order)
        """Order and columns of each profile."""
        self.contents = ListContents(self.filters, self.order, waiting, self.pins)
        """What is known."""
        self.is_typing_filter: Callable[[], bool] = lambda: False
        """Whether the line of a filter is open."""
        self.is_wide = True
        """Whether both lists are on the screen."""
        self._rows = RunRows()
        self._shown_runner = ALL.id
        self.runners = RunnerList(
            self.contents.now, ascii_only=ascii_only, is_pinned=self.pins.is_pinned
        )
        self.runs = RunList(self.contents.now)
        self._header = RunHeader(self.runs)
        self.runners_pane = TitledPane(self.runners, id="runners-pane")
        self.runs_pane = TitledPane(self._header, self.runs, id="runs-pane")

    @property
    def current_run(self) -> Run | None:
        """The run under the cursor."""
        return self.runs.current

    @property
    def current_runner(self) -> Runner | None:
        """The runner whose runs are shown, else that of the run under the cursor."""
        chosen = self.runners.current
        if chosen is not None and chosen is not ALL:
            return chosen
        run, monitor = self.current_run, self.contents.monitor
        return monitor.runs.runner(run.runner_id) if run and monitor else None

    @property
    def runner_id(self) -> str:
        """The runner whose runs are shown; empty for all."""
        chosen = self.runners.current
        return chosen.id if chosen is not None else ALL.id

    @property
    def visible_runner_ids(self) -> tuple[str, ...]:
        """The runners whose runs are shown."""
        if self.runner_id:
            return (self.runner_id,)
        return tuple(self.contents.names())

    @property
    def selected_runner_ids(self) -> set[str]:
        """The runners under the cursors: that of the runs, and that of the current run."""
        run = self.current_run
        return {self.runner_id, run.runner_id if run else ""} - {""}

    @property
    def marked_runs(self) -> Sequence[Run]:
        """The marked runs, newest first, including those hidden by a filter."""
        monitor = self.contents.monitor
        runs = map(monitor.runs.run, self.runs.marks.keys) if monitor else ()
        return sorted(filter(None, runs), key=newest_first)

    def run_choice(self) -> "RunChoice":
        """The marked runs, or else those that match the filter of the run list."""
        from nodion_tui.monitor.merged.merged_runs import RunChoice  # noqa: PLC0415 - seldom

        marked = frozenset(self.runs.marks.keys)
        run_filter = self.filters[PaneName.RUNS]
        if run_filter is not None and run_filter.log_queries:
            run_filter = run_filter.without("log") or None  # It searches runs that have ended.
        return RunChoice(run_filter, marked)

    @property
    def marks_summary(self) -> str:
        """How many runs are marked, and how many of them are not in the list."""
        marked = len(self.runs.marks)
        hidden = marked - sum(run.key in self.runs.marks for run in self.runs.items)
        rows = "1 marked run" if marked == 1 else f"{marked} marked runs"
        return f"{rows}, {hidden} hidden" if hidden else rows

    def attach(self, monitor: "Monitor") -> None:
        """Use a monitor as the source of the lists."""
        self.orders.attach(monitor.name)
        self.pins.profile = monitor.name
        self.contents.monitor = monitor
        self.runners.store = monitor.runs
        self.runners.find_overdue = monitor.due.runners
        self.runners.is_known = monitor.failures.is_known
        facts = self.runs.facts = facts_from(monitor)
        self.runs.tell_visible = monitor.streams.set_on_screen
        self.runners.profile_of, self.runners.profile_width = facts.profile_of, facts.profile_width

    def detach(self, waiting: str) -> None:
        """Have no source.

        Args:
            waiting: placeholder text; empty: as before.
        """
        self.contents.log_term.clear()
        self.contents.monitor, self.contents.waiting = None, waiting or self.contents.waiting
        self.runners.store = None
        self.runners.find_overdue = dict

    def show_runners(self) -> None:
        """Refill both lists."""
        # Beside the run list, which shows the text in full, it would only be noise.
        self.runners.placeholder = () if self.is_wide else (self.contents.waiting,)
        self.runners.show(self.contents.runner_rows())
        self.show_runs()

    def show_runs(self) -> None:
        """Refill the run list."""
        self._want_causes()
        rows = self._rows = self.contents.run_rows(self.runner_id)
        if self.contents.monitor is not None:  # otherwise the headings stay as they are
            self._shown_runner = self.runner_id
            self.runs.set_runner_names(rows.runner_names)
            self.runs.chosen_columns = self.order.columns
            self.runs.sorted_by = (self.order.sort, self.order.descending)
        term = self.contents.log_term
        self.runs.hits_of = term.hits_of if term.is_active else None
        self.runs.placeholder = rows.empty_text
        self.runs.show(rows.runs)
        self._header.update()
        self.update_titles()

    def show_other_runner(self) -> None:
        """Refill the run list after the cursor has moved to another runner."""
        if self.runner_id != self._shown_runner:
            self.runs.cursor.pinned_to_top = True
            self.show_runs()
            self.runs.cursor.pinned_to_top = not self.is_loaded()

    def show_changes(self, changes: "Changes") -> None:
        """Show what has changed; the cursor stays on its run once all lists are loaded."""
        has_run_changes = bool(changes.runs or changes.removed)
        depends_on_runs = self.filters.runners_depend_on_runs
        if changes.runners_changed or (has_run_changes and depends_on_runs):
            self.show_runners()
        elif has_run_changes or not self.runs.row_count:
            self.runners.update()
            self.show_runs()
        elif not changes.freshness_only:
            self.runners.update()  # A list may be readable no more, or again.
            self.runs.tick()
        # Only now: the last list to come may have the newest run.
        self.runs.cursor.pinned_to_top = self.runs.cursor.pinned_to_top and not self.is_loaded()

    def tick(self) -> None:
        """Show what changes with time alone."""
        if self.runners.tick():
            self.show_runners()
        self.runs.tick()

    def show_runner(self, runner_id: str) -> None:
        """Put the cursor on a runner, and show it in spite of a filter."""
        if all(runner.id != runner_id for runner in self.runners.items):
            self.filters.clear(PaneName.RUNNERS)
        self.runners.select(runner_id)

    def reveal(self, run: Run) -> None:
        """Put the cursor on a run, now or when it is listed, and show it in spite of filters."""
        if self.runner_id not in {"", run.runner_id}:
            self.runners.select(run.runner_id)
        if not self.contents.is_selected(run):
            self.filters.clear(PaneName.RUNS)
        self.show_runs()
        self.runs.select(run.key)

    def shown_columns(self) -> "frozenset[ColumnName]":
        """The columns that fit; an age is that of the start."""
        shown = {column.name for column in self.runs.columns(self.runs.row_width - 1)}
        return frozenset(shown | {"started"} if "age" in shown else shown)

    def update_titles(self) -> None:
        """Update the titles in the frames of the lists."""
        name = sanitize((self.runners.current or ALL).label)
        index, count = self.runners.cursor.index, len(self.contents.runners)
        position = f"  [ {index} of {count} ]" if index and not self.is_wide else ""
        total = self._run_count()
        if self.contents.log_term.is_active:  # Below is the progress of its search.
            total += sanitize(f" · /{self.filters.text(PaneName.RUNS)}")
        title = (f"Runs · {name}{position}{total}", f"Runs · {name}{total}", f"{name}{total}")
        self.runners_pane.set_titles(
            "Runners", self._filter_status(PaneName.RUNNERS, max(0, self.runners.row_count - 1))
        )
        self.runs_pane.set_titles(
            title,
            self._marks_status()
            or self._log_status()
            or self._filter_status(PaneName.RUNS, self.runs.row_count),
        )

    def keep_filter(self) -> None:
        """Act on a filter that was typed: fetch what it searches, go to the first runner found."""
        self.contents.log_term.fetch()
        if self.filters.is_set(PaneName.RUNNERS) and self.runners.current is ALL:
            self.runners.move_by(1)
        self.update_titles()
        self.filter_changed()

    def action_pin(self) -> None:
        """Pin the selected runner, or unpin it."""
        if (runner := self.current_runner) is not None:
            self.pins.toggle(runner.id)

    def action_previous_runner(self) -> None:
        """Show the runs of the previous runner."""
        self.runners.move_by(-1)

    def action_next_runner(self) -> None:
        """Show the runs of the next runner."""
        self.runners.move_by(1)

    def _refresh(self, pane: PaneName) -> None:
        if pane is PaneName.RUNNERS:
            self.show_runners()
        else:
            self.show_runs()
        self.filter_changed()

    def _want_causes(self) -> None:
        """Have the logs of failures read while their causes are on the screen."""
        monitor = self.contents.monitor
        if monitor is not None:
            is_filtered = any(each and each.values_of("cause") for each in self.filters.all)
            is_column = "cause" in self.order.columns or self.order.sort == "cause"
            monitor.failures.want("lists", wanted=is_filtered or is_column)

    def has_rows(self, pane: PaneName) -> bool:
        """Whether a list has rows, or would have without its filter; of other panes, the runs."""
        if pane is PaneName.RUNNERS:
            return bool(self.contents.runners)
        return bool(self._rows.total)

    def why_no_log(self) -> tuple[str, ...]:
        """What the log says while no run is under the cursor; empty: nothing is known of why."""
        return self.contents.why_no_log(self.runner_id)

    def is_loaded(self) -> bool:
        """Whether there are run lists to show, and all of them have been loaded."""
        shown = self.visible_runner_ids
        return bool(shown) and self.contents.is_loaded(shown)

    def _run_count(self) -> str:
        """The number of runs, how many of them match the filter, and a hidden order."""
        if not self._rows.total:
            return ""
        gap = " · "
        matching = f"{self.runs.row_count:,} of " if self.filters[PaneName.RUNS] else ""
        order = self.order.hidden(self.shown_columns)
        return f"{gap}{matching}{self._rows.total:,}{gap if order else ''}{order}"

    def _marks_status(self) -> str:
        return f"{len(self.runs.marks)} marked" if self.runs.marks else ""

    def _log_status(self) -> str:
        """The progress of a search in the logs of runs."""
        texts = self.contents.log_term.status(is_typing=self.is_typing_filter())
        room = self.runs.row_width - 2
        return sanitize(next((text for text in texts if len(text) <= room), "".join(texts[-1:])))

    def _filter_status(self, pane: PaneName, found: int) -> str:
        """The filter of a list, how many rows it has left, and its first mistake.

        In a narrow list the mistake comes first: the filter itself stands in its line.
        """
        list_filter = self.filters[pane]
        if list_filter is None:
            return ""
        gap = " · "
        status = f"{found} found{gap}/{list_filter.text}"
        if not list_filter.problems:
            return sanitize(status)
        problem = list_filter.problems[0].message
        room = (self.runners if pane is PaneName.RUNNERS else self.runs).row_width - 2
        long = sanitize(f"{status}{gap}{problem}")
        return long if len(long) <= room else sanitize(f"{problem}{gap}{status}")
