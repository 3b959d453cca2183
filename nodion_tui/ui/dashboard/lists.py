"""The two lists of the dashboard: the runners and runs they show, and their titles."""

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
    """The runners, and the runs of the one under the cursor.

    Args:
        glyphs: the signs to paint with.
        waiting: what stands in the lists while there is no monitor.
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
        self._framed = {
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
        """The runs whose rows are marked, newest first; those that a filter hides, too."""
        if self.monitor is None:
            return ()
        known = map(self.monitor.runs.run, self._runs.marks.keys)
        return tuple(sorted(filter(None, known), key=newest_first))

    @property
    def marks_summary(self) -> str:
        """How many rows are marked, and how many of them are out of sight."""
        marked = len(self._runs.marks)
        hidden = marked - sum(run.key in self._runs.marks for run in self._runs.items)
        rows = "1 marked row" if marked == 1 else f"{marked} marked rows"
        return f"{rows}, {hidden} out of sight" if hidden else rows

    def clear_marks(self) -> bool:
        """Take the marks away; whether there were any."""
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
        """The lists of runs that are shown, by runner."""
        if self.runner_id:
            return (self.runner_id,)
        return tuple(runner.id for runner in self.monitor.runs.runners) if self.monitor else ()

    def bind_lists(self, monitor: "Monitor", is_stale: Callable[[Run], bool]) -> None:
        """Fill the lists from a monitor."""
        self._runners.store = monitor.runs
        self._runs.is_stale = is_stale
        self._runs.is_stopping = lambda key: monitor.runs.seconds_since_stop(key) is not None

    def show_runners(self) -> None:
        """Fill both lists anew."""
        if self.monitor is None:
            # Beside the runs, in whose pane it stands in full, it would be in the way.
            alone = self.pane_state.layout is not Layout.WIDE
            self._runners.placeholder = (self._waiting,) if alone else ()
            self._runs.placeholder = (self._waiting,)
            self._runners.show(())
        else:
            self._runners.show((ALL, *self._wanted_runners(self.monitor.runs)))
        self.show_runs()

    def _wanted_runners(self, known: "RunStore") -> "Sequence[Runner]":
        """Those of the runners that the filter lets through."""
        wanted = self.filters[PaneName.RUNNERS]
        if wanted is None:
            return known.runners
        now, names = self.now(), self._names()
        return [
            each
            for each in known.runners
            if wanted.matches_runner(each.label, known.runs_of(each.id), now=now, names=names)
        ]

    def runners_depend_on_runs(self) -> bool:
        """Whether the runners are filtered by what their runs are like."""
        wanted = self.filters[PaneName.RUNNERS]
        return wanted is not None and bool(wanted.binders)

    def show_runs(self) -> None:
        """Fill the list of runs anew."""
        if self.monitor is None:
            self._runs.show(())
        else:
            known, chosen = self.monitor.runs, self.runner_id
            self._shown_runner = chosen
            all_of = known.runs_of(chosen) if chosen else known.all_runs()
            self._total = len(all_of)
            self._runs.set_runner_names({} if chosen else self._names())
            self._runs.chosen_columns = self.chosen_columns
            self._runs.sorted_by = (self.sort, self.descending)
            self._runs.placeholder = self._no_runs(unfiltered=len(all_of))
            self._runs.show(self.filtered_runs(all_of))
        self._header.update()
        self.update_titles()

    def show_other_runner(self) -> None:
        """Fill the list of runs after the cursor has moved to another runner."""
        if self.runner_id != self._shown_runner:
            self._runs.pinned_to_top = True
            self.show_runs()
            self._runs.pinned_to_top = not self._is_loaded()

    def unpin_when_loaded(self) -> None:
        """Once all lists are there, the run under the cursor stays under the cursor."""
        self._runs.pinned_to_top = self._runs.pinned_to_top and not self._is_loaded()

    def filtered_runs(self, runs: Sequence[Run]) -> Sequence[Run]:
        """Those of the runs that the filter lets through."""
        wanted, now, names = self.filters[PaneName.RUNS], self.now(), self._names()
        found = runs if wanted is None else wanted.select(runs, now=now, names=names)
        return self.ordered(found, now=now, names=names)

    def shown_columns(self) -> "frozenset[ColumnName]":
        """The columns that there is room for."""
        shown = {each.name for each in self._runs.columns(self._runs.row_width - 1)}
        return frozenset({"started" if name == "age" else name for name in shown})

    @on(RunHeader.Clicked)
    def _heading_clicked(self, event: RunHeader.Clicked) -> None:
        self.sort_by(event.name)

    def refresh_list(self, place: PaneName) -> None:
        """Show what another filter wants."""
        if place is PaneName.RUNNERS:
            self.show_runners()
        else:
            self.show_runs()

    def update_titles(self) -> None:
        """Say in the frames what the lists hold."""
        runners = len(self.monitor.runs.runners) if self.monitor else 0
        chosen = sanitize((self._runners.current or ALL).label)
        place = self._runners.cursor
        turn = f"  [ {place} of {runners} ]" if self.pane_state.layout is not Layout.WIDE else ""
        self._framed[PaneName.RUNNERS].set_titles("Runners", self._filtered(PaneName.RUNNERS))
        title = f"Runs {self._glyphs.separator} {chosen}{turn if place else ''}{self._count()}"
        self._framed[PaneName.RUNS].set_titles(title, self._filtered(PaneName.RUNS))

    def action_previous_runner(self) -> None:
        """Show the runs of the runner before."""
        self._runners.action_cursor_up()

    def action_next_runner(self) -> None:
        """Show the runs of the next runner."""
        self._runners.action_cursor_down()

    def _is_loaded(self) -> bool:
        """Whether every list of runs that is shown has been answered."""
        runs = self.monitor.runs if self.monitor else None
        return runs is not None and all(
            runs.freshness(target).fetched_at is not None for target in self.visible_runner_ids
        )

    def _names(self) -> dict[str, str]:
        runners = self.monitor.runs.runners if self.monitor else ()
        return {runner.id: sanitize(runner.label) for runner in runners}

    def _no_runs(self, *, unfiltered: int) -> tuple[str, ...]:
        if unfiltered:
            return ("No run matches the filter.", "Esc clears it.")
        if self.monitor is None:
            return (self._waiting,)
        if self.monitor.runs.freshness(RUNNER_LIST).fetched_at is None:
            trouble = self.monitor.poller.outage
            return (errors.full_text(trouble.error) if trouble else self._waiting,)
        if not self._is_loaded():
            return ("Loading …",)
        if not self.monitor.runs.runners:
            return ("There are no runners.",)
        return ("No runs so far.", "Press t to trigger one.")

    def _count(self) -> str:
        """How many runs there are, and how many of them the filter lets through."""
        if not self._total or self.monitor is None:
            return ""
        shown = self._runs.row_count
        of_all = f"{shown:,} of " if self.filters[PaneName.RUNS] else ""
        order = self._hidden_order()
        order = f" {self._glyphs.separator} {order}" if order else ""
        return f" {self._glyphs.separator} {of_all}{self._total:,}{order}"

    def _hidden_order(self) -> str:
        """The order, where no sign behind a heading tells that it is not the usual one."""
        if self.sort == "created":
            return "" if self.descending else "oldest first"
        return "" if self.sort in self.shown_columns() else f"by {SORTS[self.sort][1].lower()}"

    def _filtered(self, place: PaneName) -> str:
        """What stands at the foot of a list: what its filter leaves, and the filter as it fits."""
        if place is PaneName.RUNS and self._runs.marks:
            return (
                f"{len(self._runs.marks)} marked {self._glyphs.separator} Esc takes the marks away"
            )
        wanted = self.filters[place]
        if wanted is None:
            return ""
        shown = (
            self._runs.row_count if place is PaneName.RUNS else max(0, self._runners.row_count - 1)
        )
        problem = (
            f" {self._glyphs.separator} {wanted.problems[0].message}" if wanted.problems else ""
        )
        return sanitize(f"{shown} found {self._glyphs.separator} /{wanted.text}{problem}")
