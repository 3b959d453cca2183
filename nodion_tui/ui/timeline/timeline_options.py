"""What a person has chosen to see on the timeline."""

from collections.abc import Callable

from nodion_tui.monitor.storage.ui_state import TIMELINE_WINDOW, UiState
from nodion_tui.monitor.timeline.time_axis import TimeWindow
from nodion_tui.ui.timeline.model import TimelineModel

_WINDOWS = tuple(TimeWindow)
PLOT_ROWS = 30
"""Minimum rows of the screen to show the plot by default."""
MIN_PLOT_ROWS = 18
"""Minimum rows of the screen for the plot: with fewer, it would replace the runners."""


class TimelineOptions:
    """Time window, idle runners and plot, with the actions that change them.

    Args:
        model: whose idle runners are shown or hidden.
        changed: called after each change.
        refuse: tells why nothing has changed.
    """

    def __init__(
        self, model: TimelineModel, changed: Callable[[], None], refuse: Callable[[str], None]
    ) -> None:
        self._model = model
        self._changed = changed
        self._refuse = refuse
        self._plot_wanted: bool | None = None
        self.window = TimeWindow.SIX_HOURS
        self.screen_rows = 0

    @property
    def plot_shown(self) -> bool:
        """Whether the plot is shown: as chosen, or else if it fits."""
        if self._plot_wanted is None:
            return self.screen_rows >= PLOT_ROWS
        return self._plot_wanted and self.screen_rows >= MIN_PLOT_ROWS

    @property
    def idle_shown(self) -> bool:
        """Whether runners without a run in the window are shown."""
        return self._model.idle_shown

    @property
    def title(self) -> str:
        """The labels of all windows, with the chosen one in brackets."""
        return " ".join(
            f"[{window.label}]" if window is self.window else window.label for window in _WINDOWS
        )

    def can_lengthen(self, by: int) -> bool:
        """Whether there is a window that is longer by some steps, or shorter."""
        return 0 <= _WINDOWS.index(self.window) + by < len(_WINDOWS)

    def action_longer(self) -> None:
        """Show a longer time window."""
        self._lengthen(1)

    def action_shorter(self) -> None:
        """Show a shorter time window."""
        self._lengthen(-1)

    def action_toggle_idle(self) -> None:
        """Hide or show runners without a run in the window."""
        self._model.show_idle(shown=not self._model.idle_shown)
        self._changed()

    def action_toggle_plot(self) -> None:
        """Show or hide the plot, unless the window is too low for it."""
        if self.screen_rows < MIN_PLOT_ROWS:
            self._refuse(f"The plot needs {MIN_PLOT_ROWS} rows.")
            return
        self._plot_wanted = not self.plot_shown
        self._changed()

    def restore_state(self, state: UiState) -> None:
        """Restore time window and idle runners from the saved state."""
        label = state.choices.get(TIMELINE_WINDOW, "")
        self.window = next((window for window in _WINDOWS if window.label == label), self.window)
        self._model.show_idle(shown=state.choices.get("timeline.idle") != "hidden")

    def updated_state(self, state: UiState) -> UiState:
        """The state with the current time window and idle runners."""
        idle = "shown" if self._model.idle_shown else "hidden"
        return state.with_choice(TIMELINE_WINDOW, self.window.label).with_choice(
            "timeline.idle", idle
        )

    def _lengthen(self, by: int) -> None:
        if self.can_lengthen(by):
            self.window = _WINDOWS[_WINDOWS.index(self.window) + by]
            self._changed()
