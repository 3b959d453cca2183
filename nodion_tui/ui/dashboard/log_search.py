"""Lets the term `log:` of the run filter search in the logs of runs, beside the screen."""

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nodion_tui.ui.dashboard.lists.dashboard_lists import DashboardLists
    from nodion_tui.ui.dashboard.lists.filters import FilterLines
    from nodion_tui.ui.dashboard.lists.log_term import Cancellable


def search_logs(
    lists: "DashboardLists",
    filter_lines: "FilterLines",
    start: Callable[[Coroutine[Any, Any, None]], "Cancellable"],
    show_later: Callable[[], object],
) -> None:
    """Let the term search; a filter that is kept fetches what must be fetched.

    Args:
        lists: have the term, and show what it finds.
        filter_lines: tell whether a filter is being typed, and when it is kept.
        start: runs the search beside the screen.
        show_later: shows the runs again.
    """
    term = lists.contents.log_term
    term.start = start
    term.changed = show_later
    lists.is_typing_filter = lambda: filter_lines.is_open
    filter_lines.kept = lists.keep_filter
