"""The timeline: the runs of all runners as bars, and how each runner fares."""

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
"""Under so many rows of the screen the plot is only there when it is asked for."""


class TimelineScreen(ModeScreen):
    """Bars of all runners, and a plot of the durations of one."""

    CSS_PATH = Path(__file__).with_suffix(".tcss")
    BINDINGS = bindings("timeline")
    SCOPES: ClassVar[tuple[Scope, ...]] = ("timeline",)

    def __init__(self, glyphs: Glyphs, keymap: Mapping[str, str]) -> None:
        super().__init__(glyphs, keymap)
        self._board = TimelineModel(self._runs_of)
        self._window = TimeWindow.SIX_HOURS
        self._wants_plot: bool | None = None
        self._moment: object = None
        self._chart = TimelineChart(self._board, glyphs, id="timeline-chart")
        self._head = AxisHeader(self._board, lambda: self._chart.columns)
        self._detail = BarDetail(glyphs)
        self._plot = DurationPlot(glyphs)
        self._chart_pane = TitledPane(self._head, self._chart, self._detail, id="timeline-pane")
        self._plot_pane = TitledPane(self._plot, id="plot-pane")

    def compose_body(self) -> Iterable[Widget]:
        """Bars over the plot."""
        for pane in (self._chart_pane, self._plot_pane):
            pane.set_class(self._glyphs.ascii, "-ascii")
            yield pane

    def on_mount(self) -> None:
        """Textual: the keys are those of the chart."""
        self._chart.focus()

    def on_resize(self, event: events.Resize) -> None:
        """Textual: a plot only where there is room for it."""
        self._arrange(event.size.height)

    def restart(self) -> None:
        """Show what another monitor knows."""
        self._chart.reset()
        self._board.set_time(self._board.axis, self.now())
        self._board.set_runners(self.monitor.runs.runners if self.monitor else ())
        self._show()

    def restore_state(self, state: UiState) -> None:
        """Show the time that was shown last."""
        chosen = state.choices.get("timeline.window", "")
        self._window = next((each for each in _WINDOWS if each.label == chosen), self._window)
        self._board.show_idle(shown=state.choices.get("timeline.idle") != "hidden")

    def updated_state(self, state: UiState) -> UiState:
        """The state with the time that is shown."""
        idle = "shown" if self._board.idle_shown else "hidden"
        return state.with_choice("timeline.window", self._window.label).with_choice(
            "timeline.idle", idle
        )

    def apply_changes(self, runner_ids: AbstractSet[str], *, runners: bool) -> None:
        """Work out anew what is different."""
        if runner_ids:
            self._board.invalidate(runner_ids)
        if runners and self.monitor is not None:
            self._board.set_runners(self.monitor.runs.runners)
        self._show()

    def tick(self) -> None:
        """Move the line of now on, where that is another cell."""
        now = self.now()
        axis = time_axis(self._window, now, self._chart.columns.bars_width)
        cost = now.timestamp() // COST_REFRESH_SECONDS if self._is_anything_active() else 0
        moment = (axis, axis.now(now), cost)
        if moment != self._moment:
            self._moment = moment
            self._show()
        else:
            self._show_run(now)

    def is_available(self, command: Command) -> bool:
        """Longer and shorter have ends."""
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
        """Show more time."""
        self._change_window(1)

    def action_shorter(self) -> None:
        """Show less time."""
        self._change_window(-1)

    def action_toggle_idle(self) -> None:
        """Leave runners out that have no run in this time, or show them again."""
        self._board.show_idle(shown=not self._board.idle_shown)
        self._show()

    def action_toggle_plot(self) -> None:
        """Show the plot, or give its room to the bars."""
        self._wants_plot = not self._plot_pane.display
        self._arrange(self.size.height)

    def action_refresh_now(self) -> None:
        """Ask for the runs of the runner under the cursor."""
        runner = self._chart.current_runner
        if self.monitor is not None and runner is not None:
            self.monitor.poller.refresh((runner.id,))

    def action_open_run(self) -> None:
        """Show the run under the cursor in the dashboard."""
        if (bar := self._chart.current_bar) is not None:
            self.post_message(OpenRun(bar.key))

    def action_row_up(self) -> None:
        """One row up."""
        self._chart.move_rows(-1)

    def action_row_down(self) -> None:
        """One row down."""
        self._chart.move_rows(1)

    def action_bar_left(self) -> None:
        """The run before."""
        self._chart.move_bars(-1)

    def action_bar_right(self) -> None:
        """The next run."""
        self._chart.move_bars(1)

    def action_bar_first(self) -> None:
        """The oldest run of the row."""
        self._chart.move_bars(-self._board.axis.cells)

    def action_bar_last(self) -> None:
        """The newest run of the row."""
        self._chart.move_bars(self._board.axis.cells)

    def action_first_row(self) -> None:
        """To the top."""
        self._chart.move_to_row(0)

    def action_last_row(self) -> None:
        """To the bottom."""
        self._chart.move_to_row(self._chart.row_count - 1)

    def action_page_up(self) -> None:
        """A screenful up."""
        self._chart.move_rows(1 - self._chart.size.height)

    def action_page_down(self) -> None:
        """A screenful down."""
        self._chart.move_rows(self._chart.size.height - 1)

    def action_half_page_up(self) -> None:
        """Half a screenful up."""
        self._chart.move_rows(-max(1, self._chart.size.height // 2))

    def action_half_page_down(self) -> None:
        """Half a screenful down."""
        self._chart.move_rows(max(1, self._chart.size.height // 2))

    @on(TimelineChart.Chosen)
    def _chosen(self) -> None:
        self.action_open_run()

    @on(TimelineChart.Moved)
    def _moved(self) -> None:
        runner = self._chart.current_runner
        if self.monitor is not None and runner is not None:
            self.monitor.poller.set_selected({runner.id})
        self._show_one()

    def _runs_of(self, runner_id: str) -> Sequence[Run]:
        return self.monitor.runs.runs_of(runner_id) if self.monitor else ()

    def _is_anything_active(self) -> bool:
        return self.monitor is not None and bool(self.monitor.runs.active)

    def _change_window(self, by: int) -> None:
        at = _WINDOWS.index(self._window) + by
        self._window = _WINDOWS[min(max(at, 0), len(_WINDOWS) - 1)]
        self._show()
        self._tell()

    def _arrange(self, height: int) -> None:
        wanted = height >= PLOT_ROWS if self._wants_plot is None else self._wants_plot
        self._plot_pane.display = wanted
        self._show_one()

    def _show(self) -> None:
        """Bring everything up to date; what is the same is not painted."""
        self._chart.placeholder = self._nothing()
        self._chart.show(self._window, self.now())
        self._head.update()
        chosen = " ".join(f"[{w.label}]" if w is self._window else w.label for w in _WINDOWS)
        idle = "" if self._board.idle_shown else "idle runners are left out"
        self._chart_pane.set_titles(f"Timeline {self._glyphs.separator} {chosen}", idle)
        self._show_one()

    def _show_one(self) -> None:
        """What is told of the run and the runner under the cursor."""
        self._show_run(self._board.now)
        if not self._plot_pane.display:
            return
        runner = self._chart.current_runner
        summary = self._board.summary(runner) if runner else None
        runs = self._runs_of(runner.id) if runner else ()
        self._plot.show(runs, summary, self._chart.columns, self._board.axis, self._board.now)
        name = f" {self._glyphs.separator} {sanitize(runner.label)}" if runner else ""
        self._plot_pane.set_titles(f"Durations{name}")

    def _show_run(self, now: datetime) -> None:
        bar = self._chart.current_bar
        run = self.monitor.runs.run(bar.key) if self.monitor and bar else None
        self._detail.show(self._chart.current_runner, bar, run, now)

    def _nothing(self) -> tuple[str, ...]:
        if self.monitor is None:
            return (self.waiting,)
        if not self.monitor.runs.runners:
            return ("No runners so far.",)
        return ("No runner had a run in this time.", "a shows all of them.")
