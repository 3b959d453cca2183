"""Many runs' logs in one, merged by time while they are written.

Lines of a stream are held back for half a second, so that those of another stream that were written
before them can come. What comes later than that, as by pages, goes where it belongs and is marked,
unless it is history: what was written before its run was followed.
The order of each run's own lines is never changed, and nothing is copied: see `MergedIndex`.
"""

import asyncio
import itertools
import time
from bisect import bisect_left
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from operator import attrgetter

from nodion_tui.model.run import RunKey
from nodion_tui.model.subscribers import Subscribers
from nodion_tui.monitor.log.patterns.runner_patterns import PatternsAt, StopPatterns
from nodion_tui.monitor.log.session import FLUSHES_PER_SECOND, LogSession
from nodion_tui.monitor.log.shown_log import Renumbering
from nodion_tui.monitor.log.state import LogPhase, LogState
from nodion_tui.monitor.merged.merged_entries import MergedEntries
from nodion_tui.monitor.merged.merged_index import MergedIndex
from nodion_tui.monitor.merged.merged_patterns import MergedPatterns
from nodion_tui.monitor.merged.merged_source import MergedSource

HOLD_BACK = 0.5
"""Seconds that a line waits for older ones of other runs."""
LATE_SECONDS = 0.25
"""Seconds between two times that late lines are put where they belong."""
_PLACED_AT_ONCE = 4096
"""Entries that are placed at once; then keys and repaints get their turn."""
_TURN_SECONDS = 0.005
"""Seconds for keys and repaints between two such turns."""
_LATE_BLOCKS = 2
"""Blocks that are put together again at once, for the same reason."""

Subscriber = Callable[[LogState], None]

TakeTurn = Callable[[], AbstractAsyncContextManager[None]]
"""Waits until a part of the lines may be placed, and holds that turn within the context."""


class MergedLog:
    """One log of many runs. See `ShownLog`.

    Args:
        take_turn: takes turns with other work, none of it while a key is handled.
        hold_back: seconds that a line waits.
        clock: monotonic seconds.
    """

    def __init__(
        self,
        take_turn: TakeTurn = nullcontext,
        *,
        hold_back: float = HOLD_BACK,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.key = RunKey("", "merged")
        """Of no run: names the files that are saved."""
        self._take_turn = take_turn
        self._hold_back = hold_back
        self._clock = clock
        self._index = MergedIndex()
        self._sources: dict[int, MergedSource] = {}
        self.buffer = MergedEntries(self._index, self._sources)
        self.state = LogState()
        """The current state; replaced, never changed."""
        self._changed = asyncio.Event()
        self._subscribers = Subscribers[LogState]()
        self._renumbering = Subscribers[Renumbering]()
        self._late_at = float("-inf")

    @property
    def sources(self) -> Sequence[MergedSource]:
        """The runs, in the order in which they joined."""
        return tuple(self._sources.values())

    @property
    def bytes_held(self) -> int:
        """Memory used for the order of the lines, in bytes."""
        return self._index.nbytes

    @property
    def patterns(self) -> StopPatterns:
        """The line patterns of each run."""
        return MergedPatterns({key: each.session.patterns for key, each in self._sources.items()})

    @property
    def patterns_at(self) -> PatternsAt:
        """Returns the line patterns of the run that wrote an entry."""
        return self.buffer.patterns_at

    def subscribe(self, subscriber: Subscriber) -> Callable[[], None]:
        """Call `subscriber` when entries or state change, at most 20 times a second.

        Returns:
            The function that unsubscribes.
        """
        return self._subscribers.subscribe(subscriber)

    def subscribe_renumbering(
        self, subscriber: Callable[[Renumbering], None]
    ) -> Callable[[], None]:
        """Call `subscriber` at once when entries get other indexes."""
        return self._renumbering.subscribe(subscriber)

    def add(self, session: LogSession, name: str) -> MergedSource:
        """Add a run; its lines so far go where they belong.

        Args:
            session: its log, which somebody reads.
            name: short, sanitized.
        """
        taken = self._sources.keys()
        number = next(number for number in range(len(taken) + 1) if number not in taken)
        source = MergedSource(number, session, name, self._clock())
        self._sources[number] = source
        source.unsubscribe = session.subscribe(lambda _: self._note(source))
        self._note(source)
        return source

    def remove(self, source: MergedSource) -> None:
        """Remove a run and its lines."""
        source.unsubscribe()
        if not source.is_hidden:
            self._renumber(self._index.remove(source.number))
        del self._sources[source.number]
        self._changed.set()

    def clear(self) -> None:
        """Remove all runs."""
        for source in self.sources:
            self.remove(source)

    def set_hidden(self, source: MergedSource, *, hidden: bool) -> None:
        """Take the lines of a run out of the log, or put them back where they belong."""
        if hidden != source.is_hidden:
            source.is_hidden = hidden
            if hidden:
                self._renumber(self._index.remove(source.number))
            else:
                source.place_again(self._clock() - self._hold_back)
            self._changed.set()

    async def run(self) -> None:
        """Wait until cancelled: who shows the log is not the one who reads the sources."""
        await asyncio.Event().wait()

    async def merge(self) -> None:
        """Place the lines of the sources, which somebody reads, until cancelled."""
        for source in self._sources.values():
            source.read_again(self._clock())
        while True:
            self._changed.clear()
            async with self._take_turn():
                due_at = self._merge()
            self._tell()
            if due_at is None or due_at > self._clock():
                await self._wait(None if due_at is None else due_at - self._clock())
                await asyncio.sleep(1 / FLUSHES_PER_SECOND)
            else:
                await asyncio.sleep(_TURN_SECONDS)

    async def fetch_older(self, _: int | None = None) -> bool:
        """False: lines are fetched again in their run's own log."""
        return False

    def seconds_since_event(self) -> float | None:
        """Seconds since the last event of any run that is shown and has not ended, if any."""
        ages = (
            source.session.seconds_since_event()
            for source in self._sources.values()
            if not source.is_hidden and source.session.state.phase is not LogPhase.ENDED
        )
        return min((age for age in ages if age is not None), default=None)

    def seconds_until_retry(self) -> float | None:
        """None: each run tells its own."""
        return None

    def _note(self, source: MergedSource) -> None:
        source.note_arrivals(self._clock())
        self._changed.set()

    async def _wait(self, seconds: float | None) -> None:
        """Wait for a change, for so many seconds at most."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._changed.wait()

    def _merge(self) -> float | None:
        """Place what has waited enough, or a part of it.

        Returns:
            When there is more to do, by the clock; None: when something changes.
        """
        now = self._clock()
        self._drop_gone()
        waiting = self._waiting(now)
        chunk = max(_PLACED_AT_ONCE // max(len(waiting), 1), 1)
        limit = self._newest_to_place(waiting, now, chunk)
        if limit is not None and self._place(waiting, limit, chunk):
            return now
        due = (
            source.next_due(self._hold_back) for source in self._sources.values() if source.waiting
        )
        soon = now + 1 / FLUSHES_PER_SECOND
        return min((max(moment, soon) for moment in due if moment is not None), default=None)

    def _waiting(self, now: float) -> list[MergedSource]:
        """The sources with entries to place; late ones have a turn now and then."""
        waiting = [source for source in self._sources.values() if source.waiting]
        if now >= self._late_at + LATE_SECONDS:
            return waiting
        end = self._index.newest
        return [source for source in waiting if source.candidates(1, end).times[0] >= end]

    def _newest_to_place(
        self, waiting: Sequence[MergedSource], now: float, chunk: int
    ) -> int | None:
        """Time of the newest line that has waited enough; None if nothing has."""
        newest: int | None = None
        for source in waiting:
            count = source.waited_until(now - self._hold_back) - source.placed
            if count > 0:
                until = source.candidates(min(count, chunk), self._index.newest).until
                newest = until if newest is None else max(newest, until)
        for source in self._sources.values():
            if newest is not None and not source.is_hidden and source.is_loading(now):
                newest = min(newest, source.read_until)
        return newest

    def _place(self, waiting: Sequence[MergedSource], limit: int, chunk: int) -> bool:
        """Place what is not newer than a limit; returns whether there was anything."""
        end = self._index.newest
        candidates = [source.candidates(chunk, end) for source in waiting]
        followed = [
            each.until
            for source, each in zip(waiting, candidates, strict=True)
            if len(each.times) < source.waiting
        ]
        limit = min([limit, *followed])
        late_from = min((min(each.times) for each in candidates), default=end)
        reach = (
            self._index.time_within_blocks(late_from, _LATE_BLOCKS) if late_from < end else limit
        )
        due = [
            source.due(each, min(limit, reach))
            for source, each in zip(waiting, candidates, strict=True)
        ]
        placed = sorted(itertools.chain(*due), key=attrgetter("time"))
        late = bisect_left(placed, end, key=attrgetter("time"))
        for source, own in zip(waiting, due, strict=True):
            if own:
                source.place(own)
        self._index.append(placed[late:])
        if late:
            if reach >= limit and not self._has_backlog(waiting, chunk):
                self._late_at = self._clock()
            self._renumber(self._index.insert(placed[:late], self.buffer.times_of))
        return bool(placed)

    def _has_backlog(self, sources: Sequence[MergedSource], chunk: int) -> bool:
        """Whether a source has more to place now than fits into one turn."""
        due = self._clock() - self._hold_back
        return any(source.waited_until(due) - source.placed >= chunk for source in sources)

    def _drop_gone(self) -> None:
        """Remove the entries that sources have dropped, but for the one that tells so."""
        for source in self._sources.values():
            first = source.session.buffer.first
            if first > source.floor:
                if source.floor < source.placed and not source.is_hidden:
                    self._renumber(self._index.remove(source.number, first))
                source.drop_before(first)

    def _renumber(self, renumbering: Renumbering) -> None:
        if renumbering.inserted or renumbering.removed:
            self.buffer.renumber(renumbering)
            self._renumbering.notify(renumbering)

    def _tell(self) -> None:
        """Set the state, and tell the subscribers."""
        states = [source.session.state for source in self._sources.values()]
        is_loading = any(state.phase is LogPhase.LOADING for state in states)
        is_empty = self._index.end == self._index.first
        is_expected = is_empty and (is_loading or self.buffer.lines > 0)
        self.state = LogState(
            phase=LogPhase.LOADING if is_expected else LogPhase.LIVE,
            lines=0 if is_empty else self.buffer.lines,
            dropped=self.buffer.dropped,
            reconnects=sum(state.reconnects for state in states),
            gaps=sum(state.gaps for state in states),
            unreadable=sum(state.unreadable for state in states),
        )
        self._subscribers.notify(self.state)
