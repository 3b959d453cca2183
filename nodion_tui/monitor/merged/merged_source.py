"""One run in a merged log: which of its entries are placed, and since when the others wait."""

from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import NamedTuple

from nodion_tui.monitor.log.session import LogSession
from nodion_tui.monitor.log.state import LogPhase
from nodion_tui.monitor.log.timestamps import NO_TIME, to_micros
from nodion_tui.monitor.merged.merged_index import Placed

LOAD_PATIENCE = 2.0
"""Seconds that newer lines of others wait while the lines are read that a run wrote before."""

_MAX_ARRIVALS = 100
"""Times of arrival that are kept, of which there are 20 a second: also while nothing is placed."""


class NextEntries(NamedTuple):
    """The next entries of a source."""

    start: int
    """Index of the first one."""
    times: Sequence[int]
    """Where each belongs."""
    markers: frozenset[int]
    """Indexes of those that are no lines."""
    until: int
    """No line of the source that follows is before this time."""


class MergedSource:
    """A source of a merged log.

    Args:
        number: stands for it in the index.
        session: its log.
        name: its short name, as in the log.
        joined_at: monotonic seconds.
    """

    def __init__(self, number: int, session: LogSession, name: str, joined_at: float) -> None:
        self.number = number
        self.session = session
        self.name = name
        self.is_hidden = False
        self.placed = session.buffer.first
        """Index after its last entry that is placed."""
        self.floor = self.placed
        """Index of its first entry that is placed."""
        self.newest = NO_TIME
        """Time of its last placed line: no later one is before it."""
        self._read_since = joined_at
        self._known_until = 0
        """Entries before it were placed already when it was hidden."""
        self._history_until = self.placed
        """Entries before it were written before they could be waited for: none of them is late."""
        self._was_loading = True
        self._arrivals: deque[tuple[float, int]] = deque()
        self.unsubscribe: Callable[[], None] = lambda: None

    @property
    def waiting(self) -> int:
        """Number of entries that are to be placed; none while they are hidden."""
        return 0 if self.is_hidden else self.session.buffer.end - self.placed

    @property
    def read_until(self) -> int:
        """Time of the newest line that is read."""
        newest_at = self.session.buffer.newest_at
        return to_micros([newest_at])[0] if newest_at else self.newest

    def note_arrivals(self, now: float) -> None:
        """Note when entries came, and which of them are history."""
        end = self.session.buffer.end
        is_loading = self.session.state.phase is LogPhase.LOADING
        if is_loading or self._was_loading:
            self._history_until = end
        self._was_loading = is_loading
        if end > (self._arrivals[-1][1] if self._arrivals else self.placed):
            if len(self._arrivals) >= _MAX_ARRIVALS:
                self._arrivals.pop()
            self._arrivals.append((now, end))

    def waited_until(self, moment: float) -> int:
        """Index after the last entry that came before a moment."""
        while self._arrivals and self._arrivals[0][1] <= self.placed:
            self._arrivals.popleft()
        return max((end for came, end in self._arrivals if came <= moment), default=self.placed)

    def next_due(self, hold_back: float) -> float | None:
        """When the entry that waits for longest has waited enough; None if none waits."""
        came = next((came for came, end in self._arrivals if end > self.placed), None)
        return None if came is None else came + hold_back

    def is_loading(self, now: float) -> bool:
        """Whether others wait for the lines that it wrote before."""
        phase = self.session.state.phase
        return phase is LogPhase.LOADING and now - self._read_since < LOAD_PATIENCE

    def candidates(self, most: int, end: int) -> NextEntries:
        """The next entries, at most so many, with the times where they belong.

        A marker that comes stands at the end of the merged log: there it happened. What the run
        wrote meanwhile goes before it, if that is where it belongs.

        Args:
            most: their maximum number.
            end: time of the last entry of the merged log.
        """
        start = self.placed
        stop = min(self.session.buffer.end, start + most)
        micros = self.session.buffer.micros(start, stop)
        if NO_TIME in micros:
            return self._with_markers(start, micros, end)
        times = list(accumulate(micros, max, initial=self.newest))[1:]
        return NextEntries(start, times, frozenset(), times[-1])

    def due(self, candidates: NextEntries, limit: int) -> list[Placed]:
        """The first of these entries, up to a line that is newer than the limit."""
        start, times, markers, _ = candidates
        stop = bisect_right(times, limit)
        if markers:
            later = (index for index, time in enumerate(times) if time > limit)
            stop = next((index for index in later if start + index not in markers), len(times))
        number, known = self.number, max(self._known_until, self._history_until)
        return [
            Placed(time, number, index, index >= known, index in markers)
            for index, time in enumerate(times[:stop], start)
        ]

    def _with_markers(self, start: int, micros: Sequence[int], end: int) -> NextEntries:
        buffer, newest = self.session.buffer, self.newest
        following = next((micro for micro in micros if micro != NO_TIME), end)
        times: list[int] = []
        markers: set[int] = set()
        for index, micro in enumerate(micros, start):
            if micro == NO_TIME and buffer.is_marker(index):
                markers.add(index)
                is_dropped = index < buffer.first_retained
                came = following if is_dropped else end if index >= self._known_until else newest
                times.append(max(newest, came))
            else:
                newest = max(newest, end if micro == NO_TIME else micro)
                times.append(newest)
        return NextEntries(start, times, frozenset(markers), newest)

    def place(self, entries: Sequence[Placed]) -> None:
        """Note that these entries, the next ones, are placed."""
        self.placed = entries[-1].position + 1
        lines = (entry.time for entry in reversed(entries) if not entry.is_marker)
        self.newest = next(lines, self.newest)

    def place_again(self, came: float) -> None:
        """Let all entries be placed where they belong, at once and without marks."""
        self._known_until = self.placed
        self._history_until, self._was_loading = self.session.buffer.end, True
        self.floor = self.placed = max(self.floor, self.session.buffer.first)
        known = self.session.buffer.micros(self.placed, self._known_until)
        self.newest = next((micro for micro in known if micro != NO_TIME), self.newest)
        self._arrivals.appendleft((came, self._known_until))

    def read_again(self, now: float) -> None:
        """Let others wait once more for what was written meanwhile."""
        self._read_since = now
        self._was_loading = True

    def drop_before(self, first: int) -> None:
        """Note that the entries before an index are not in memory any more."""
        self.floor = first
        self.placed = max(self.placed, first)
