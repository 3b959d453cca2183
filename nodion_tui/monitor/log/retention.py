"""Retention of a log's sealed segments within a budget: retained, dropped, and restored.

The oldest segments are dropped first. A segment that was restored on request stays, up to half of
the budget, so that new lines do not evict what a person is reading.
"""

from bisect import bisect_right

import msgspec

from nodion_tui.monitor.log.segment import LogSegment


class DroppedSegment(msgspec.Struct, frozen=True):
    """A segment that was dropped, and how to fetch it again."""

    first: int
    stop: int
    lines: int
    """Number of its lines."""
    after_id: str | None
    """`after_id` of the request that returns its first line; None: from the beginning."""
    number: int
    """Its position among the segments."""


class RetainedSegments:
    """Segments in order, some of them dropped."""

    __slots__ = ("_firsts", "_restored", "_segments", "dropped_lines", "leading_dropped", "nbytes")

    def __init__(self) -> None:
        self._segments: list[LogSegment | DroppedSegment] = []
        self._firsts: list[int] = []
        self._restored: list[int] = []
        self.leading_dropped = 0
        """Number of dropped segments at the beginning."""
        self.dropped_lines = 0
        """Lines in all dropped segments."""
        self.nbytes = 0
        """Memory used by the retained segments, in bytes."""

    def __len__(self) -> int:
        return len(self._segments)

    @property
    def first_retained(self) -> int:
        """Index of the first retained entry; undefined if there is none."""
        return self._firsts[self.leading_dropped]

    def append(self, segment: LogSegment) -> None:
        """Add the next segment."""
        self._segments.append(segment)
        self._firsts.append(segment.first)
        self.nbytes += segment.nbytes

    def at(self, index: int) -> LogSegment | DroppedSegment:
        """The segment that contains an index."""
        return self._segments[bisect_right(self._firsts, index) - 1]

    def last_leading_dropped(self) -> DroppedSegment | None:
        """The dropped segment just before the first retained one."""
        segment = self._segments[self.leading_dropped - 1] if self.leading_dropped else None
        return segment if isinstance(segment, DroppedSegment) else None

    def overlapping(self, start: int, stop: int) -> list[LogSegment]:
        """The retained segments with entries of `start` to `stop`."""
        number = max(bisect_right(self._firsts, start) - 1, 0)
        return [
            segment
            for segment in self._segments[number : bisect_right(self._firsts, stop)]
            if isinstance(segment, LogSegment) and segment.first < stop and segment.stop > start
        ]

    def dropped_ranges(self) -> list[range]:
        """Dropped ranges after the first retained segment; adjacent ones are merged."""
        ranges: list[range] = []
        for segment in self._segments[self.leading_dropped :] if self._restored else ():
            if isinstance(segment, DroppedSegment):
                is_adjacent = ranges and ranges[-1].stop == segment.first
                first = ranges.pop().start if is_adjacent else segment.first
                ranges.append(range(first, segment.stop))
        return ranges

    def restore(self, missing: DroppedSegment, segment: LogSegment) -> bool:
        """Put a dropped segment back; False if it is there already."""
        if self._segments[missing.number] is not missing:
            return False
        self._segments[missing.number] = segment
        self.nbytes += segment.nbytes
        self.dropped_lines -= segment.lines
        self._restored.append(missing.number)
        self._count_leading_dropped()
        return True

    def drop_restored(self) -> None:
        """Drop restored segments again."""
        for number in self._restored:
            self._drop(number)
        self._restored.clear()
        self._count_leading_dropped()

    def trim_to(self, budget: int) -> None:
        """Drop the oldest segments until the rest uses no more than this many bytes."""
        while len(self._restored) > 1 and self._restored_bytes() > budget // 2:
            self._drop(self._restored.pop(0))
        number = self.leading_dropped
        while self.nbytes > budget and number < len(self._segments):
            if number not in self._restored:
                self._drop(number)
            number += 1
        self._count_leading_dropped()

    def dropped_around(self, missing: DroppedSegment) -> tuple[int, bool]:
        """Adjacent dropped lines around a segment, and whether they are the log's beginning."""
        low = high = missing.number
        while low and isinstance(self._segments[low - 1], DroppedSegment):
            low -= 1
        while high + 1 < len(self._segments) and isinstance(
            self._segments[high + 1], DroppedSegment
        ):
            high += 1
        return sum(segment.lines for segment in self._segments[low : high + 1]), low == 0

    def _restored_bytes(self) -> int:
        segments = (self._segments[number] for number in self._restored)
        return sum(segment.nbytes for segment in segments if isinstance(segment, LogSegment))

    def _drop(self, number: int) -> None:
        segment = self._segments[number]
        if isinstance(segment, LogSegment):
            self._segments[number] = DroppedSegment(
                segment.first, segment.stop, segment.lines, segment.after_id, number
            )
            self.nbytes -= segment.nbytes
            self.dropped_lines += segment.lines

    def _count_leading_dropped(self) -> None:
        count = 0 if self._restored else self.leading_dropped
        while count < len(self._segments) and isinstance(self._segments[count], DroppedSegment):
            count += 1
        self.leading_dropped = count
