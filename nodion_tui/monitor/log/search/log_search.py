"""Searches and filters a growing log, off the event loop.

One `LogSearch` serves both: `next_hit` and `previous_hit` find, `rows` filters. A view creates one
per query, awaits its `run` in a worker, and subscribes to updates. Every line is searched once, in
a thread, including lines that are appended meanwhile.
"""

import asyncio
import threading
import time
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from contextlib import suppress

import msgspec

from nodion_tui.model.errors import NodionError
from nodion_tui.model.subscribers import Subscribers
from nodion_tui.monitor.log.search.query import Matcher, PatternTooSlow, SearchQuery
from nodion_tui.monitor.log.search.scan import scan_segment
from nodion_tui.monitor.log.search.scanned_ranges import ScannedRanges
from nodion_tui.monitor.log.search.visible_rows import ContextRows, HitRows, VisibleRows
from nodion_tui.monitor.log.session import FLUSHES_PER_SECOND
from nodion_tui.monitor.log.shown_log import Renumbering, ShownLog
from nodion_tui.monitor.log.throttle import Throttle
from nodion_tui.monitor.log.work_stopped import WorkStopped

_SEGMENTS_AT_ONCE = 8
"""Segments of which a snapshot is taken at once: that of a merged log costs a millisecond."""
_TELL_SECONDS = 0.01
"""Seconds for which the thread gathers what it finds in them."""

_Found = tuple[range, "array[int]"]
"""Entries that were searched, and the hits among them."""


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


class LogSearch:
    """Lines of a session's log that match all of the queries.

    A search within a search has the queries of both: `LogSearch(session, (first, second))` searches
    what `LogSearch(session, (first,))` shows.

    Args:
        session: whose log.
        queries: a line must match all of them; each narrows the previous ones.
        start: the entry to begin at, so that the nearest matches are found first: what follows is
            searched first, then the segments before it, backwards.
        per_second: maximum rate of updates.

    Raises:
        InvalidPattern: a query is not a valid regular expression.
    """

    def __init__(
        self,
        session: ShownLog,
        queries: Sequence[SearchQuery],
        *,
        start: int = 0,
        per_second: float = FLUSHES_PER_SECOND,
    ) -> None:
        self._session = session
        self._buffer = session.buffer
        self._start = start
        self._throttle = Throttle(per_second)
        self._subscribers = Subscribers[[]]()
        self._grown = asyncio.Event()
        self._scanned = ScannedRanges()
        self.queries = tuple(queries)
        self.matchers = tuple(Matcher(query) for query in queries)
        """Their `spans` are the ranges to highlight in a line."""
        self.hits = array("q")
        """Indexes of the matching lines so far, ascending. Read-only."""
        self.state = SearchState()
        """The current state; replaced, never changed."""
        self._context: ContextRows | None = None
        self._context_size = 0

    def subscribe(self, subscriber: Callable[[], None]) -> Callable[[], None]:
        """Call `subscriber` when the state changes; returns the function that unsubscribes."""
        return self._subscribers.subscribe(subscriber)

    async def run(self) -> None:
        """Search the log and everything appended to it until cancelled; may be resumed.

        A pattern that is too slow ends it: see `state.error`.
        """
        stop = threading.Event()
        unsubscribe = self._session.subscribe(lambda _: self._grown.set())
        try:
            while True:
                self._grown.clear()
                self._discard_before(self._buffer.first_retained)
                pending = self._pending()
                while pending and not self._grown.is_set():
                    await self._scan(pending[:_SEGMENTS_AT_ONCE], stop)
                    del pending[:_SEGMENTS_AT_ONCE]
                if not self._grown.is_set():
                    self._change(done=True)
                    await self._grown.wait()
        except PatternTooSlow as error:
            self._change(error=error.with_traceback(None))
        finally:
            stop.set()
            unsubscribe()

    @property
    def nearest_hit(self) -> int | None:
        """The hit to show first: the nearest at or after `start`, else the nearest before it."""
        position = bisect_left(self.hits, self._start)
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
            self._context = ContextRows(context, self._buffer.first)
            self._context_size = context
        self._context.extend(self.hits, self._buffer.end)
        return self._context

    def renumber(self, renumbering: Renumbering) -> None:
        """Adjust to entries with other indexes; what follows inserted ones is searched again."""
        first_inserted = renumbering.first_inserted
        if first_inserted is not None:
            del self.hits[bisect_left(self.hits, first_inserted) :]
            self._scanned.discard_from(first_inserted)
        else:
            self._scanned.renumber(renumbering)
        self.hits[:] = array(
            "q", [renumbering(hit) for hit in self.hits if not renumbering.is_removed(hit)]
        )
        self._start = renumbering(self._start)
        self._context = None
        self._grown.set()
        self._change(done=False)

    def _pending(self) -> list[tuple[range, int]]:
        """Ranges of entries to search, one for each segment, each with its first new entry."""
        sealed_end, end = self._buffer.sealed_end, self._buffer.end
        spans = self._buffer.segment_ranges(0, sealed_end)
        if (first_new := self._scanned.first_unscanned(sealed_end, end)) < end:
            spans.append(range(first_new, end))
        pending = [
            (span, first_new)
            for span in spans
            if (first_new := self._scanned.first_unscanned(span.start, span.stop)) < span.stop
        ]
        following = [item for item in pending if item[0].stop > self._start]
        preceding = [item for item in pending if item[0].stop <= self._start]
        return following + preceding[::-1]

    async def _scan(self, pending: Sequence[tuple[range, int]], stop: threading.Event) -> None:
        """Search ranges of entries in a thread, until `stop` is set or entries are renumbered."""
        buffer, revision = self._buffer, self._buffer.revision
        loop = asyncio.get_running_loop()
        work = [
            (buffer.snapshot(span.start, span.stop), span, first_new) for span, first_new in pending
        ]

        def stopped() -> bool:
            return stop.is_set() or buffer.revision != revision

        def scan() -> list[_Found]:
            # What is told wakes the event loop, which holds up this thread: rarely, then.
            found: list[_Found] = []
            tell_at = time.monotonic() + _TELL_SECONDS
            for segments, span, first_new in work:
                for segment in segments:
                    positions = scan_segment(segment, self.matchers, stopped)
                    hits = array("q", [segment.first + position for position in positions])
                    new_hits = hits[bisect_left(hits, first_new) : bisect_left(hits, span.stop)]
                    new = range(max(first_new, segment.first), min(segment.stop, span.stop))
                    found.append((new, new_hits))
                    if (now := time.monotonic()) >= tell_at:
                        loop.call_soon_threadsafe(self._add_hits, revision, found)
                        found, tell_at = [], now + _TELL_SECONDS
            return found

        with suppress(WorkStopped):
            self._add_hits(revision, await asyncio.to_thread(scan))

    def _add_hits(self, revision: int, found: Sequence[_Found]) -> None:
        """On the event loop: store the hits of ranges of entries, unless they have moved."""
        if revision != self._buffer.revision:
            self._grown.set()
            return
        for searched, new_hits in found:
            self._scanned.add(searched.start, searched.stop)
            if not new_hits:
                continue
            if not self.hits:
                self._throttle.hold(0)  # the first hit, to which a view goes, is told at once
            position = bisect_left(self.hits, new_hits[0])
            if position < len(self.hits):
                self._context = None
            self.hits[position:position] = new_hits
        self._change()

    def _discard_before(self, first_retained: int) -> None:
        """Discard hits that are no longer in memory."""
        self._scanned.discard_before(first_retained)
        discarded = bisect_left(self.hits, first_retained)
        if discarded:
            del self.hits[:discarded]
            self._context = None
            self._change()

    def _change(self, **changes: object) -> None:
        state = msgspec.structs.replace(
            self.state, count=len(self.hits), searched=len(self._scanned), **changes
        )
        if state != self.state:
            self.state = state
            self._throttle.schedule(self._subscribers.notify)
