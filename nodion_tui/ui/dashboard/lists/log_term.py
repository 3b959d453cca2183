"""The term `log:` of the run filter: starts the search in the logs of runs, and tells about it."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from nodion_tui.config.url import is_loopback

if TYPE_CHECKING:
    from nodion_tui.model.run import Run, RunKey
    from nodion_tui.monitor.grep.runs_search import RunsSearch
    from nodion_tui.monitor.log.search.query import SearchQuery
    from nodion_tui.monitor.monitor import Monitor

TYPING_SECONDS = 0.25
"""Debounce: a pattern is searched for when no key has come for this long."""


class Cancellable(Protocol):
    """A worker."""

    def cancel(self) -> None:
        """End it."""


class LogTerm:
    """The search for the patterns of the current filter; there is one at a time."""

    def __init__(self) -> None:
        self.start: Callable[[Coroutine[Any, Any, None]], Cancellable] | None = None
        """Runs the search beside the screen; None: nothing is searched."""
        self.changed: Callable[[], object] = lambda: None
        """Called when the search has found more, at most five times a second."""
        self._monitor: Monitor | None = None
        self._patterns: tuple[str, ...] = ()
        self._search: RunsSearch | None = None
        self._worker: Cancellable | None = None
        self._unsubscribe: Callable[[], None] = lambda: None

    @property
    def is_active(self) -> bool:
        """Whether logs are searched."""
        return self._search is not None

    @property
    def is_partial(self) -> bool:
        """Whether some of the logs have not been searched."""
        return self._search is not None and not (
            self._search.state.done and not self._search.state.to_fetch
        )

    @property
    def queries(self) -> "Sequence[SearchQuery]":
        """What is searched for."""
        return self._search.queries if self._search else ()

    def apply(
        self, monitor: "Monitor", patterns: tuple[str, ...], candidates: "Sequence[Run]"
    ) -> None:
        """Search the logs of these runs, too; a new search begins for other patterns."""
        if patterns != self._patterns or monitor is not self._monitor:
            self.clear()
            self._monitor, self._patterns = monitor, patterns
            self._begin(monitor, patterns)
        if self._search is not None:
            self._search.add(candidates)

    def clear(self) -> None:
        """End the search and forget what was found."""
        self._unsubscribe()
        if self._worker is not None:
            self._worker.cancel()
        self._search = self._worker = self._monitor = None
        self._patterns = ()

    def hits(self, pattern: str) -> "Mapping[RunKey, int]":
        """How many lines match a pattern in each log that was searched."""
        search = self._search
        queries = (query for query in self.queries if query.text == pattern)
        query = next(queries, None)
        return search.counts[query] if search and query else {}

    def hits_of(self, key: "RunKey") -> int | None:
        """The matching lines of a log, of all patterns; None if it was not searched."""
        counts = [self.hits(query.text).get(key) for query in self.queries]
        known = [count for count in counts if count is not None]
        return sum(known) if known else None

    def fetch(self) -> None:
        """Fetch the logs that must be fetched, if it was said what that costs."""
        if self._search is not None and self._search.state.done:
            self._search.fetch()

    def stop(self) -> bool:
        """Stop fetching; False if nothing is fetched."""
        if self._search is None or not self._search.state.fetching:
            return False
        self._search.stop_fetching()
        return True

    def status(self, *, is_typing: bool) -> tuple[str, ...]:
        """Progress and cost, for the border of the list: the same in fewer and fewer words.

        Empty without a search.
        """
        search, monitor = self._search, self._monitor
        if search is None or monitor is None:
            return ()
        from nodion_tui.monitor.grep.progress import cost_text, progress_text  # noqa: PLC0415 - seldom

        state = search.state
        if state.error is not None:
            return (f"{progress_text(state)} · {state.error.title}", state.error.title)
        cost = cost_text(state, _per_minute(monitor))
        if not cost:
            progress = progress_text(state)
            return (progress if state.done else f"{progress} …",)
        if state.fetching:
            hint = "fetching, Esc stops"
        elif state.done:
            hint = "Enter fetches" if is_typing else "/ Enter fetches"
        else:
            hint = "…"
        whole = f"{progress_text(state)} · {cost} · {hint}"
        return (whole, f"{cost} · {hint}", f"{state.to_fetch:,} to fetch · {hint}", hint)

    def _tell_changed(self) -> None:
        self.changed()

    def _begin(self, monitor: "Monitor", patterns: tuple[str, ...]) -> None:
        # For those who search logs: `regex` is slow to import.
        from nodion_tui.monitor.grep.runs_search import RunsSearch  # noqa: PLC0415
        from nodion_tui.monitor.log.search.query import InvalidPattern, SearchQuery  # noqa: PLC0415

        if self.start is None:
            return
        try:
            search = RunsSearch(
                [SearchQuery(pattern) for pattern in patterns],
                monitor.logs,
                monitor.archive,
                acquire_request=monitor.poller.acquire_request,
                now=monitor.server_now,
            )
        except InvalidPattern:
            return  # The filter says what is wrong with it.
        self._search = search
        self._unsubscribe = search.subscribe(self._tell_changed)
        self._worker = self.start(_after_typing(search))


async def _after_typing(search: "RunsSearch") -> None:
    await asyncio.sleep(TYPING_SECONDS)
    await search.run()


def _per_minute(monitor: "Monitor") -> float | None:
    """Requests that a search may send: every second one of a budget."""
    hosts = (urlsplit(account.profile.api_url).hostname for account in monitor.accounts)
    if all(is_loopback(host or "") for host in hosts):
        return None
    return monitor.poller.per_minute / 2
