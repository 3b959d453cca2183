"""The search that runs in the log that is shown, and where its results go."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from weakref import ref

from nodion_tui.model.errors import NodionError
from nodion_tui.monitor.log.search.query import SearchQuery
from nodion_tui.ui.log.actions.context import StartWorker
from nodion_tui.ui.log.actions.literal_count import LiteralCount
from nodion_tui.ui.log.open_log import OpenLog
from nodion_tui.ui.terminal.weak_worker import run_weak_worker

_GROUP = "log-search"


def _no_search() -> None:
    """Unsubscribes from nothing."""


@dataclass(slots=True, kw_only=True)
class RunningSearch:
    """Starts and stops searches; at most one runs."""

    show_count: Callable[[str], None]
    """Shows the number of matches where the pattern is typed."""
    show_error: Callable[[NodionError], None]
    """Shows why there are no results."""
    redraw: Callable[[], object]
    """Redraws the lines and the border of the log."""
    paint_early: Callable[[], object]
    """Has what is redrawn next painted without waiting for the next frame."""
    start_worker: StartWorker
    stop_workers: Callable[[str], object]
    """Stops the workers of a group."""
    call_later: Callable[[Callable[[], None]], object]
    """Calls a function when the pane has handled its messages."""
    _unsubscribe: Callable[[], None] = field(init=False, default=_no_search)
    _literal: LiteralCount = field(init=False)
    _literal_queries: tuple[SearchQuery, ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        self._literal = LiteralCount(self.start_worker, self.stop_workers, self._show_literal)

    def start(
        self, log: OpenLog, queries: tuple[SearchQuery, ...], first: int | None = None
    ) -> None:
        """Search a log for these queries, from an entry on; for none, end the search.

        Raises:
            InvalidPattern: a query is not a regular expression; the search before goes on.
        """
        search = log.navigator.start(queries, first)
        self.stop()
        log.annotations.matcher = log.navigator.match_spans if search else None
        if search is not None:

            def has_results() -> None:
                self.call_later(partial(self.show_results, log))

            self._unsubscribe = search.subscribe(has_results)
            self.start_worker(partial(run_weak_worker, ref(search)), _GROUP)

    def stop(self) -> None:
        """Stop searching; the results so far stay."""
        self._unsubscribe()
        self._unsubscribe = _no_search  # the other one refers to the log
        self.stop_workers(_GROUP)
        self._literal.stop()
        self._literal_queries = ()

    def count_literal(self, log: OpenLog, queries: tuple[SearchQuery, ...]) -> None:
        """Count once in how many lines the last query, which finds nothing, is literally."""
        if queries != self._literal_queries:
            self._literal_queries = queries
            self._literal.start(log, queries)

    def _show_literal(self, count: str) -> None:
        self.show_count(count)
        self.redraw()

    def show_results(self, log: OpenLog) -> None:
        """Show the results so far."""
        if log.navigator.apply_results():
            self.paint_early()
        search = log.navigator.search
        if search is not None and search.state.error is not None:
            self.show_error(search.state.error)
        else:
            self.show_count(f"{log.navigator.match_count()}{log.navigator.sent_note()}")
            if search is not None and search.state.done and not search.state.count:
                self.count_literal(log, search.queries)
        self.redraw()
