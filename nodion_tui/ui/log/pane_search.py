"""Log pane: search and filter keys."""

from collections.abc import Callable
from weakref import ref

from textual import on, work
from textual.message import Message
from textual.timer import Timer

from nodion_tui.model.errors import NodionError
from nodion_tui.monitor.log.search.log_search import LogSearch
from nodion_tui.monitor.log.search.query import InvalidPattern, SearchQuery
from nodion_tui.ui.log.pane_navigation import LogNavigation
from nodion_tui.ui.log.search_bar import LogSearchBar
from nodion_tui.ui.log.search_navigator import SearchNavigator
from nodion_tui.ui.session.error_text import full_text
from nodion_tui.ui.terminal.weak_worker import run_weak_worker

_DEBOUNCE_SECONDS = 0.12
"""Debounce of typing: seconds after a key before the search starts."""


class LogSearchActions(LogNavigation):
    """Actions that search and filter."""

    class SearchUpdated(Message):
        """The search has new results."""

        def can_replace(self, message: Message) -> bool:
            """Several in a row are merged into one."""
            return isinstance(message, LogSearchActions.SearchUpdated)

    search_bar: LogSearchBar
    """The input of the pattern."""
    navigator: SearchNavigator | None = None
    """The search in the current log."""
    _debounce: Timer | None = None
    _unsubscribe_search: Callable[[], None] | None = None
    _queries_before: "tuple[SearchQuery, ...]" = ()
    """The queries before the search bar was opened."""
    _narrowed_queries: "tuple[SearchQuery, ...]" = ()
    """The queries that the pattern in the search bar narrows."""

    def action_log_search(self) -> None:
        """Open the search bar; where only matches are shown, the new pattern narrows them."""
        if self.navigator is None or self.viewport is None:
            return
        self._queries_before, self._narrowed_queries = (
            self.navigator.queries,
            self.navigator.base_queries,
        )
        self.viewport.save_position()
        prefix = "".join(f"/{query.text} " for query in self._narrowed_queries)
        self.search_bar.open(f"{prefix}/")

    def action_log_next_match(self) -> None:
        """Go to the next match."""
        self._step(back=False)

    def action_log_previous_match(self) -> None:
        """Go to the previous match."""
        self._step(back=True)

    def action_log_only(self) -> None:
        """Switch between matches only and all lines; without a search, open the search bar."""
        if self.navigator is None:
            return
        if self.navigator.search is None:
            self.action_log_search()
            self.navigator.only_matches = True
        else:
            self.navigator.toggle_only_matches()
            self.redraw()

    def action_log_less_context(self) -> None:
        """One context line less around each match."""
        self._widen(-1)

    def action_log_more_context(self) -> None:
        """One context line more around each match."""
        self._widen(1)

    def redraw(self) -> None:
        """Redraw lines and border; implemented by the pane."""
        raise NotImplementedError

    def end_search(self) -> bool:
        """Leave one level of the search; False without a search."""
        navigator = self.navigator
        if navigator is None or navigator.search is None:
            return False
        if navigator.only_matches and len(navigator.queries) > 1:
            self._start_search(navigator.queries[:-1])
        elif navigator.only_matches:
            navigator.toggle_only_matches()
        else:
            self._start_search(())
        self.redraw()
        return True

    def close_search(self) -> None:
        """Stop the search before another log is shown."""
        if self._unsubscribe_search is not None:
            self._unsubscribe_search()
            self._unsubscribe_search = None
        self.workers.cancel_group(self, "log-search")
        if self.navigator is not None and self.viewport is not None:
            self.viewport.entries.filter(None)
        # A log's annotations live as long as the log; the matcher would keep the search alive.
        self.view.annotations.matcher = self.navigator = None
        self.search_bar.close()

    @on(LogSearchBar.Changed)
    def _typed(self, event: LogSearchBar.Changed) -> None:
        event.stop()
        if self._debounce is not None:
            self._debounce.stop()
        if self.search_bar.is_open:  # the last change may arrive after Enter
            self._debounce = self.set_timer(
                _DEBOUNCE_SECONDS, lambda: self._search_for(event.pattern)
            )

    @on(LogSearchBar.Submitted)
    def _submitted(self, event: LogSearchBar.Submitted) -> None:
        event.stop()
        if self._debounce is not None:
            self._debounce.stop()
        if self._search_for(event.pattern) or not event.pattern:
            self.search_bar.close()
            self.view.focus()

    @on(LogSearchBar.Cancelled)
    def _cancelled(self, event: LogSearchBar.Cancelled) -> None:
        event.stop()
        if self._debounce is not None:
            self._debounce.stop()
        self.search_bar.close()
        self.view.focus()
        if self.navigator is not None:
            if self.navigator.queries != self._queries_before:
                self._start_search(self._queries_before)
            self.navigator.only_matches = self.navigator.only_matches and bool(self._queries_before)
        if self.viewport is not None:
            self.viewport.restore_position()
        self.redraw()

    def _search_for(self, pattern: str) -> bool:
        """Search for the typed pattern; False if it is invalid."""
        if self.navigator is None:
            return False
        queries = (
            (*self._narrowed_queries, SearchQuery(pattern)) if pattern else self._narrowed_queries
        )
        try:
            if queries != self.navigator.queries:
                if self.viewport is not None:
                    self.viewport.restore_position()
                self._start_search(queries)
        except InvalidPattern as error:
            self._show_error(error)
            return False
        self._search_updated()
        return True

    def _start_search(self, queries: "tuple[SearchQuery, ...]") -> None:
        if self.navigator is None:
            return
        search = self.navigator.start(queries)
        if self._unsubscribe_search is not None:
            self._unsubscribe_search()
            self._unsubscribe_search = None
        self.workers.cancel_group(self, "log-search")
        self.view.annotations.matcher = self.navigator.match_spans if search else None
        if search is not None:
            self._unsubscribe_search = search.subscribe(self._post_search_updated)
            self._search(ref(search))

    @work(group="log-search", exclusive=True, exit_on_error=False)
    async def _search(self, search: ref[LogSearch]) -> None:
        await run_weak_worker(search)

    def _post_search_updated(self) -> None:
        self.post_message(self.SearchUpdated())

    @on(SearchUpdated)
    def _search_updated(self) -> None:
        navigator = self.navigator
        if navigator is None:
            return
        navigator.apply_results()
        if navigator.search is not None and navigator.search.state.error is not None:
            self._show_error(navigator.search.state.error)
        else:
            self.search_bar.show_result(navigator.match_count())
        self.redraw()

    def _show_error(self, error: NodionError) -> None:
        if self.search_bar.is_open:
            self.search_bar.show_result(error.detail or error.title, wrong=True)
        else:
            self.notify(full_text(error), severity="warning", markup=False)

    def _step(self, *, back: bool) -> None:
        if self.navigator is not None:
            self.navigator.step(back=back)
            self.view.announce_move()

    def _widen(self, lines: int) -> None:
        if self.navigator is not None and self.navigator.only_matches:
            self.navigator.change_context(lines)
            self.redraw()
