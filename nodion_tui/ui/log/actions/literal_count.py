"""Counts the lines that contain a pattern literally, where the pattern itself finds nothing."""

from collections.abc import Callable
from functools import partial
from weakref import ref

from nodion_tui.model.text.format import count
from nodion_tui.monitor.log.search.log_search import LogSearch
from nodion_tui.monitor.log.search.query import SearchQuery
from nodion_tui.ui.log.actions.context import StartWorker
from nodion_tui.ui.log.open_log import OpenLog
from nodion_tui.ui.terminal.weak_worker import run_weak_worker

GROUP = "log-search-literal"


class LiteralCount:
    """A second search in the background, for `[ERROR]` or `foo(bar)` typed by a person.

    Args:
        start_worker: runs the search in a group of workers.
        stop_workers: stops the workers of a group.
        counted: called with the words for the result, if there is any match; the log's border has
            them, too.
    """

    def __init__(
        self,
        start_worker: StartWorker,
        stop_workers: Callable[[str], object],
        counted: Callable[[str], None],
    ) -> None:
        self._start_worker = start_worker
        self._stop_workers = stop_workers
        self._counted = counted
        self._log: OpenLog | None = None
        self._search: LogSearch | None = None
        self._unsubscribe: Callable[[], None] | None = None

    def start(self, log: OpenLog, queries: tuple[SearchQuery, ...]) -> None:
        """Count the lines that match with the last query read literally."""
        self.stop()
        literal = queries[-1].as_literal if queries else None
        if literal is None:
            return
        self._log = log
        search = self._search = LogSearch(log.session, (*queries[:-1], literal))
        self._unsubscribe = search.subscribe(self._tell)
        self._start_worker(partial(run_weak_worker, ref(search)), GROUP)

    def stop(self) -> None:
        """Forget the search."""
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._stop_workers(GROUP)
        self._log = self._search = self._unsubscribe = None

    def _tell(self) -> None:
        search, log = self._search, self._log
        if search is None or log is None or not search.state.done:
            return
        found = search.state.count
        self.stop()
        if found:
            log.navigator.literal_hint = f"{count(found, 'line')} as literal text: ctrl+r"
            self._counted(log.navigator.literal_hint)
