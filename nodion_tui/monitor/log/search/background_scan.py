"""Scans every line of a log once, in a thread, including lines that are appended meanwhile.

Base of a search. A subclass scans a segment in `scan` (in a thread) and stores the result in
`add_result` (on the event loop).
"""

import asyncio
import threading
from abc import ABC, abstractmethod
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from typing import Generic, TypeVar

from nodion_tui.model.subscribers import Subscribers
from nodion_tui.monitor.log.segment import LogSegment
from nodion_tui.monitor.log.session import FLUSHES_PER_SECOND, LogSession
from nodion_tui.monitor.log.throttle import Throttle

ResultT = TypeVar("ResultT")


class ScannedRanges:
    """A set of indexes, stored as ranges: few if work proceeds in order."""

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
        """The first index from `start` on that is not in the set; `stop` if all are."""
        number = bisect_right(self._starts, start) - 1
        if number >= 0 and self._stops[number] > start:
            return min(self._stops[number], stop)
        return start

    def discard_before(self, stop: int) -> None:
        """Remove everything before `stop`."""
        discarded = bisect_right(self._stops, stop)
        del self._starts[:discarded], self._stops[:discarded]
        if self._starts:
            self._starts[0] = max(self._starts[0], stop)

    def __len__(self) -> int:
        return sum(self._stops) - sum(self._starts)


class WorkStopped(Exception):
    """The work was cancelled."""


class BackgroundScan(ABC, Generic[ResultT]):
    """Scans a session's log.

    Args:
        session: whose log.
        start: the entry to begin at: what follows is scanned first, then the segments before it,
            backwards.
        per_second: maximum rate of updates.
    """

    def __init__(
        self, session: LogSession, *, start: int = 0, per_second: float = FLUSHES_PER_SECOND
    ) -> None:
        self.buffer = session.buffer
        self.start = start
        self._session = session
        self._throttle = Throttle(per_second)
        self._subscribers = Subscribers[[]]()
        self._grown = asyncio.Event()
        self._scanned = ScannedRanges()

    @abstractmethod
    def scan(self, segment: LogSegment, first_new: int, stopped: Callable[[], bool]) -> ResultT:
        """In a thread: the result for a segment, of which the entries from `first_new` on are new.

        Raises:
            WorkStopped: `stopped()` was true.
        """

    @abstractmethod
    def add_result(self, result: ResultT) -> None:
        """On the event loop: store a result of `scan`."""

    @abstractmethod
    def discard_before(self, first_retained: int) -> None:
        """On the event loop: discard results before this index, which are no longer in memory."""

    @abstractmethod
    def on_caught_up(self) -> None:
        """On the event loop: everything in memory has been scanned, for now."""

    @property
    def searched(self) -> int:
        """Entries scanned and in memory; the progress towards `buffer.end - buffer.first`."""
        return len(self._scanned)

    def subscribe(self, subscriber: Callable[[], None]) -> Callable[[], None]:
        """Call `subscriber` when there are new results.

        Returns:
            The function that unsubscribes.
        """
        return self._subscribers.subscribe(subscriber)

    async def run(self) -> None:
        """Scan the log and everything appended to it until cancelled; may be resumed."""
        stop = threading.Event()
        unsubscribe = self._session.subscribe(lambda _: self._grown.set())
        try:
            while True:
                self._grown.clear()
                self._scanned.discard_before(self.buffer.first_retained)
                self.discard_before(self.buffer.first_retained)
                if work := self._pending_segments():
                    loop = asyncio.get_running_loop()
                    await asyncio.to_thread(self._scan_segments, work, loop, stop)
                if not self._grown.is_set():
                    self.on_caught_up()
                    await self._grown.wait()
        finally:
            stop.set()
            unsubscribe()

    def schedule_update(self) -> None:
        """Notify the subscribers, throttled."""
        self._throttle.schedule(self._subscribers.notify)

    def _pending_segments(self) -> list[tuple[LogSegment, int]]:
        """Segments to scan, in order, each with its first new entry."""
        sealed_end, end = self.buffer.sealed_end, self.buffer.end
        segments = list(self.buffer.snapshot(0, sealed_end))
        first_new = self._scanned.first_unscanned(sealed_end, end)
        if first_new < end:
            segments += self.buffer.snapshot(first_new)
        work = [
            (segment, self._scanned.first_unscanned(segment.first, segment.stop))
            for segment in segments
        ]
        work = [(segment, first_new) for segment, first_new in work if first_new < segment.stop]
        following = [item for item in work if item[0].stop > self.start]
        preceding = [item for item in work if item[0].stop <= self.start]
        return following + preceding[::-1]

    def _scan_segments(
        self,
        work: list[tuple[LogSegment, int]],
        loop: asyncio.AbstractEventLoop,
        stop: threading.Event,
    ) -> None:
        for segment, first_new in work:
            try:
                result = self.scan(segment, first_new, stop.is_set)
            except WorkStopped:
                return
            loop.call_soon_threadsafe(self._receive, first_new, segment.stop, result)

    def _receive(self, first_new: int, stop: int, result: ResultT) -> None:
        self._scanned.add(first_new, stop)
        self.add_result(result)
