"""The dashboard screen: runners, runs, details of the current run, and its log."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widget import Widget

from nodion_tui.model.run import Run, RunKey
from nodion_tui.monitor.runs.changes import RUNNER_LIST, Changes
from nodion_tui.ui.commands.command import Scope
from nodion_tui.ui.commands.registry import bindings
from nodion_tui.ui.dashboard.cursor_list import CursorList
from nodion_tui.ui.dashboard.edges import DashboardEdges
from nodion_tui.ui.dashboard.layout import Layout, PaneName
from nodion_tui.ui.dashboard.run_actions import RunActions
from nodion_tui.ui.dashboard.run_detail import RunDetail, RunFacts
from nodion_tui.ui.dashboard.run_list import RunList
from nodion_tui.ui.dashboard.runner_list import ALL
from nodion_tui.ui.paint.theme import Glyphs
from nodion_tui.ui.paint.titled_pane import TitledPane
from nodion_tui.ui.session.messages import Reconnect, RunsChanged
from nodion_tui.ui.terminal.compositor import MinimalRepaintScreen

if TYPE_CHECKING:
    from textual.timer import Timer

    from nodion_tui.config import Profile
    from nodion_tui.monitor.insight.failure_groups import FailureGroup
    from nodion_tui.monitor.insight.silence import Silence
    from nodion_tui.monitor.insight.typical_duration import TypicalDuration
    from nodion_tui.monitor.log.session import LogSession
    from nodion_tui.monitor.monitor import Monitor
    from nodion_tui.monitor.storage.ui_state import UiState
    from nodion_tui.ui.log.pane import LogPane
    from nodion_tui.ui.session.bridge import ChangeBridge

STYLE_SHEET = Path(__file__).with_suffix(".tcss")
LOG_DELAY_SECONDS = 0.15
"""Debounce: a log is opened after the cursor has rested on its run for this long."""


class DashboardScreen(DashboardEdges, RunActions, MinimalRepaintScreen):
    """Shows one monitor at a time, which can be replaced.

    Args:
        glyphs: the glyph set to draw with.
        keymap: command id → keys, for rebound commands.
        waiting: placeholder text of the lists while there is no monitor.
    """

    BINDINGS = bindings("dashboard")
    AUTO_FOCUS = ""
    SCOPES: ClassVar[tuple[Scope, ...]] = ("dashboard", "log")
    """Scopes whose commands the palette offers on this screen."""

    def __init__(
        self, glyphs: Glyphs, keymap: Mapping[str, str], *, waiting: str = "Connecting …"
    ) -> None:
        super().__init__(glyphs, keymap, waiting)
        self._bridge: ChangeBridge | None = None
        self._log_timer: Timer | None = None
        self._typical: tuple[RunKey, TypicalDuration | None] | None = None
        self._failure_group: FailureGroup | None = None
        self._detail = RunDetail(glyphs, lambda: self._runs.shown_at, id="detail")
        self._log: LogPane | None = None
        self._saved_ui_state: UiState | None = None
        self._panes |= {
            PaneName.DETAIL: TitledPane(self._detail, id="detail-pane"),
            PaneName.LOG: TitledPane(id="log-waiting"),
        }

    def compose(self) -> ComposeResult:
        """Textual: the widgets of the screen."""
        *upper, log_placeholder = self._panes.values()
        yield self._title
        yield self._notice
        yield Horizontal(*upper, id="upper")
        yield log_placeholder
        yield self._footer

    def on_mount(self) -> None:
        """Textual: show the empty lists; mount the log pane after the first paint."""
        for pane in self._panes.values():
            pane.set_class(self._glyphs.ascii, "-ascii")
        self.watch(self, "focused", self._focus_changed, init=False)
        self.show_runners()
        self._show_detail()
        self._panes[PaneName.LOG].set_titles("Log")
        self.call_after_refresh(self._mount_log_pane)

    def on_screen_resume(self) -> None:
        """Textual: update the screen, and poll the current runner first."""
        self._prioritize_polling()
        self._tick()
        if self._log is not None:
            self._log.redraw()

    def attach(self, monitor: "Monitor") -> None:
        """Show a monitor, and nothing of the previous one."""
        from nodion_tui.ui.session.bridge import ChangeBridge  # noqa: PLC0415 - after the first paint

        self.detach()
        self.monitor = monitor
        self._bridge = ChangeBridge(monitor.runs, self)
        self.bind_lists(monitor, self._is_stale)
        if self.is_mounted:
            self._runners.select(ALL.id)
            self.show_runners()

    def detach(self, waiting: str = "", profile: "Profile | None" = None) -> None:
        """Show no monitor.

        Args:
            waiting: placeholder text; empty: as before.
            profile: the profile that is being connected; None: not known.
        """
        self._waiting = waiting or self._waiting
        if self._bridge is not None:
            self._bridge.close()
        self.monitor = self._bridge = self._runners.store = self._typical = None
        if self.is_mounted:
            self.show_runners()
            self._show_detail()
            self._open_log()
            self.clear_edges(profile)

    def restore_state(self, state: "UiState") -> None:
        """Restore order, columns and sizes from a saved state; unknown values are ignored."""
        self.restore_order(state.lists.get("runs"))
        self.set_log_share(state.sizes.get("log", 0))
        self._saved_ui_state = state
        if self._log is not None:
            self._log.restore_state(state)

    def updated_state(self, state: "UiState") -> "UiState":
        """The state with the current settings of the dashboard."""
        state = state.with_list("runs", self.order_to_save()).with_size("log", self.log_share)
        return state if self._log is None else self._log.updated_state(state)

    def show_run(self, run: Run) -> None:
        """Put the cursor on a run and follow its log."""
        if self.runner_id not in {"", run.runner_id}:
            self._runners.select(run.runner_id)
        if not self.filtered_runs([run]):
            self.clear_filter(PaneName.RUNS)
        self.show_runs()
        self._runs.select(run.key)
        self._open_log()
        if self.pane_state.layout is Layout.NARROW:
            self.focus_pane(PaneName.LOG)

    def focus_target(self, pane_name: PaneName) -> Widget:
        """The widget of a pane that receives the focus."""
        widgets: dict[PaneName, Widget] = {
            PaneName.RUNNERS: self._runners,
            PaneName.RUNS: self._runs,
            PaneName.DETAIL: self._detail,
            PaneName.LOG: self._log.view if self._log else self._panes[PaneName.LOG],
        }
        return widgets[pane_name]

    def pane_of(self, pane_name: PaneName) -> Widget:
        """The widget of a pane, with its frame."""
        return self._panes.get(pane_name) or self._log or self

    def panes_changed(self) -> None:
        """Update titles and footer after other panes are visible."""
        self.update_titles()
        self._footer.update()

    def action_enter(self) -> None:
        """Go one level in, towards the log."""
        self.focus_inner_pane()

    def action_leave(self) -> None:
        """Clear marks, or the filter, or go one level back."""
        if not self.clear_marks() and not self.clear_filter(self.pane_state.focused):
            self.focus_outer_pane()

    def action_refresh_now(self) -> None:
        """Poll the visible lists now, or reconnect."""
        monitor = self.monitor
        if monitor is None or monitor.key_rejected:
            self.post_message(Reconnect())
        else:
            monitor.poller.refresh((RUNNER_LIST, *self.visible_runner_ids))

    @on(CursorList.Chosen)
    def _handle_item_chosen(self) -> None:
        self.focus_inner_pane()

    @on(CursorList.Moved, "#runners")
    def _handle_runner_changed(self) -> None:
        self.show_other_runner()
        self._handle_run_changed()

    @on(CursorList.Moved, "#runs")
    def _handle_run_changed(self) -> None:
        self._prioritize_polling()
        self._show_detail()
        self._footer.update()
        if self._log_timer is not None:
            self._log_timer.stop()
        self._log_timer = self.set_timer(LOG_DELAY_SECONDS, self._open_log)

    @on(RunList.MarksChanged)
    def _handle_marks_changed(self) -> None:
        self.update_titles()

    @on(RunsChanged)
    def _handle_runs_changed(self) -> None:
        changes = self._bridge.take_changes() if self._bridge else Changes()
        self.unpin_when_loaded()
        has_run_changes = bool(changes.runs or changes.removed)
        if changes.runners_changed or (has_run_changes and self.runners_depend_on_runs()):
            self.show_runners()
        elif has_run_changes or not self._runs.row_count:
            self._runners.update()
            self.show_runs()
        if has_run_changes:
            self._typical = None
            self.count_failures()
            self._update_open_run(changes)
        if has_run_changes or changes.runners_changed:
            self._show_detail()
        self.update_edges()

    def _update_open_run(self, changes: Changes) -> None:
        for key in changes.runs:
            run = self.monitor.runs.run(key) if self.monitor else None
            if run is None:
                continue
            if self._log is not None:
                self._log.update_run(run)
            if self.stop_flow is not None:
                self.stop_flow.update_run(run)

    def _tick(self) -> None:
        """Update what depends on time; does nothing while another mode is active."""
        if self not in self.app.screen_stack:
            return
        self._runs.tick()
        run = self.current_run
        if run is not None and self._log_ended(run):
            self._typical = None
            self._show_detail()
        elif run is not None and not run.is_final:
            self._detail.show(self._facts())
        self.update_title()

    def _session(self, run: Run) -> "LogSession | None":
        session = self._log.session if self._log else None
        return session if session is not None and session.key == run.key else None

    def _log_ended(self, run: Run) -> bool:
        """Whether the last lines of the log of a failed run have just become known."""
        session = self._session(run)
        monitor = self.monitor
        if session is None or monitor is None:
            return False
        return monitor.anomalies.record_ending(run, session)

    def _silence(self, run: Run) -> "Silence | None":
        session = self._session(run)
        if run.is_final or session is None or self.monitor is None:
            return None
        return self.monitor.anomalies.silence(run, session, self.now())

    def _show_detail(self) -> None:
        self._detail.show(self._facts())
        self._panes[PaneName.DETAIL].set_titles(self._detail.title())

    def _facts(self) -> RunFacts | None:
        run, monitor = self.current_run, self.monitor
        if run is None or monitor is None:
            return None
        if self._typical is None or self._typical[0] != run.key:
            self._typical = run.key, monitor.typical_duration(run)
            self._failure_group = monitor.anomalies.failure_group(run)
        return RunFacts(
            run=run,
            runner=monitor.runs.runner(run.runner_id),
            typical=self._typical[1],
            stopping=monitor.runs.seconds_since_stop(run.key),
            is_stale=self._is_stale(run),
            failure_group=self._failure_group,
            silence=self._silence(run),
        )

    def _is_stale(self, run: Run) -> bool:
        return self.monitor is not None and self.monitor.is_stale(run)

    def _prioritize_polling(self) -> None:
        if self.monitor is not None:
            run = self.current_run
            runner_ids = {self.runner_id, run.runner_id if run else ""}
            self.monitor.poller.set_selected(runner_ids - {""})

    async def _mount_log_pane(self) -> None:
        """Mount the log pane, which is too expensive for the first paint.

        Then start the timers of both, which tick together, so that one frame is painted for both.
        """
        from nodion_tui.ui.log.pane import LogPane  # noqa: PLC0415 - after the first paint

        waiting = self._panes.pop(PaneName.LOG)
        self._log = LogPane(id="log-pane")
        if self._saved_ui_state is not None:
            self._log.restore_state(self._saved_ui_state)
        self._log.display = waiting.display
        await self.mount(self._log, after=waiting)
        self.set_interval(1.0, self._tick)
        await waiting.remove()
        self.apply_log_share()
        self._open_log()
        if self.pane_state.focused is PaneName.LOG:
            self.focus_pane(PaneName.LOG)

    def _open_log(self) -> None:
        if self._log_timer is not None:
            self._log_timer.stop()
            self._log_timer = None
        run = self.current_run
        if self._log is None:
            return
        self._log.monitor = self.monitor
        if run is None or self.monitor is None:
            self._log.show(None, None)
        else:
            self._log.show(self.monitor.logs.get(run.key), run)

    def _focus_changed(self, focused: Widget | None) -> None:
        self.follow_focus(focused)
        if self._log_timer is not None and self.pane_state.focused is PaneName.LOG:
            self._open_log()  # keys must not act on the log of the previous run
        self._footer.update()
