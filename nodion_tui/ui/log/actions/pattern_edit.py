"""What is typed into the search bar: the log is searched while it is typed."""

from collections.abc import Callable

from nodion_tui.monitor.log.search.query import InvalidPattern, SearchQuery
from nodion_tui.ui.log.actions.running_search import RunningSearch
from nodion_tui.ui.log.open_log import OpenLog
from nodion_tui.ui.log.viewport.viewport import SavedPosition


class PatternEdit:
    """One use of the search bar; Escape returns to the search and the position before it.

    Where only matches are shown, the pattern narrows them.

    Args:
        log: the log to search.
        search: searches it.
        close_bar: closes the search bar and focuses the log.
    """

    def __init__(self, log: OpenLog, search: RunningSearch, close_bar: Callable[[], None]) -> None:
        self._log = log
        self._search = search
        self._close_bar = close_bar
        self._position = SavedPosition.of(log.viewport)
        self._queries_before = log.navigator.queries
        self._base_queries = log.navigator.base_queries

    @property
    def narrowed(self) -> str:
        """The queries that the pattern narrows."""
        return "".join(f"{query.shown} " for query in self._base_queries)

    def typed(self, query: SearchQuery) -> bool:
        """Search for a query; False if it is invalid."""
        queries = (*self._base_queries, query) if query.text else self._base_queries
        try:
            if queries != self._log.navigator.queries:
                self._position.restore(self._log.viewport)
                self._search.start(self._log, queries)
        except InvalidPattern as error:
            self._search.show_error(error)
            self._search.count_literal(self._log, queries)
            return False
        self._search.show_results(self._log)
        return True

    def submitted(self, query: SearchQuery) -> None:
        """Search for a query, and leave the search bar unless it is invalid."""
        if self.typed(query) or not query.text:
            self._close_bar()

    def cancelled(self) -> None:
        """Leave the search bar."""
        self._close_bar()
        navigator = self._log.navigator
        if navigator.queries != self._queries_before:
            self._search.start(self._log, self._queries_before)
        navigator.only_matches = navigator.only_matches and bool(self._queries_before)
        self._position.restore(self._log.viewport)
        self._search.redraw()
