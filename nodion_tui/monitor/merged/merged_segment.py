"""Segments of a merged log, assembled from those of its sources when they are read.

A search, a jump to an error and a saved file read one segment after the other. Each is a copy that
lives as long as it is read, so that the text is in memory once.
"""

from array import array
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, overload

from nodion_tui.monitor.log.segment import LogSegment
from nodion_tui.monitor.log.timestamps import NO_TIME, PackedTimes
from nodion_tui.monitor.merged.merged_index import MAX_INDEX


class SourceSegments(NamedTuple):
    """What is read of a source."""

    label: bytes
    """What a file has before its lines."""
    segments: Sequence[LogSegment]
    """In order, with all entries that are read and in memory."""


@dataclass(frozen=True, slots=True)
class MergedPart:
    """The order of some entries."""

    first: int
    """Index of the first one in the merged log."""
    sources: "array[int]"
    indexes: "array[int]"
    """Indexes there; what is above `MAX_INDEX` marks a late entry."""


class MergedSegments(Sequence[LogSegment]):
    """Segments that are assembled one by one, each time they are asked for.

    Args:
        parts: one for each segment.
        sources: by their numbers.
    """

    def __init__(self, parts: Sequence[MergedPart], sources: Mapping[int, SourceSegments]) -> None:
        self._parts = parts
        self._sources = sources

    def __len__(self) -> int:
        return len(self._parts)

    @overload
    def __getitem__(self, number: int) -> LogSegment: ...
    @overload
    def __getitem__(self, number: slice) -> "MergedSegments": ...
    def __getitem__(self, number: int | slice) -> "LogSegment | MergedSegments":
        if isinstance(number, slice):
            return MergedSegments(self._parts[number], self._sources)
        return _assemble(self._parts[number], self._sources)


@dataclass(slots=True)
class _SourceReader:
    """Reads entries of a source, ascending."""

    source: SourceSegments
    _starts: list[int] = field(init=False)
    _segment: LogSegment | None = field(init=False, default=None)
    _markers: frozenset[int] = field(init=False, default=frozenset())

    def __post_init__(self) -> None:
        self._starts = [segment.first for segment in self.source.segments]

    def read(self, index: int) -> tuple[bytes, int] | None:
        """Body and time of a line; None for a marker, and for what is not in memory."""
        segment = self._segment
        if segment is None or not segment.first <= index < segment.stop:
            number = bisect_right(self._starts, index) - 1
            if number < 0:
                return None
            segment = self._segment = self.source.segments[number]
            self._markers = frozenset(segment.markers)
        position = index - segment.first
        if position >= len(segment) or position in self._markers:
            return None
        return segment.body(position), segment.times.micros(position, position + 1)[0]


def _assemble(part: MergedPart, sources: Mapping[int, SourceSegments]) -> LogSegment:
    readers = {number: _SourceReader(sources[number]) for number in set(part.sources)}
    data, ends, micros = bytearray(), array("I"), array("q")
    markers: list[int] = []
    labels: list[bytes] = []
    for position, number in enumerate(part.sources):
        line = readers[number].read(part.indexes[position] & MAX_INDEX)
        if line is None:
            markers.append(position)
        else:
            data += line[0]
        data += b"\n"
        ends.append(len(data))
        micros.append(NO_TIME if line is None else line[1])
        labels.append(sources[number].label)
    segment = LogSegment(part.first, bytes(data), ends, PackedTimes(micros), tuple(markers), None)
    segment.labels, segment.writers = labels, part.sources
    return segment
