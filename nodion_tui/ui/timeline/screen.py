"""The timeline screen: runs of all runners as bars, and a duration plot of one runner."""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from textual import events, on

from nodion_tui.ui.chrome.mode_screen import ModeScreen
from nodion_tui.ui.commands.command import Scope
from nodion_tui.ui.commands.cursor_keys import CursorKeys
from nodion_tui.ui.commands.delegate import delegate_actions
from nodion_tui.ui.commands.registry import bindings
from nodion_tui.ui.session.pins import Pins
from nodion_tui.ui.timeline.bar_keys import BarKeys
from nodion_tui.ui.timeline.chart import TimelineChart
from nodion_tui.ui.timeline.timeline_body import TimelineBody


class TimelineScreen(ModeScreen):
    """Bars of all runners, and a duration plot of the current one.

    Args:
        keymap: command id → keys, for rebound commands.
        ascii_only: whether the terminal shows ASCII only.
        pins: which runners come first; None: none does.
    """

    CSS_PATH = Path(__file__).with_suffix(".tcss")
    BINDINGS = bindings("timeline")
    SCOPES: ClassVar[tuple[Scope, ...]] = ("timeline",)

    def __init__(
        self, keymap: Mapping[str, str], *, ascii_only: bool, pins: Pins | None = None
    ) -> None:
        self._timeline = TimelineBody(self.update_edges, ascii_only=ascii_only, pins=pins)
        super().__init__(keymap, self._timeline)
        chart = self._timeline.chart
        rows = CursorKeys(chart.move_rows, lambda: chart.row_count, lambda: chart.size.height)
        bars = BarKeys(chart.move_bars)
        delegate_actions(self, self._timeline, self._timeline.options, rows, bars)

    def on_mount(self) -> None:
        """Textual: focus the chart."""
        self._timeline.chart.focus()

    def on_resize(self, event: events.Resize) -> None:
        """Textual: show the plot only if it fits."""
        self._timeline.resized(event.size.height)

    @on(TimelineChart.Chosen)
    def _handle_bar_chosen(self) -> None:
        self._timeline.action_open_run()

    @on(TimelineChart.Moved)
    def _handle_cursor_moved(self) -> None:
        self._timeline.cursor_moved()
