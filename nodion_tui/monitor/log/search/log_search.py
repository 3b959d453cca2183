"""Searches and filters a growing log, off the event loop.

One `LogSearch` serves both: `next_hit` and `previous_hit` find, `rows` filters. A view creates one
per query, awaits its `run` in a worker, and subscribes to updates.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence

import msgspec

from nodion_tui.model.errors import NodionError
from nodion_tui.monitor.log.search.background_scan import BackgroundScan
from nodion_tui.monitor.log.search.query import Matcher, PatternTooSlow, SearchQuery
from nodion_tui.monitor.log.search.scan import scan_segment
from nodion_tui.monitor.log.search.visible_rows import ContextRows, HitRows, VisibleRows
from nodion_tui.monitor.log.segment import LogSegment
from nodion_tui.monitor.log.session import FLUSHES_PER_SECOND, LogSession


class SearchState(msgspec.Struct, frozen=True, kw_only=True):
    """State of a search. Replaced by a new value for every change."""

    count: int = 0
    """Matching lines that are in memory."""
    searched: int = 0
    """Entries searched so far; the progress towards `buffer.end - buffer.first`."""
    done: bool = False
    """Everything in memory has been searched."""
    error: NodionError | None = None
    """Why the search was aborted (`PatternTooSlow`)."""


class LogSearch(BackgroundScan["array[int]"]):
    """Lines of a session's log that match all of the queries.

    A search within a search has the queries of both: `LogSearch(session, (first, second))` searches
    what `LogSearch(session, (first,))` shows.

    Args:
        session: whose log.
        queries: a line must match all of them; each narrows the previous ones.
        start: the entry to begin at, so that the nearest matches are found first.
        per_second: maximum rate of updates.

    Raises:
        InvalidPattern: a query is not a valid regular expression.
    """

    def __init__(
        self,
        session: LogSession,
        queries: Sequence[SearchQuery],
        *,
        start: int = 0,
        per_second: float = FLUSHES_PER_SECOND,
    ) -> None:
        super().__init__(session, start=start, per_second=per_second)
        self.queries = tuple(queries)
        self.matchers = tuple(Matcher(query) for query in queries)
        """Their `spans` are the ranges to highlight in a line."""
        self.hits = array("q")
        """Indexes of the matching lines so far, ascending. Read-only."""
        self.state = SearchState()
        """The current state; replaced, never changed."""
        self._context: ContextRows | None = None
        self._context_size = 0

    async def run(self) -> None:
        """Search the log and everything appended to it until cancelled; may be resumed.

        A pattern that is too slow ends it: see `state.error`.
        """
        try:
            await super().run()
        except PatternTooSlow as error:
            self._change(error=error.with_traceback(None))

    @property
    def nearest_hit(self) -> int | None:
        """The hit to show first: the nearest at or after `start`, else the nearest before it."""
        position = bisect_left(self.hits, self.start)
        if position < len(self.hits):
            return self.hits[position]
        return self.hits[-1] if self.hits else None

    def next_hit(self, index: int) -> int | None:
        """The first hit after an entry; wraps around to the first one."""
        if not self.hits:
            return None
        return self.hits[bisect_right(self.hits, index) % len(self.hits)]

    def previous_hit(self, index: int) -> int | None:
        """The last hit before an entry; wraps around to the last one."""
        return self.hits[bisect_left(self.hits, index) - 1] if self.hits else None

    def hit_number(self, index: int) -> int:
        """Number of a hit, from 1; for other entries the number of hits before it."""
        return bisect_right(self.hits, index)

    def is_hit(self, index: int) -> bool:
        """Whether an entry matches."""
        position = bisect_left(self.hits, index)
        return position < len(self.hits) and self.hits[position] == index

    def rows(self, context: int = 0) -> VisibleRows:
        """The matches only, with this many lines of context around each.

        Call it again after each update. Hits may be inserted before known ones (see `start`): keep
        the entry under the cursor, not its row.
        """
        if context == 0:
            return HitRows(self.hits)
        if self._context is None or self._context_size != context:
            self._context = ContextRows(context, self.buffer.first)
            self._context_size = context
        self._context.extend(self.hits, self.buffer.end)
        return self._context

    def scan(
        self, segment: LogSegment, first_new: int, stopped: Callable[[], bool]
    ) -> "array[int]":
        """The hits in a segment (see `BackgroundScan`)."""
        positions = scan_segment(segment, self.matchers, stopped)
        hits = array("q", [segment.first + position for position in positions])
        return hits[bisect_left(hits, first_new) :]

    def add_result(self, new_hits: "array[int]") -> None:
        """Insert hits (see `BackgroundScan`)."""
        if new_hits:
            position = bisect_left(self.hits, new_hits[0])
            if position < len(self.hits):
                self._context = None
            self.hits[position:position] = new_hits
        self._change()

    def discard_before(self, first_retained: int) -> None:
        """Discard hits that are no longer in memory (see `BackgroundScan`)."""
        discarded = bisect_left(self.hits, first_retained)
        if discarded:
            del self.hits[:discarded]
            self._context = None
            self._change()

    def on_caught_up(self) -> None:
        """Set the state to done (see `BackgroundScan`)."""
        self._change(done=True)

    def _change(self, **changes: object) -> None:
        state = msgspec.structs.replace(
            self.state, count=len(self.hits), searched=self.searched, **changes
        )
        if state != self.state:
            self.state = state
            self.schedule_update()
