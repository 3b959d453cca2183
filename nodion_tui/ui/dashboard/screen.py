"""The dashboard screen: runners, runs, details of the current run, and its log."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult

from nodion_tui.model.run import Run
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.monitor.runs.changes import RUNNER_LIST
from nodion_tui.ui.chrome.coach_line import CoachLine
from nodion_tui.ui.chrome.edges import ScreenEdges
from nodion_tui.ui.chrome.ticking_screen import TickingScreen
from nodion_tui.ui.commands.command import Command, Scope
from nodion_tui.ui.commands.delegate import delegate_actions
from nodion_tui.ui.commands.registry import bindings, own_commands
from nodion_tui.ui.dashboard.cause_actions import CauseActions
from nodion_tui.ui.dashboard.detail_facts import DetailFacts
from nodion_tui.ui.dashboard.footer_hints import FooterState, footer_commands, typed_keys
from nodion_tui.ui.dashboard.layout import Layout, PaneName
from nodion_tui.ui.dashboard.level_actions import LevelActions
from nodion_tui.ui.dashboard.lists.cursor_list import CursorList
from nodion_tui.ui.dashboard.lists.dashboard_lists import DashboardLists
from nodion_tui.ui.dashboard.lists.filters import FilterLines
from nodion_tui.ui.dashboard.lists.ordering import OrderMenus
from nodion_tui.ui.dashboard.lists.run_list import RunHeader, RunList
from nodion_tui.ui.dashboard.lists.runner_list import ALL
from nodion_tui.ui.dashboard.log_search import search_logs
from nodion_tui.ui.dashboard.log_slot import LogSlot
from nodion_tui.ui.dashboard.panes import Pane, Panes
from nodion_tui.ui.dashboard.run_actions import RunActions
from nodion_tui.ui.dashboard.run_detail import RunDetail
from nodion_tui.ui.paint.titled_pane import TitledPane
from nodion_tui.ui.session.bridge import ChangeBridge
from nodion_tui.ui.session.error_text import key_action
from nodion_tui.ui.session.messages import Reconnect, RunsChanged
from nodion_tui.ui.session.pins import Pins

if TYPE_CHECKING:
    from textual.widget import Widget

    from nodion_tui.config import Profile
    from nodion_tui.monitor.monitor import Monitor
    from nodion_tui.monitor.storage.ui_state import UiState
    from nodion_tui.ui.dialogs.menu import MenuEntry

LOG_PANE_SECONDS = 0.5
"""Time after the first paint when the log pane is mounted, if no rows are to be shown before."""
STYLE_SHEET = Path(__file__).with_suffix(".tcss")


class DashboardScreen(TickingScreen):
    """Shows one monitor at a time, which can be replaced.

    Args:
        keymap: command id → keys, for rebound commands.
        waiting: placeholder text of the lists while there is no monitor.
        ascii_only: whether the terminal shows ASCII only.
        pins: which runners come first; None: none does.
        fits_log: whether a short log leaves its rows to the lists.
    """

    BINDINGS = bindings("dashboard")
    AUTO_FOCUS = ""
    SCOPES: ClassVar[tuple[Scope, ...]] = ("dashboard", "log")
    """Scopes whose commands the palette offers on this screen."""

    def __init__(
        self,
        keymap: Mapping[str, str],
        *,
        waiting: str = "Connecting …",
        ascii_only: bool = False,
        pins: Pins | None = None,
        fits_log: bool = True,
    ) -> None:
        super().__init__()
        self._watched: ChangeBridge | None = None
        self._edges = ScreenEdges(keymap, self._available_commands)
        self._coach = CoachLine(keymap)
        self._facts = DetailFacts()
        self.lists = lists = DashboardLists(waiting, ascii_only=ascii_only, pins=pins)
        """Runners and runs."""
        lists.filter_changed = self._edges.footer.update
        self._detail = RunDetail(lambda: lists.runs.cursor_time)
        self.log_slot = LogSlot(
            self,
            lambda: (self.monitor, self.current_run),
            (lists.runners, lists.runs, self._detail) if fits_log else (),
            why_none=lists.why_no_log,
        )
        """The log of the current run."""
        self._detail_pane = TitledPane(self._detail, id="detail-pane")
        self.panes = Panes(
            self,
            {
                PaneName.RUNNERS: Pane(lists.runners_pane, lists.runners),
                PaneName.RUNS: Pane(lists.runs_pane, lists.runs),
                PaneName.DETAIL: Pane(self._detail_pane, self._detail),
                PaneName.LOG: Pane(self.log_slot.waiting, self.log_slot.waiting),
            },
            self._show_panes,
        )
        """Focus, zoom and visibility of the panes."""
        self.run_actions = RunActions(
            lambda: self.app, lists, self.show_run, partial(self.run_worker, group="act")
        )
        """Actions on runs and runners."""
        start_menu = partial(self.run_worker, group="menu", exclusive=True)
        self._causes = CauseActions(
            lambda: self.app, lists, partial(self.panes.focus, PaneName.RUNS), start_menu
        )
        menus = OrderMenus(lists.order, lists.shown_columns, self._ask, start_menu)
        self._levels = LevelActions(lists, self.panes, self.log_slot, self._coach)
        filter_lines = FilterLines(
            lists.filters, self.panes, lists.contents.names, lists.contents.profile_names
        )
        search_logs(
            lists,
            filter_lines,
            partial(self.run_worker, group="log-term", exit_on_error=False),
            partial(self.call_later, lists.show_runs),
        )
        actions = (self.run_actions, self._causes, self._levels)
        delegate_actions(self, self.panes, lists, filter_lines, menus, *actions)

    @property
    def monitor(self) -> "Monitor | None":
        """The monitor that is shown; None until there is a profile."""
        return self._watched.monitor if self._watched else None

    @property
    def current_run(self) -> Run | None:
        """The run under the cursor."""
        return self.lists.current_run

    @property
    def read_run(self) -> Run | None:
        """The run whose log has the focus on this screen; None if none has."""
        has_focus = self.is_current and self.panes.state.focused is PaneName.LOG
        return self.current_run if has_focus else None

    def compose(self) -> ComposeResult:
        """Textual: the widgets of the screen, in the layout for its size from the beginning."""
        self.panes.begin(self.app.size)
        yield self._edges.title
        yield self._edges.notices
        yield self._coach
        yield self.panes.upper
        yield self.log_slot.waiting
        yield self._edges.footer

    def on_mount(self) -> None:
        """Textual: show the empty lists; mount the log pane later."""
        self.watch(self, "focused", self._follow_focus, init=False)
        self.lists.pins.subscribe(self.lists.show_runners)
        self._show_panes()
        self.lists.show_runners()
        self._show_detail()
        self.log_slot.waiting.set_titles("Log")
        self.set_timer(LOG_PANE_SECONDS, partial(self.log_slot.mount, self.panes))

    def on_resize(self, event: events.Resize) -> None:
        """Textual: the layout depends on the size."""
        self.panes.resize(event.size)
        self.log_slot.rest()

    def on_screen_suspend(self) -> None:
        """Textual: no row is on the screen."""
        self.lists.runs.tell_visible(())

    def on_screen_resume(self) -> None:
        """Textual: update the screen, and poll the current runner first."""
        self._prioritize_polling()
        self.tick()
        self.log_slot.redraw()

    def attach(self, monitor: "Monitor") -> None:
        """Show a monitor, and nothing of the previous one."""
        self.detach()
        self._watched = ChangeBridge(monitor, self)
        self.lists.attach(monitor)
        if monitor.archive is not None:
            monitor.archive.subscribe(self._tell_archive_problem)
        if monitor.profile.engine == "demo":
            self._coach.show()
        if self.is_mounted:
            self.lists.runners.select(ALL.id)
            self.lists.show_runners()
        if self._coach.is_shown:
            self.panes.focus(PaneName.RUNS)  # where Enter opens a log

    def detach(self, waiting: str = "", profile: "Profile | None" = None) -> None:
        """Show no monitor.

        Args:
            waiting: placeholder text; empty: as before.
            profile: the profile that is being connected; None: not known.
        """
        if self._watched is not None:
            self._watched.close()
            self._watched = None
        self.lists.detach(waiting)
        self._coach.hide()
        self._facts.forget()
        if self.is_mounted:
            self.lists.show_runners()
            self._show_detail()
            self.log_slot.open()
            self._edges.clear(profile)

    def restore_state(self, state: "UiState") -> None:
        """Restore order, columns and sizes from a saved state; unknown values are ignored."""
        self.lists.orders.restore_state(state)
        self.lists.pins.restore_state(state)
        self.panes.set_log_share(state.sizes.get("log", 0))
        self.log_slot.restore_state(state)

    def updated_state(self, state: "UiState") -> "UiState":
        """The state with the current settings of the dashboard."""
        state = self.lists.pins.updated_state(self.lists.orders.updated_state(state))
        return self.log_slot.updated_state(state.with_size("log", self.panes.log_share))

    def show_run(self, run: Run) -> None:
        """Put the cursor on a run and follow its log."""
        self.lists.reveal(run)
        self.log_slot.open()
        if self.panes.state.layout is Layout.NARROW:
            self.panes.focus(PaneName.LOG)

    def show_runner(self, runner_id: str) -> None:
        """Show the runs of a runner, in spite of a filter of the runners."""
        self.lists.show_runner(runner_id)
        self.panes.focus(PaneName.RUNS)

    def show_failure(self, run: Run) -> None:
        """Put the cursor on a failed run, and go to the first error of its log."""
        self.show_run(run)
        self.panes.focus(PaneName.LOG)
        if self.log_slot.pane is not None:
            self.log_slot.pane.go_to_first_error()

    def show_entry(self, index: int) -> None:
        """Go to an entry of the log that is shown."""
        self.panes.focus(PaneName.LOG)
        if self.log_slot.pane is not None:
            self.log_slot.pane.go_to(index)

    async def search_log(self) -> None:
        """Open the search of the log that is shown."""
        self.panes.focus(PaneName.LOG)
        if self.log_slot.pane is not None:
            await self.app.run_action("log_search", self.log_slot.pane)

    @on(CursorList.Chosen)
    def _go_in(self) -> None:
        self._levels.action_enter()

    def action_refresh_now(self) -> None:
        """Ask for the visible lists at once, and say so; or reconnect."""
        monitor = self.monitor
        if monitor is None or monitor.accounts.key_rejected:
            self.post_message(Reconnect())
        if monitor is not None and (monitor.has_several or not monitor.accounts.key_rejected):
            monitor.poller.ask_now((RUNNER_LIST, *self.lists.visible_runner_ids))
            self._edges.update_title(monitor, self.lists.visible_runner_ids)

    @on(CursorList.Moved, "#runners")
    def _show_other_runner(self) -> None:
        self.lists.show_other_runner()
        self._show_other_run()

    @on(CursorList.Moved, "#runs")
    def _show_other_run(self) -> None:
        self._prioritize_polling()
        self._show_detail()
        self._edges.footer.update()
        self.log_slot.open_soon()

    def on_log_view_moved(self) -> None:
        """Textual: a line was expanded, say, or lines are wrapped."""
        self.log_slot.grow()
        self._update_hints()

    def _update_hints(self) -> None:
        if self.log_slot.has_other_hints():
            self._edges.footer.update()

    @on(RunList.MarksChanged)
    def _show_marks(self) -> None:
        self.lists.update_titles()
        self._edges.footer.update()

    @on(RunHeader.Clicked)
    def _sort(self, event: RunHeader.Clicked) -> None:
        self.lists.order.sort_by(event.name)

    @on(RunsChanged)
    def _show_changes(self) -> None:
        if self._watched is None:
            return
        monitor, changes = self._watched.monitor, self._watched.take_changes()
        self.lists.show_changes(changes)
        has_run_changes = bool(changes.runs or changes.removed)
        if has_run_changes:
            self._facts.forget()
            self._edges.count_failures(monitor)
            for run in filter(None, map(monitor.runs.run, changes.runs)):
                self.log_slot.update_run(run)
                self.run_actions.update_run(run)
            self._causes.update()
        if self.log_slot.pane is None and (has_run_changes or self.lists.is_loaded()):
            self.call_after_refresh(partial(self.log_slot.mount, self.panes))
        if has_run_changes or changes.runners_changed:
            self._show_detail()
        if self.current_run is None:
            self.log_slot.redraw()  # it says why there is none
        self._edges.update(monitor, self.lists.visible_runner_ids, self.lists.runner_id)

    def tick(self) -> None:
        """Update what depends on time, also while a dialog is above."""
        self.log_slot.tick()
        self._update_hints()
        if self._watched is None:
            return
        monitor, run = self._watched.monitor, self.current_run
        self.lists.tick()
        if run is not None:
            session = self.log_slot.session_of(run)
            # Of a failed run, the last lines of its log may have just become known.
            if session is not None and monitor.anomalies.record_ending(run, session):
                self._facts.forget()
                self._show_detail()
            elif not run.is_final:
                self._detail.show(self._facts.of(run, monitor, session))
        self._edges.update_title(monitor, self.lists.visible_runner_ids)

    def _show_detail(self) -> None:
        run, monitor = self.current_run, self.monitor
        if run is None or monitor is None:
            self._detail.show(None)
        else:
            self._detail.show(self._facts.of(run, monitor, self.log_slot.session_of(run)))
        self._detail_pane.set_titles(self._detail.title())

    def _tell_archive_problem(self, problem: str) -> None:
        text = f"Archive: {sanitize(problem)}. The dashboard goes on."
        self.notify(text, severity="warning", markup=False, timeout=10)

    def _prioritize_polling(self) -> None:
        if self._watched is not None:
            self._watched.monitor.poller.set_selected(self.lists.selected_runner_ids)

    def _follow_focus(self, focused: "Widget | None") -> None:
        self.panes.follow(focused)
        if self.log_slot.is_pending and self.panes.state.focused is PaneName.LOG:
            self.log_slot.open()  # keys must not act on the log of the previous run
        self._edges.footer.update()

    def _show_panes(self) -> None:
        self.log_slot.grow()
        self.lists.is_wide = {PaneName.RUNNERS, PaneName.RUNS} <= set(self.panes.state.panes)
        self.lists.update_titles()
        self._edges.footer.update()

    def _available_commands(self) -> Sequence[Command]:
        """The commands that are applicable now; the footer shows no others."""
        monitor, run = self.monitor, self.current_run
        return footer_commands(
            FooterState(
                panes=self.panes.state,
                availability={**self.run_actions.availability(), **self._causes.availability()},
                own=own_commands(self.app),
                marked=len(self.lists.runs.marks),
                marked_active=sum(not each.is_final for each in self.lists.marked_runs),
                typed=typed_keys(self.log_slot.pane, is_filter=self.lists.is_typing_filter()),
                is_filtered=self.lists.filters.is_set(self.panes.state.focused),
                is_awaited=monitor is not None and run is not None and monitor.is_awaited(run),
                log=self.log_slot.hints,
                has_run=run is not None,
                has_rows=self.lists.has_rows(self.panes.state.focused),
                has_failure=monitor is not None and monitor.failures.has_new,
                key_action=key_action(monitor),
            )
        )

    async def _ask(self, title: str, entries: "Sequence[MenuEntry]") -> str | None:
        from nodion_tui.ui.dialogs.menu import Menu  # noqa: PLC0415 - seldom

        return await self.app.push_screen_wait(Menu(title, entries))
