"""Keys that search and filter a log."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partialmethod

from nodion_tui.monitor.log.search.query import SearchQuery
from nodion_tui.ui.log.actions.pattern_edit import PatternEdit
from nodion_tui.ui.log.actions.running_search import RunningSearch
from nodion_tui.ui.log.open_log import OpenLog


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSearchActions:
    """Actions that search and filter."""

    search: RunningSearch
    open_bar: Callable[[PatternEdit], None]
    """Shows the search bar with an empty pattern."""
    close_bar: Callable[[], None]
    """Hides it."""
    focus_log: Callable[[], object]
    """Gives the focus to the log, after it was in the bar."""
    moved: Callable[[], None]
    """Repaints the log."""

    def action_log_search(self, log: OpenLog) -> None:
        """Open the search bar; where only matches are shown, the new pattern narrows them."""
        self.open_bar(PatternEdit(log, self.search, self._leave_bar))

    def action_log_only(self, log: OpenLog) -> None:
        """Switch between matches only and all lines; without a search, open the search bar."""
        if log.navigator.search is None:
            self.action_log_search(log)
            log.navigator.only_matches = True
        else:
            log.navigator.toggle_only_matches()
            self.search.redraw()

    def find_first(self, log: OpenLog, queries: Sequence[SearchQuery]) -> None:
        """Search for these queries from the first line on; `n` goes on."""
        log.navigator.only_matches = False
        self.search.start(log, tuple(queries[:1]), first=0)
        self.search.show_results(log)

    def end_search(self, log: OpenLog) -> bool:
        """Leave one level of the search; False without a search."""
        navigator = log.navigator
        if navigator.search is None:
            return False
        if navigator.only_matches and len(navigator.queries) > 1:
            self.search.start(log, navigator.queries[:-1])
        elif navigator.only_matches:
            navigator.toggle_only_matches()
        else:
            self.search.start(log, ())
        self.search.redraw()
        return True

    def close(self) -> None:
        """Stop searching before another log is shown."""
        self.search.stop()
        self.close_bar()

    def _step(self, log: OpenLog, *, back: bool) -> None:
        log.navigator.step(back=back)
        self.moved()

    def _widen(self, log: OpenLog, lines: int) -> None:
        """Show so many more lines around each match."""
        if log.navigator.only_matches:
            log.navigator.change_context(lines)
            self.search.redraw()

    action_log_next_match = partialmethod(_step, back=False)
    action_log_previous_match = partialmethod(_step, back=True)
    action_log_less_context = partialmethod(_widen, lines=-1)
    action_log_more_context = partialmethod(_widen, lines=1)

    def _leave_bar(self) -> None:
        self.close_bar()
        self.focus_log()
