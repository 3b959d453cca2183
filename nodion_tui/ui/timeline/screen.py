"""The timeline screen: runs of all runners as bars, and a duration plot of one runner."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from textual import events, on
from textual.widget import Widget

from nodion_tui.model.run import Run
from nodion_tui.model.sanitize import sanitize
from nodion_tui.monitor.storage.ui_state import UiState
from nodion_tui.monitor.timeline.time_axis import TimeWindow, time_axis
from nodion_tui.ui.chrome.mode_screen import ModeScreen
from nodion_tui.ui.commands.command import Command, Scope
from nodion_tui.ui.commands.cursor_keys import CursorKeys
from nodion_tui.ui.commands.delegate import delegate_actions
from nodion_tui.ui.commands.registry import bindings
from nodion_tui.ui.paint.theme import Glyphs
from nodion_tui.ui.paint.titled_pane import TitledPane
from nodion_tui.ui.session.messages import OpenRun
from nodion_tui.ui.timeline.axis_header import AxisHeader
from nodion_tui.ui.timeline.chart import TimelineChart
from nodion_tui.ui.timeline.detail import BarDetail
from nodion_tui.ui.timeline.duration_plot import DurationPlot
from nodion_tui.ui.timeline.model import COST_REFRESH_SECONDS, TimelineModel

_WINDOWS = tuple(TimeWindow)
PLOT_ROWS = 30
"""Minimum rows of the screen to show the plot by default."""


class TimelineScreen(ModeScreen):
    """Bars of all runners, and a duration plot of the current one."""

    CSS_PATH = Path(__file__).with_suffix(".tcss")
    BINDINGS = bindings("timeline")
    SCOPES: ClassVar[tuple[Scope, ...]] = ("timeline",)

    def __init__(self, glyphs: Glyphs, keymap: Mapping[str, str]) -> None:
        super().__init__(glyphs, keymap)
        self._board = TimelineModel(self._runs_of)
        self._window = TimeWindow.SIX_HOURS
        self._plot_wanted: bool | None = None
        self._shown_time: object = None
        self._chart = TimelineChart(self._board, glyphs, id="timeline-chart")
        self._axis_header = AxisHeader(self._board, lambda: self._chart.columns)
        self._detail = BarDetail(glyphs)
        self._plot = DurationPlot(glyphs)
        self._chart_pane = TitledPane(
            self._axis_header, self._chart, self._detail, id="timeline-pane"
        )
        self._plot_pane = TitledPane(self._plot, id="plot-pane")
        chart = self._chart
        delegate_actions(
            self, CursorKeys(chart.move_rows, lambda: chart.row_count, lambda: chart.size.height)
        )

    def compose_body(self) -> Iterable[Widget]:
        """The chart, and the plot under it."""
        for pane in (self._chart_pane, self._plot_pane):
            pane.set_class(self._glyphs.ascii, "-ascii")
            yield pane

    def on_mount(self) -> None:
        """Textual: focus the chart."""
        self._chart.focus()

    def on_resize(self, event: events.Resize) -> None:
        """Textual: show the plot only if it fits."""
        self._update_plot_visibility(event.size.height)

    def restart(self) -> None:
        """Reset the screen to the current monitor."""
        self._chart.reset()
        self._board.set_time(self._board.axis, self.now())
        self._board.set_runners(self.monitor.runs.runners if self.monitor else ())
        self._update()

    def restore_state(self, state: UiState) -> None:
        """Restore time window and idle runners from the saved state."""
        label = state.choices.get("timeline.window", "")
        self._window = next((window for window in _WINDOWS if window.label == label), self._window)
        self._board.show_idle(shown=state.choices.get("timeline.idle") != "hidden")

    def updated_state(self, state: UiState) -> UiState:
        """The state with the current time window and idle runners."""
        idle = "shown" if self._board.idle_shown else "hidden"
        return state.with_choice("timeline.window", self._window.label).with_choice(
            "timeline.idle", idle
        )

    def apply_changes(self, runner_ids: AbstractSet[str], *, runners: bool) -> None:
        """Recompute what has changed."""
        if runner_ids:
            self._board.invalidate(runner_ids)
        if runners and self.monitor is not None:
            self._board.set_runners(self.monitor.runs.runners)
        self._update()

    def tick(self) -> None:
        """Move the now line when it reaches another cell."""
        now = self.now()
        axis = time_axis(self._window, now, self._chart.columns.bars_width)
        cost = now.timestamp() // COST_REFRESH_SECONDS if self._has_active_runs() else 0
        shown_time = (axis, axis.now(now), cost)
        if shown_time != self._shown_time:
            self._shown_time = shown_time
            self._update()
        else:
            self._update_detail(now)

    def is_available(self, command: Command) -> bool:
        """Whether a command is applicable now; the window range is limited."""
        match command.id:
            case "app.timeline" | "app.back":
                return False
            case "timeline.longer":
                return self._window is not _WINDOWS[-1]
            case "timeline.shorter":
                return self._window is not _WINDOWS[0]
            case "timeline.open":
                return self._chart.current_bar is not None
            case _:
                return True

    def action_longer(self) -> None:
        """Show a longer time window."""
        self._change_window(1)

    def action_shorter(self) -> None:
        """Show a shorter time window."""
        self._change_window(-1)

    def action_toggle_idle(self) -> None:
        """Hide or show runners without a run in the window."""
        self._board.show_idle(shown=not self._board.idle_shown)
        self._update()

    def action_toggle_plot(self) -> None:
        """Show or hide the plot."""
        self._plot_wanted = not self._plot_pane.display
        self._update_plot_visibility(self.size.height)

    def action_refresh_now(self) -> None:
        """Poll the runner under the cursor now."""
        runner = self._chart.current_runner
        if self.monitor is not None and runner is not None:
            self.monitor.poller.refresh((runner.id,))

    def action_open_run(self) -> None:
        """Show the run under the cursor in the dashboard."""
        if (bar := self._chart.current_bar) is not None:
            self.post_message(OpenRun(bar.key))

    def action_bar_left(self) -> None:
        """Move the cursor to the previous run."""
        self._chart.move_bars(-1)

    def action_bar_right(self) -> None:
        """Move the cursor to the next run."""
        self._chart.move_bars(1)

    def action_bar_first(self) -> None:
        """Move the cursor to the oldest run of the row."""
        self._chart.move_bars(-self._board.axis.cells)

    def action_bar_last(self) -> None:
        """Move the cursor to the newest run of the row."""
        self._chart.move_bars(self._board.axis.cells)

    @on(TimelineChart.Chosen)
    def _handle_bar_chosen(self) -> None:
        self.action_open_run()

    @on(TimelineChart.Moved)
    def _handle_cursor_moved(self) -> None:
        runner = self._chart.current_runner
        if self.monitor is not None and runner is not None:
            self.monitor.poller.set_selected({runner.id})
        self._update_current()

    def _runs_of(self, runner_id: str) -> Sequence[Run]:
        return self.monitor.runs.runs_of(runner_id) if self.monitor else ()

    def _has_active_runs(self) -> bool:
        return self.monitor is not None and bool(self.monitor.runs.active)

    def _change_window(self, by: int) -> None:
        index = _WINDOWS.index(self._window) + by
        self._window = _WINDOWS[min(max(index, 0), len(_WINDOWS) - 1)]
        self._update()
        self._update_edges()

    def _update_plot_visibility(self, height: int) -> None:
        shows_plot = height >= PLOT_ROWS if self._plot_wanted is None else self._plot_wanted
        self._plot_pane.display = shows_plot
        self._update_current()

    def _update(self) -> None:
        """Update chart, plot and detail; only changes are painted."""
        self._chart.placeholder = self._empty_text()
        self._chart.show(self._window, self.now())
        self._axis_header.update()
        labels = " ".join(
            f"[{window.label}]" if window is self._window else window.label for window in _WINDOWS
        )
        idle = "" if self._board.idle_shown else "idle runners hidden"
        self._chart_pane.set_titles(f"Timeline {self._glyphs.separator} {labels}", idle)
        self._update_current()

    def _update_current(self) -> None:
        """Update the detail row and the plot."""
        self._update_detail(self._board.now)
        if not self._plot_pane.display:
            return
        runner = self._chart.current_runner
        summary = self._board.summary(runner) if runner else None
        runs = self._runs_of(runner.id) if runner else ()
        self._plot.show(runs, summary, self._chart.columns, self._board.axis, self._board.now)
        name = f" {self._glyphs.separator} {sanitize(runner.label)}" if runner else ""
        self._plot_pane.set_titles(f"Durations{name}")

    def _update_detail(self, now: datetime) -> None:
        bar = self._chart.current_bar
        run = self.monitor.runs.run(bar.key) if self.monitor and bar else None
        self._detail.show(self._chart.current_runner, bar, run, now)

    def _empty_text(self) -> tuple[str, ...]:
        if self.monitor is None:
            return (self.waiting,)
        if not self.monitor.runs.runners:
            return ("No runners.",)
        return ("No runner has a run in this time range.", "Press a to show idle runners.")
