"""The entries of a merged log, read from the buffers of its sources. See `LogEntries`."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from nodion_tui.monitor.log.buffer import LogEntry
from nodion_tui.monitor.log.patterns.runner_patterns import RunnerPatterns
from nodion_tui.monitor.log.retention import DroppedSegment
from nodion_tui.monitor.log.segment import DataRegion, LogSegment
from nodion_tui.monitor.log.shown_log import Renumbering
from nodion_tui.monitor.merged.merged_index import MAX_INDEX, MergedIndex, SourceEntry
from nodion_tui.monitor.merged.merged_levels import MergedLevels
from nodion_tui.monitor.merged.merged_segment import MergedPart, MergedSegments, SourceSegments
from nodion_tui.monitor.merged.merged_source import MergedSource

if TYPE_CHECKING:
    from array import array


class MergedEntries:
    """Entries in the order of a `MergedIndex`.

    Lines that a source has dropped are gone here too: its `dropped` entry stays, without the offer
    to fetch them, which the run's own log makes.

    Args:
        index: the order.
        sources: by their numbers.
    """

    def __init__(self, index: MergedIndex, sources: Mapping[int, MergedSource]) -> None:
        self._index = index
        self._sources = sources
        self.service_levels = MergedLevels(lambda: self._shown, self.source_of)
        """Its lines that are not public, as the runs' own logs tell them apart."""
        self.revision = 0
        """Number of times that entries got other indexes."""
        self.bookmarks: set[int] = set()
        """Indexes of the entries that a person has marked."""

    @property
    def first(self) -> int:
        """Index of the first entry."""
        return self._index.first

    @property
    def first_retained(self) -> int:
        """Index of the first entry."""
        return self._index.first

    @property
    def end(self) -> int:
        """Index after the last entry."""
        return self._index.end

    @property
    def sealed_end(self) -> int:
        """Index from which on entries are still added to their block."""
        return self._index.sealed_end

    @property
    def lines(self) -> int:
        """Lines of the sources that are shown."""
        return sum(source.session.buffer.lines for source in self._shown)

    @property
    def dropped(self) -> int:
        """Lines of them that are not in memory."""
        return sum(source.session.buffer.dropped for source in self._shown)

    @property
    def started_at(self) -> datetime | None:
        """Time of the first line of a source."""
        starts = (source.session.buffer.started_at for source in self._shown)
        return min(filter(None, starts), default=None)

    @property
    def newest_at(self) -> datetime | None:
        """Latest time of a line."""
        times = (source.session.buffer.newest_at for source in self._shown)
        return max(filter(None, times), default=None)

    def renumber(self, renumbering: Renumbering) -> None:
        """Keep the bookmarks at their entries, which have other indexes now."""
        self.revision += 1
        self.bookmarks = {
            renumbering(index) for index in self.bookmarks if not renumbering.is_removed(index)
        }

    def patterns_at(self, index: int) -> RunnerPatterns:
        """The line patterns of the run that wrote an entry."""
        return self.source_of(index)[0].session.patterns

    def source_of(self, index: int) -> tuple[MergedSource, SourceEntry]:
        """The run that wrote an entry, and the entry's index in its log."""
        entry = self._index[index]
        return self._sources[entry.source], entry

    def line_number(self, index: int) -> int:
        """Number of an entry, from 1."""
        return index - self._index.first + 1

    def entry(self, index: int, limit: int | None = None) -> LogEntry:
        """The entry at an index, with at most `limit` bytes of its body."""
        source, entry = self.source_of(index)
        return source.session.buffer.entry(entry.position, limit)

    def entries(self, start: int, stop: int, limit: int | None = None) -> list[LogEntry]:
        """The entries `start` to `stop`, clamped to `first` and `end`."""
        begin, end = max(start, self.first), min(stop, self.end)
        return [self.entry(index, limit) for index in range(begin, end)]

    def time(self, index: int) -> datetime | None:
        """Time of the line at an index."""
        source, entry = self.source_of(index)
        return source.session.buffer.time(entry.position)

    def regions_before(self, index: int, entries: int) -> Iterator[DataRegion]:
        """The data of the same run before an index: its colours carry over, not those of others."""
        source, entry = self.source_of(index)
        return source.session.buffer.regions_before(entry.position, entries)

    def segment_ranges(self, start: int, stop: int) -> list[range]:
        """The indexes of the blocks of `start` to `stop`, oldest first."""
        return self._index.spans(start, min(stop, self.sealed_end))

    def snapshot(self, start: int = 0, stop: int | None = None) -> Sequence[LogSegment]:
        """Segments of `start` to `stop`, one for each block, assembled as they are read."""
        end = self.end if stop is None else min(stop, self.end)
        parts = [MergedPart(*part) for part in self._index.slices(start, end)]
        bounds: dict[int, tuple[int, int]] = {}
        for part in parts:
            for number, indexes in _by_source(part.sources, part.indexes).items():
                low, high = bounds.get(number, (MAX_INDEX, 0))
                bounds[number] = min(low, *indexes), max(high, *indexes) + 1
        sources = {
            number: SourceSegments(
                f"{self._sources[number].name} │ ".encode(),
                self._sources[number].session.buffer.snapshot(*bound),
            )
            for number, bound in bounds.items()
        }
        return MergedSegments(parts, sources)

    def dropped_segment(self, _: int | None = None) -> DroppedSegment | None:
        """None: lines are fetched again in their run's own log."""
        return None

    def dropped_ranges(self) -> list[range]:
        """None: what is dropped is removed."""
        return []

    def drop_restored(self) -> None:
        """Nothing was fetched again here."""

    def times_of(self, numbers: "array[int]", indexes: "array[int]") -> list[int]:
        """Times of entries by source and index there, in microseconds since 1970 UTC."""
        times: dict[int, Iterator[int]] = {}
        for number, own in _by_source(numbers, indexes).items():
            first = min(own)
            micros = self._sources[number].session.buffer.micros(first, max(own) + 1)
            times[number] = iter([micros[index - first] for index in own])
        return [next(times[number]) for number in numbers]

    @property
    def _shown(self) -> Iterator[MergedSource]:
        return (source for source in self._sources.values() if not source.is_hidden)


def _by_source(numbers: "array[int]", indexes: "array[int]") -> dict[int, list[int]]:
    """The indexes of each source in it."""
    own: dict[int, list[int]] = {number: [] for number in set(numbers)}
    for number, index in zip(numbers, indexes, strict=True):
        own[number].append(index & MAX_INDEX)
    return own
