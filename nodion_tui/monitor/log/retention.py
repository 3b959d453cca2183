"""The sealed parts of a log, kept to a budget: held, dropped, and fetched again.

The oldest parts go first. A part that was fetched again on request stays, up to half of the
budget, so that what a person reads is not taken away by the lines that arrive.
"""

from bisect import bisect_right

import msgspec

from nodion_tui.monitor.log.segment import LogSegment


class DroppedSegment(msgspec.Struct, frozen=True):
    """A part of the log that was dropped, and how to ask for it again."""

    first: int
    stop: int
    lines: int
    """How many lines it held."""
    after_id: str | None
    """`after_id` of the request that brings its first line; None: from the beginning."""
    number: int
    """Its place among the parts."""


class RetainedSegments:
    """Segments in order, some of them dropped."""

    __slots__ = ("_firsts", "_parts", "_restored", "dropped_lines", "leading_dropped", "nbytes")

    def __init__(self) -> None:
        self._parts: list[LogSegment | DroppedSegment] = []
        self._firsts: list[int] = []
        self._restored: list[int] = []
        self.leading_dropped = 0
        """How many parts at the beginning are dropped."""
        self.dropped_lines = 0
        """Lines in all dropped parts."""
        self.nbytes = 0
        """Memory that the held parts take, in bytes."""

    def __len__(self) -> int:
        return len(self._parts)

    @property
    def first_retained(self) -> int:
        """Index of the first entry that is held; meaningless if none is."""
        return self._firsts[self.leading_dropped]

    def append(self, segment: LogSegment) -> None:
        """Add the next segment."""
        self._parts.append(segment)
        self._firsts.append(segment.first)
        self.nbytes += segment.nbytes

    def at(self, index: int) -> LogSegment | DroppedSegment:
        """The part that has the entry at an index."""
        return self._parts[bisect_right(self._firsts, index) - 1]

    def last_leading_dropped(self) -> DroppedSegment | None:
        """The part just before what is held."""
        part = self._parts[self.leading_dropped - 1] if self.leading_dropped else None
        return part if isinstance(part, DroppedSegment) else None

    def overlapping(self, start: int, stop: int) -> list[LogSegment]:
        """The held segments with entries of `start` to `stop`."""
        number = max(bisect_right(self._firsts, start) - 1, 0)
        return [
            part
            for part in self._parts[number : bisect_right(self._firsts, stop)]
            if isinstance(part, LogSegment) and part.first < stop and part.stop > start
        ]

    def dropped_ranges(self) -> list[range]:
        """Stretches dropped behind the first part that is held; adjacent ones are one."""
        holes: list[range] = []
        for part in self._parts[self.leading_dropped :] if self._restored else ():
            if isinstance(part, DroppedSegment):
                first = holes.pop().start if holes and holes[-1].stop == part.first else part.first
                holes.append(range(first, part.stop))
        return holes

    def restore(self, missing: DroppedSegment, segment: LogSegment) -> bool:
        """Put a dropped part back; False if it is there already."""
        if self._parts[missing.number] is not missing:
            return False
        self._parts[missing.number] = segment
        self.nbytes += segment.nbytes
        self.dropped_lines -= segment.lines
        self._restored.append(missing.number)
        self._count_gone()
        return True

    def drop_restored(self) -> None:
        """Let restored parts go again."""
        for number in self._restored:
            self._drop(number)
        self._restored.clear()
        self._count_gone()

    def trim_to(self, budget: int) -> None:
        """Drop the oldest parts until the rest takes no more than this many bytes."""
        while len(self._restored) > 1 and self._restored_bytes() > budget // 2:
            self._drop(self._restored.pop(0))
        number = self.leading_dropped
        while self.nbytes > budget and number < len(self._parts):
            if number not in self._restored:
                self._drop(number)
            number += 1
        self._count_gone()

    def dropped_around(self, missing: DroppedSegment) -> tuple[int, bool]:
        """Lines dropped in a row around a part, and whether that is the log's beginning."""
        low = high = missing.number
        while low and isinstance(self._parts[low - 1], DroppedSegment):
            low -= 1
        while high + 1 < len(self._parts) and isinstance(self._parts[high + 1], DroppedSegment):
            high += 1
        return sum(part.lines for part in self._parts[low : high + 1]), low == 0

    def _restored_bytes(self) -> int:
        parts = (self._parts[number] for number in self._restored)
        return sum(part.nbytes for part in parts if isinstance(part, LogSegment))

    def _drop(self, number: int) -> None:
        part = self._parts[number]
        if isinstance(part, LogSegment):
            self._parts[number] = DroppedSegment(
                part.first, part.stop, part.lines, part.after_id, number
            )
            self.nbytes -= part.nbytes
            self.dropped_lines += part.lines

    def _count_gone(self) -> None:
        gone = 0 if self._restored else self.leading_dropped
        while gone < len(self._parts) and isinstance(self._parts[gone], DroppedSegment):
            gone += 1
        self.leading_dropped = gone
