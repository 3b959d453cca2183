"""Actions that go one level in, towards the log, or one level back."""

from typing import TYPE_CHECKING

from nodion_tui.ui.dashboard.layout import PaneName

if TYPE_CHECKING:
    from nodion_tui.ui.chrome.coach_line import CoachLine
    from nodion_tui.ui.dashboard.lists.dashboard_lists import DashboardLists
    from nodion_tui.ui.dashboard.log_slot import LogSlot
    from nodion_tui.ui.dashboard.panes import Panes


class LevelActions:
    """Goes from the runners to the runs and the log, and back.

    Args:
        lists: have marks and filters, which go before the focus does.
        panes: have the focus.
        log_slot: shows the log of the current run.
        coach: goes before the focus does, too.
    """

    def __init__(
        self, lists: "DashboardLists", panes: "Panes", log_slot: "LogSlot", coach: "CoachLine"
    ) -> None:
        self._lists = lists
        self._panes = panes
        self._log_slot = log_slot
        self._coach = coach

    def action_enter(self) -> None:
        """Go one level in, towards the log."""
        was_in_runs = self._panes.state.focused is PaneName.RUNS
        self._panes.focus(self._panes.state.inner)
        queries = self._lists.contents.log_term.queries
        if was_in_runs and queries and self._log_slot.pane is not None:
            self._log_slot.open()
            self._log_slot.pane.find_first(queries)

    def action_leave(self) -> None:
        """Stop fetching, clear marks or the filter, hide the coach line, or go one level back."""
        focused = self._panes.state.focused
        if self._lists.contents.log_term.stop():
            return
        if self._lists.runs.marks.clear() or self._lists.filters.clear(focused):
            return
        if self._coach.is_shown:
            self._coach.hide()
        else:
            self._panes.leave()
