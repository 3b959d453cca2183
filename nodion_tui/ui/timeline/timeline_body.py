"""The chart of the timeline, and the duration plot under it."""

from collections.abc import Callable, Iterable
from datetime import datetime

from msgspec.structs import replace
from textual.widget import Widget

from nodion_tui.model.run import Run, RunKey
from nodion_tui.model.runner import Runner
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.monitor.monitor import Monitor
from nodion_tui.monitor.runs.changes import Changes
from nodion_tui.monitor.runs.known_runs import KnownRuns, utc_now
from nodion_tui.monitor.storage.ui_state import UiState
from nodion_tui.monitor.timeline.time_axis import time_axis
from nodion_tui.ui.chrome.mode_body import ModeBody
from nodion_tui.ui.commands.command import Command
from nodion_tui.ui.paint.titled_pane import TitledPane
from nodion_tui.ui.session.error_text import why_not_listed
from nodion_tui.ui.session.messages import OpenRun
from nodion_tui.ui.session.pins import Pins
from nodion_tui.ui.session.watcher import CONNECTING
from nodion_tui.ui.timeline.axis_header import AxisHeader
from nodion_tui.ui.timeline.chart import TimelineChart
from nodion_tui.ui.timeline.detail import BarDetail, BarFacts
from nodion_tui.ui.timeline.duration_plot import DurationPlot
from nodion_tui.ui.timeline.model import COST_REFRESH_SECONDS, TimelineModel
from nodion_tui.ui.timeline.timeline_options import TimelineOptions


class TimelineBody(ModeBody):
    """Bars of all runners, and a duration plot of the current one.

    Args:
        update_commands: called when other commands may be available.
        ascii_only: whether the terminal shows ASCII only.
        pins: which runners come first; None: none does.
    """

    def __init__(
        self, update_commands: Callable[[], None], *, ascii_only: bool, pins: Pins | None = None
    ) -> None:
        self._pins = pins or Pins()
        self._pins.subscribe(self._order_changed)
        self._update_commands = update_commands
        self._runs = KnownRuns()
        self._now: Callable[[], datetime] = utc_now
        self._monitor: Monitor | None = None
        self._placeholder = ""
        self._model = TimelineModel(
            lambda runner_id: self._runs.runs_of(runner_id)  # noqa: PLW0108 - these are replaced
        )
        self._shown_time: object = None
        self.options = TimelineOptions(
            self._model,
            self._options_changed,
            lambda text: self.chart.app.notify(text, timeout=4, markup=False),
        )
        self.chart = TimelineChart(self._model, self._axis_fitted)
        self._axis_header = AxisHeader(self._model, lambda: self.chart.columns)
        self._detail = BarDetail()
        self._plot = DurationPlot(ascii_only=ascii_only)
        self._chart_pane = TitledPane(
            self._axis_header, self.chart, self._detail, id="timeline-pane"
        )
        self._plot_pane = TitledPane(self._plot, id="plot-pane")

    def widgets(self) -> Iterable[Widget]:
        """The chart, and the plot under it."""
        return (self._chart_pane, self._plot_pane)

    def restart(self, monitor: Monitor | None, placeholder: str) -> None:
        """Show a monitor, and nothing of the previous one."""
        self._monitor = monitor
        self._runs = monitor.runs if monitor else KnownRuns()
        self._now = monitor.server_now if monitor else utc_now
        if monitor is not None:
            self._model.known_until = monitor.known_until
            self._model.overdue_of = monitor.due.rhythm
            self._model.is_known = monitor.failures.is_known
            self._model.profile_of = monitor.accounts.row_profile
        self._placeholder = "" if monitor else placeholder
        self.chart.reset()
        self._model.set_time(self._model.axis, self._now())
        self._model.set_runners(self._pins.ordered(self._runs.runners))
        self.update()

    def note_changes(self, changes: Changes) -> None:
        """Drop what was computed from runs that have changed."""
        self._model.invalidate({key.runner_id for key in changes.runs | changes.removed})
        if changes.runners_changed:
            self._model.set_runners(self._pins.ordered(self._runs.runners))

    def update(self) -> None:
        """Update chart, plot and detail; only changes are painted."""
        self.chart.placeholder = self._empty_text()
        self.chart.show(self.options.window, self._now())
        self._axis_header.update()
        idle = "" if self._model.idle_shown else "idle runners hidden"
        title = f"Timeline · {self.options.title}"
        self._chart_pane.set_titles(title, idle)
        self._update_current()

    def tick(self) -> None:
        """Move the now line when it reaches another cell."""
        now = self._now()
        axis = time_axis(self.options.window, now, self.chart.columns.bars_width)
        cost = now.timestamp() // COST_REFRESH_SECONDS if self._runs.active else 0
        shown_time = (axis, axis.now(now), cost)
        if shown_time != self._shown_time:
            self._shown_time = shown_time
            self.update()
        else:
            self._update_detail(now)

    @property
    def selected_run(self) -> RunKey | None:
        """The run of the bar under the cursor."""
        bar = self.chart.current_bar
        return bar.key if bar else None

    @property
    def selected_runner(self) -> str:
        """The runner under the cursor."""
        runner = self.chart.current_runner
        return runner.id if runner else ""

    def is_available(self, command: Command) -> bool:
        """Whether a command is applicable now; the window range is limited."""
        match command.id:
            case "app.timeline" | "app.back" | "app.dashboard":
                return False
            case "timeline.longer":
                return self.options.can_lengthen(1)
            case "timeline.shorter":
                return self.options.can_lengthen(-1)
            case "timeline.open" | "timeline.left":
                return self.chart.current_bar is not None
            case "timeline.await":
                run = self._current_run
                return run is not None and not run.is_final
            case _:
                return True

    def worded(self, command: Command) -> Command:
        """A command in the words of the moment, as the footer shows it."""
        if command.id == "timeline.plot" and self.options.plot_shown:
            return replace(command, footer="hide plot")
        if command.id == "timeline.idle" and not self.options.idle_shown:
            return replace(command, footer="show idle")
        return command

    def restore_state(self, state: UiState) -> None:
        """Restore time window and idle runners from the saved state."""
        self.options.restore_state(state)

    def updated_state(self, state: UiState) -> UiState:
        """The state with the current time window and idle runners."""
        return self.options.updated_state(state)

    def action_refresh_now(self) -> None:
        """Poll the runner under the cursor now."""
        runner = self.chart.current_runner
        if runner is not None and self._monitor is not None:
            self._monitor.poller.ask_now((runner.id,))

    def action_pin(self) -> None:
        """Pin the runner under the cursor, or unpin it."""
        if self.chart.current_runner is not None:
            self._pins.toggle(self.chart.current_runner.id)

    def action_open_run(self) -> None:
        """Show the run under the cursor in the dashboard."""
        if (bar := self.chart.current_bar) is not None:
            self.chart.screen.post_message(OpenRun(bar.key))

    def action_await_bar(self) -> None:
        """Tell when the run under the cursor ends, or no longer."""
        from nodion_tui.ui.notify.await_end import toggle_awaited  # noqa: PLC0415 - seldom

        run = self._current_run
        if self._monitor is not None and run is not None:
            toggle_awaited(self.chart.app, self._monitor, (run,))

    def cursor_moved(self) -> None:
        """Poll the runner under the cursor first, and show its plot."""
        runner = self.chart.current_runner
        if runner is not None and self._monitor is not None:
            self._monitor.poller.set_selected({runner.id})
        self._update_current()

    def resized(self, screen_rows: int) -> None:
        """Show the plot only if it fits."""
        self.options.screen_rows = screen_rows
        self._plot_pane.display = self.options.plot_shown

    @property
    def _current_run(self) -> Run | None:
        bar = self.chart.current_bar
        return self._runs.run(bar.key) if bar else None

    def _order_changed(self) -> None:
        self._model.set_runners(self._pins.ordered(self._runs.runners))
        if self.chart.is_attached and self.chart.screen.is_current:
            self.update()

    def _axis_fitted(self) -> None:
        """Update what stands over and under the columns of the chart."""
        self._axis_header.update()
        self._update_current()

    def _options_changed(self) -> None:
        self._plot_pane.display = self.options.plot_shown
        self.update()
        self._update_commands()

    def _update_current(self) -> None:
        """Update the detail row and the plot."""
        self._update_detail(self._model.now)
        if not self._plot_pane.display:
            return
        runner = self.chart.current_runner
        summary = self._model.summary(runner) if runner else None
        runs = self._runs.runs_of(runner.id) if runner else ()
        self._plot.show(runs, summary, self.chart.columns, self._model.axis, self._model.now)
        name = f" · {sanitize(self._label(runner))}" if runner else ""
        self._plot_pane.set_titles(f"Durations{name}")

    def _label(self, runner: Runner) -> str:
        return self._monitor.label(runner.id) if self._monitor else runner.label

    def _update_detail(self, now: datetime) -> None:
        bar, run = self.chart.current_bar, self._current_run
        known_until = min(self._model.known_until(run.runner_id), now) if run else now
        self._detail.show(BarFacts(self.chart.current_runner, bar, run, now, known_until))

    def _empty_text(self) -> tuple[str, ...]:
        if self._placeholder:
            return (self._placeholder,)
        if self._monitor is not None and not self._monitor.is_listed:
            return tuple(why_not_listed(self._monitor, CONNECTING))
        if not self._runs.runners:
            return ("No runners.",)
        return ("No runner has a run in this time range.", "Press a to show idle runners.")
