"""The order of a merged log: for each entry the number of its source, and its index there.

Six bytes an entry; the text stays in the buffers of the sources. Entries are in blocks, so that one
that comes late moves those of a few blocks only.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, compress, pairwise
from operator import attrgetter
from typing import NamedTuple

from nodion_tui.monitor.log.shown_log import Renumbering

BLOCK_ENTRIES = 2048
MAX_INDEX = 2**31 - 1
"""Largest index of an entry in its source."""
_LATE = 2**31
_OLDEST = -(2**63)

TimesOf = Callable[["array[int]", "array[int]"], Sequence[int]]
"""Returns the times of entries, by source and index there; `NO_TIME` for those that have none."""


class Placed(NamedTuple):
    """An entry, and where it belongs. Sorted by time, entries of one source stay in order."""

    time: int
    """Microseconds since 1970; never before the entries of its source that are placed already."""
    source: int
    position: int
    """Its index in the source."""
    is_new: bool = True
    """Whether it is marked as late where it comes after entries below it."""
    is_marker: bool = False
    """Whether it is no line, so that later lines of its source may go before it."""


class SourceEntry(NamedTuple):
    """An entry of a source."""

    source: int
    position: int
    """Its index in the source."""
    is_late: bool
    """Whether it came after entries below it."""


class _Block:
    __slots__ = ("indexes", "lowest", "sources", "until")

    def __init__(self, sources: "array[int]", indexes: "array[int]", until: int) -> None:
        self.sources = sources
        self.indexes = indexes
        self.until = until
        """Time of its last entry."""
        self.lowest: dict[int, int] = {}
        """Source → lowest index there of its entries in the block."""
        self._note_lowest(sources, indexes)

    def __len__(self) -> int:
        return len(self.sources)

    def extend(self, sources: "array[int]", indexes: "array[int]", until: int) -> None:
        self.sources.extend(sources)
        self.indexes.extend(indexes)
        self.until = until
        self._note_lowest(sources, indexes)

    def _note_lowest(self, sources: "array[int]", indexes: "array[int]") -> None:
        lowest = self.lowest
        for source, index in zip(sources, indexes, strict=True):
            if (index & MAX_INDEX) < lowest.get(source, _LATE):
                lowest[source] = index & MAX_INDEX


class MergedIndex:
    """Entries by an index that only `insert` and `remove` change; see `Renumbering`."""

    def __init__(self) -> None:
        self._blocks: list[_Block] = []
        self._starts: list[int] = []
        self.first = 0
        """Index of the first entry."""

    @property
    def end(self) -> int:
        """Index after the last entry."""
        return self._starts[-1] + len(self._blocks[-1]) if self._blocks else self.first

    @property
    def sealed_end(self) -> int:
        """Index from which on the block still grows."""
        if self._blocks and len(self._blocks[-1]) < BLOCK_ENTRIES:
            return self._starts[-1]
        return self.end

    @property
    def newest(self) -> int:
        """Time of the last entry."""
        return self._blocks[-1].until if self._blocks else _OLDEST

    @property
    def nbytes(self) -> int:
        """Memory used, in bytes."""
        return 6 * (self.end - self.first) + 600 * len(self._blocks)

    def __getitem__(self, index: int) -> SourceEntry:
        number = bisect_right(self._starts, index) - 1
        if number < 0 or index >= self.end:
            raise IndexError(index)
        block, position = self._blocks[number], index - self._starts[number]
        packed = block.indexes[position]
        return SourceEntry(block.sources[position], packed & MAX_INDEX, packed >= _LATE)

    def append(self, entries: Sequence[Placed]) -> None:
        """Add entries at the end, in this order; none is before `newest`."""
        begin = 0
        while begin < len(entries):
            if not self._blocks or len(self._blocks[-1]) >= BLOCK_ENTRIES:
                self._starts.append(self.end)
                self._blocks.append(_Block(array("H"), array("I"), _OLDEST))
            stop = begin + BLOCK_ENTRIES - len(self._blocks[-1])
            part = entries[begin:stop]
            sources = array("H", [entry.source for entry in part])
            indexes = array("I", [entry.position for entry in part])
            self._blocks[-1].extend(sources, indexes, part[-1].time)
            begin = stop

    def time_within_blocks(self, time: int, blocks: int) -> int:
        """The latest time of entries that are inserted into so many blocks, from a time on."""
        number = bisect_right(self._blocks, time, key=attrgetter("until"))
        return self._blocks[min(number + blocks, len(self._blocks)) - 1].until

    def insert(self, entries: Sequence[Placed], times_of: TimesOf) -> Renumbering:
        """Add entries where they belong, each after all that are as old, and mark them as late.

        Args:
            entries: sorted; each is before `newest`.
            times_of: looks up times of entries that are there already.
        """
        low = bisect_right(self._blocks, entries[0].time, key=attrgetter("until"))
        high = bisect_right(self._blocks, entries[-1].time, key=attrgetter("until")) + 1
        start, blocks = self._starts[low], self._blocks[low:high]
        sources, indexes = array("H"), array("I")
        for block in blocks:
            sources.extend(block.sources)
            indexes.extend(block.indexes)
        before = self._blocks[low - 1].until if low else _OLDEST
        times = list(accumulate(times_of(sources, indexes), max, initial=before))[1:]
        gaps = [bisect_right(times, entry.time) for entry in entries]
        merged = _Merged()
        begin = 0
        for gap, entry in zip(gaps, entries, strict=True):
            merged.take(sources[begin:gap], indexes[begin:gap], times[begin:gap])
            merged.add(entry)
            begin = gap
        merged.take(sources[begin:], indexes[begin:], times[begin:])
        self._blocks[low:high] = merged.blocks(self._blocks[high - 1].until)
        self._count()
        return Renumbering(inserted=array("q", [start + gap for gap in gaps]))

    def remove(self, source: int, before: int = MAX_INDEX + 1) -> Renumbering:
        """Remove the entries of a source before an index of it."""
        removed = array("q")
        for number, block in enumerate(self._blocks):
            if block.lowest.get(source, before) >= before:
                continue
            start = self._starts[number]
            kept = [
                each != source or index & MAX_INDEX >= before
                for each, index in zip(block.sources, block.indexes, strict=True)
            ]
            removed.extend(start + position for position, keep in enumerate(kept) if not keep)
            self._blocks[number] = _Block(
                array("H", compress(block.sources, kept)),
                array("I", compress(block.indexes, kept)),
                block.until,
            )
        self.first += len(removed)
        self._count()
        return Renumbering(removed=removed)

    def spans(self, start: int, stop: int) -> list[range]:
        """The indexes of the blocks with entries of `start` to `stop`."""
        low = max(bisect_right(self._starts, start) - 1, 0)
        high = bisect_left(self._starts, stop)
        return [
            range(first, first + len(block))
            for first, block in zip(self._starts[low:high], self._blocks[low:high], strict=True)
        ]

    def slices(self, start: int, stop: int) -> Iterator[tuple[int, "array[int]", "array[int]"]]:
        """The entries `start` to `stop`, by block: first index, sources, indexes there.

        What is above `MAX_INDEX` in an index there marks a late entry.
        """
        for number in range(max(bisect_right(self._starts, start) - 1, 0), len(self._blocks)):
            first, block = self._starts[number], self._blocks[number]
            if first >= stop:
                return
            low, high = max(start - first, 0), min(stop - first, len(block))
            yield first + low, block.sources[low:high], block.indexes[low:high]

    def _count(self) -> None:
        self._blocks = [block for block in self._blocks if len(block)]
        sizes = accumulate(map(len, self._blocks), initial=self.first)
        self._starts = list(sizes)[: len(self._blocks)]


class _Merged:
    """Entries that are put together again, cut into blocks."""

    def __init__(self) -> None:
        self._sources = array("H")
        self._indexes = array("I")
        self._times: list[int] = []

    def take(self, sources: "array[int]", indexes: "array[int]", times: Sequence[int]) -> None:
        self._sources.extend(sources)
        self._indexes.extend(indexes)
        self._times += times

    def add(self, entry: Placed) -> None:
        self._sources.append(entry.source)
        self._indexes.append(entry.position | (_LATE if entry.is_new else 0))
        self._times.append(max(entry.time, self._times[-1]) if self._times else entry.time)

    def blocks(self, until: int) -> list[_Block]:
        """Blocks of equal size, so that none becomes ever smaller."""
        count, blocks = len(self._sources), []
        parts = -(-count // BLOCK_ENTRIES)
        ends = [count * part // parts for part in range(parts + 1)]
        for start, stop in pairwise(ends):
            newest = self._times[stop - 1]
            blocks.append(_Block(self._sources[start:stop], self._indexes[start:stop], newest))
        blocks[-1].until = max(blocks[-1].until, until)
        return blocks
