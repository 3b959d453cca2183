"""What a screen, a search and a file need of a log: that of one run, or of many in one."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from nodion_tui.model.run import RunKey
from nodion_tui.monitor.log.buffer import LogEntry
from nodion_tui.monitor.log.levels.service_levels import LineLevels
from nodion_tui.monitor.log.patterns.runner_patterns import PatternsAt, StopPatterns
from nodion_tui.monitor.log.retention import DroppedSegment
from nodion_tui.monitor.log.segment import DataRegion, LogSegment
from nodion_tui.monitor.log.state import LogState


class Renumbering(msgspec.Struct, frozen=True):
    """Entries that have other indexes now: some were inserted, or removed, between them.

    Calling it with an index returns the new one; of a removed entry that of the next one left.
    Entries after an inserted one move up by one. So do entries before a removed one, so that the
    end of a log, where things are looked at, stays as it is.
    """

    inserted: Sequence[int] = ()
    """For each inserted entry the old index of the entry after it, ascending."""
    removed: Sequence[int] = ()
    """Old indexes of the removed entries, ascending."""

    def __call__(self, index: int) -> int:
        """The new index of an entry."""
        removed_after = len(self.removed) - bisect_left(self.removed, index)
        return index + bisect_right(self.inserted, index) + removed_after

    def is_removed(self, index: int) -> bool:
        """Whether an entry was removed."""
        position = bisect_left(self.removed, index)
        return position < len(self.removed) and self.removed[position] == index

    @property
    def first_inserted(self) -> int | None:
        """The old index of the entry after the first inserted one; None if none was inserted."""
        return self.inserted[0] if self.inserted else None


class LogEntries(Protocol):
    """The entries of a log; see `LogBuffer`, whose entries never get other indexes."""

    @property
    def first(self) -> int:
        """Index of the first entry to show."""

    @property
    def first_retained(self) -> int:
        """Index of the first entry in memory."""

    @property
    def end(self) -> int:
        """Index after the last entry."""

    @property
    def sealed_end(self) -> int:
        """Index up to which snapshots copy nothing."""

    @property
    def lines(self) -> int:
        """Lines added so far, dropped ones included."""

    @property
    def dropped(self) -> int:
        """Lines that are not in memory now."""

    @property
    def started_at(self) -> datetime | None:
        """Time of the first line."""

    @property
    def newest_at(self) -> datetime | None:
        """Latest time of a line so far."""

    @property
    def service_levels(self) -> LineLevels:
        """Its lines that are not public, as far as they are told apart."""

    @property
    def revision(self) -> int:
        """Number of times that entries got other indexes."""

    @property
    def bookmarks(self) -> set[int]:
        """Indexes of the entries that a person has marked."""

    def line_number(self, index: int) -> int:
        """Line number of an entry, from 1."""

    def entry(self, index: int, limit: int | None = None) -> LogEntry:
        """The entry at an index, with at most `limit` bytes of its body."""

    def entries(self, start: int, stop: int, limit: int | None = None) -> list[LogEntry]:
        """The entries `start` to `stop`, as far as there are any."""

    def time(self, index: int) -> datetime | None:
        """Time of the line at an index."""

    def regions_before(self, index: int, entries: int) -> Iterator[DataRegion]:
        """The data of the same run's entries before an index, newest first."""

    def segment_ranges(self, start: int, stop: int) -> list[range]:
        """The indexes of the sealed segments in memory of `start` to `stop`, oldest first."""

    def snapshot(self, start: int = 0, stop: int | None = None) -> Sequence[LogSegment]:
        """The segments in memory of `start` to `stop`, for another thread to read in order."""

    def dropped_segment(self, index: int | None = None) -> DroppedSegment | None:
        """What can be fetched again at an index, or before the first entry."""

    def dropped_ranges(self) -> list[range]:
        """Ranges after `first_retained` that are not in memory."""

    def drop_restored(self) -> None:
        """Drop again what was fetched again."""


class ShownLog(Protocol):
    """A log that is read while it is shown; see `LogSession`."""

    @property
    def key(self) -> RunKey:
        """The run; without a runner where the log has the lines of many."""

    @property
    def buffer(self) -> LogEntries:
        """Its entries."""

    @property
    def state(self) -> LogState:
        """The current state."""

    @property
    def patterns(self) -> StopPatterns:
        """The line patterns that apply to its lines."""

    @property
    def patterns_at(self) -> PatternsAt:
        """Returns the line patterns that apply to an entry."""

    def subscribe(self, subscriber: Callable[[LogState], None], /) -> Callable[[], None]:
        """Call when entries or state change; returns the function that unsubscribes."""

    def subscribe_renumbering(
        self, subscriber: Callable[[Renumbering], None], /
    ) -> Callable[[], None]:
        """Call at once when entries get other indexes; returns what unsubscribes."""

    async def run(self) -> None:
        """Read the log until cancelled, or to its end."""

    async def fetch_older(self, index: int | None = None) -> bool:
        """Fetch dropped lines; returns whether there are more lines now."""

    def seconds_since_event(self) -> float | None:
        """Seconds since the last event of the service; None if there was none yet."""

    def seconds_until_retry(self) -> float | None:
        """Seconds until the next reconnect; None if none is scheduled."""
