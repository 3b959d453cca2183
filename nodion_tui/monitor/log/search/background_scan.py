"""Looks at every line of a log once, in a thread, and at what comes as it comes.

What a search needs besides knowing what it looks for. A subclass says in `look` what is looked for
in a segment (in a thread) and in `keep` what becomes of it (on the event loop).
"""

import asyncio
import threading
from abc import ABC, abstractmethod
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from typing import Generic, TypeVar

from nodion_tui.monitor.log.segment import LogSegment
from nodion_tui.monitor.log.session import FLUSHES_PER_SECOND, LogSession
from nodion_tui.monitor.log.throttle import Throttle

ResultT = TypeVar("ResultT")


class ScannedRanges:
    """A set of indexes, kept as ranges: few where work goes on in order."""

    __slots__ = ("_starts", "_stops")

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._stops: list[int] = []

    def add(self, start: int, stop: int) -> None:
        """Add `start` to `stop`."""
        if start >= stop:
            return
        low = bisect_left(self._stops, start)
        high = bisect_right(self._starts, stop)
        if low < high:
            start = min(start, self._starts[low])
            stop = max(stop, self._stops[high - 1])
        self._starts[low:high] = [start]
        self._stops[low:high] = [stop]

    def first_unscanned(self, start: int, stop: int) -> int:
        """The first index from `start` on that is not in it; `stop` if all are."""
        place = bisect_right(self._starts, start) - 1
        if place >= 0 and self._stops[place] > start:
            return min(self._stops[place], stop)
        return start

    def discard_before(self, stop: int) -> None:
        """Take out everything before `stop`."""
        gone = bisect_right(self._stops, stop)
        del self._starts[:gone], self._stops[:gone]
        if self._starts:
            self._starts[0] = max(self._starts[0], stop)

    def __len__(self) -> int:
        return sum(self._stops) - sum(self._starts)


class WorkStopped(Exception):
    """The work is no longer wanted."""


class BackgroundScan(ABC, Generic[ResultT]):
    """Goes through a session's log.

    Args:
        session: whose log.
        start: the entry to begin at: what follows is looked at first, then what is before it,
            from there backwards.
        per_second: how often subscribers are told at most.
    """

    def __init__(
        self, session: LogSession, *, start: int = 0, per_second: float = FLUSHES_PER_SECOND
    ) -> None:
        self.buffer = session.buffer
        self.start = start
        self._session = session
        self._pulse = Throttle(per_second)
        self._subscribers: list[Callable[[], None]] = []
        self._grown = asyncio.Event()
        self._covered = ScannedRanges()

    @abstractmethod
    def scan(self, segment: LogSegment, fresh: int, stopped: Callable[[], bool]) -> ResultT:
        """In a thread: what is found in a segment, of which the part from `fresh` on is new.

        Raises:
            Stopped: `stopped()` was true.
        """

    @abstractmethod
    def add_result(self, found: ResultT) -> None:
        """On the event loop: take in what `look` brought."""

    @abstractmethod
    def discard_before(self, held_from: int) -> None:
        """On the event loop: what is before this index is not held any more."""

    @abstractmethod
    def on_caught_up(self) -> None:
        """Everything that is held has been looked at, for now."""

    @property
    def searched(self) -> int:
        """Entries looked at and held; the progress towards `buffer.end - buffer.first`."""
        return len(self._covered)

    def subscribe(self, subscriber: Callable[[], None]) -> Callable[[], None]:
        """Be told when there is something new.

        Returns:
            What ends it.
        """
        self._subscribers.append(subscriber)

        def unsubscribe() -> None:
            if subscriber in self._subscribers:
                self._subscribers.remove(subscriber)

        return unsubscribe

    async def run(self) -> None:
        """Look at what there is, then at what comes, until cancelled; run again to go on."""
        stop = threading.Event()
        unsubscribe = self._session.subscribe(lambda _: self._grown.set())
        try:
            while True:
                self._grown.clear()
                self._covered.discard_before(self.buffer.first_retained)
                self.discard_before(self.buffer.first_retained)
                if work := self._work():
                    loop = asyncio.get_running_loop()
                    await asyncio.to_thread(self._look_at, work, loop, stop)
                if not self._grown.is_set():
                    self.on_caught_up()
                    await self._grown.wait()
        finally:
            stop.set()
            unsubscribe()

    def schedule_update(self) -> None:
        """Something is new for the subscribers."""
        self._pulse.schedule(self._tell)

    def _work(self) -> list[tuple[LogSegment, int]]:
        """Segments to look at, in order, each with the first entry that is new in it."""
        sealed_end, end = self.buffer.sealed_end, self.buffer.end
        segments = list(self.buffer.snapshot(0, sealed_end))
        fresh = self._covered.first_unscanned(sealed_end, end)
        if fresh < end:
            segments += self.buffer.snapshot(fresh)
        work = [
            (segment, self._covered.first_unscanned(segment.first, segment.stop))
            for segment in segments
        ]
        work = [(segment, fresh) for segment, fresh in work if fresh < segment.stop]
        ahead = [item for item in work if item[0].stop > self.start]
        behind = [item for item in work if item[0].stop <= self.start]
        return ahead + behind[::-1]

    def _look_at(
        self,
        work: list[tuple[LogSegment, int]],
        loop: asyncio.AbstractEventLoop,
        stop: threading.Event,
    ) -> None:
        for segment, fresh in work:
            try:
                found = self.scan(segment, fresh, stop.is_set)
            except WorkStopped:
                return
            loop.call_soon_threadsafe(self._take, fresh, segment.stop, found)

    def _take(self, fresh: int, stop: int, found: ResultT) -> None:
        self._covered.add(fresh, stop)
        self.add_result(found)

    def _tell(self) -> None:
        for subscriber in tuple(self._subscribers):
            subscriber()
