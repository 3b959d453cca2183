"""Finding and filtering in a log while it grows, off the event loop.

One `LogSearch` serves both: `next` and `previous` find, `rows` filters. A view makes one for each
query, awaits its `run` in a worker, and is told through `subscribe` when there is something new.
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
    """How a search stands. A new value whenever something changes."""

    count: int = 0
    """Lines found that are held."""
    searched: int = 0
    """Entries looked at so far; the progress towards `buffer.end - buffer.first`."""
    done: bool = False
    """Everything that is held has been looked at."""
    error: NodionError | None = None
    """Why the search was given up (`PatternTooSlow`)."""


class LogSearch(BackgroundScan["array[int]"]):
    """Lines of a session's log that match all of the queries.

    A second search inside a first one has the queries of both: `LogSearch(session, (first,
    second))` finds inside what `LogSearch(session, (first,))` shows.

    Args:
        session: whose log.
        queries: what a line must match; several are looked for one inside the other.
        start: the entry to begin at, so that the nearest matches are known first.
        per_second: how often subscribers are told at most.

    Raises:
        BadPattern: a query is no regular expression.
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
        """Their `spans` say what to light in a line that is shown."""
        self.hits = array("q")
        """Indexes of the lines found so far, ascending. Do not change it."""
        self.state = SearchState()
        """How it stands; replaced, never changed."""
        self._context: ContextRows | None = None
        self._context_size = 0

    async def run(self) -> None:
        """Search what there is, then what comes, until cancelled; may be run again to go on.

        A pattern that is too slow ends it: see `state.error`.
        """
        try:
            await super().run()
        except PatternTooSlow as error:
            self._change(error=error.with_traceback(None))

    @property
    def nearest_hit(self) -> int | None:
        """The hit to show first: the nearest at or after `start`, else the nearest before it."""
        ahead = bisect_left(self.hits, self.start)
        if ahead < len(self.hits):
            return self.hits[ahead]
        return self.hits[-1] if self.hits else None

    def next_hit(self, index: int) -> int | None:
        """The first hit after an entry; after the last comes the first one again."""
        if not self.hits:
            return None
        return self.hits[bisect_right(self.hits, index) % len(self.hits)]

    def previous_hit(self, index: int) -> int | None:
        """The last hit before an entry; before the first comes the last one again."""
        return self.hits[bisect_left(self.hits, index) - 1] if self.hits else None

    def hit_number(self, index: int) -> int:
        """Which hit an entry is, from 1; for other entries how many hits are before it."""
        return bisect_right(self.hits, index)

    def is_hit(self, index: int) -> bool:
        """Whether an entry was found."""
        place = bisect_left(self.hits, index)
        return place < len(self.hits) and self.hits[place] == index

    def rows(self, context: int = 0) -> VisibleRows:
        """Matches only, with so many lines of context around each.

        Ask again after each call of a subscriber. Hits may appear before those that are known
        already (see `start`): keep the entry under the cursor, not its row.
        """
        if context == 0:
            return HitRows(self.hits)
        if self._context is None or self._context_size != context:
            self._context = ContextRows(context, self.buffer.first)
            self._context_size = context
        self._context.extend(self.hits, self.buffer.end)
        return self._context

    def scan(self, segment: LogSegment, fresh: int, stopped: Callable[[], bool]) -> "array[int]":
        """The hits in a segment (see `LogWatch`)."""
        found = scan_segment(segment, self.matchers, stopped)
        hits = array("q", [segment.first + position for position in found])
        return hits[bisect_left(hits, fresh) :]

    def add_result(self, found: "array[int]") -> None:
        """Take in hits (see `LogWatch`)."""
        if found:
            place = bisect_left(self.hits, found[0])
            if place < len(self.hits):
                self._context = None
            self.hits[place:place] = found
        self._change()

    def discard_before(self, held_from: int) -> None:
        """Forget hits that are not held any more (see `LogWatch`)."""
        gone = bisect_left(self.hits, held_from)
        if gone:
            del self.hits[:gone]
            self._context = None
            self._change()

    def on_caught_up(self) -> None:
        """Say so (see `LogWatch`)."""
        self._change(done=True)

    def _change(self, **changes: object) -> None:
        state = msgspec.structs.replace(
            self.state, count=len(self.hits), searched=self.searched, **changes
        )
        if state != self.state:
            self.state = state
            self.schedule_update()
