"""One run's log in memory: packed lines, and markers for gaps, reconnects and the end.

Every entry has an index that never changes: the first is 0, and `[first, end)` can be shown. The
buffer stays within `max_bytes`: the oldest segments are dropped and replaced by a `dropped` entry.
Dropped segments can be fetched again through `dropped_segment` and `restore`.

Everything here runs on the event loop. Other threads read a `snapshot`, which never changes.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import StrEnum

import msgspec

from nodion_tui.model.log_line import LogLine, ids_of, text_of
from nodion_tui.monitor.log.levels.service_levels import ServiceLevels
from nodion_tui.monitor.log.retention import DroppedSegment, RetainedSegments
from nodion_tui.monitor.log.segment import DataRegion, LogSegment, OpenSegment, pack_segment
from nodion_tui.monitor.log.timestamps import NO_TIME, to_datetime

DEFAULT_MAX_BYTES = 256 * 1024 * 1024
_SEGMENT_BYTES = 512 * 1024
_HEADROOM = 8 * 1024 * 1024
"""Memory used besides the lines during a flood: data read ahead, and lines half decoded."""
_BATCH = 4096


class EntryKind(StrEnum):
    """Kind of a log entry: a line that the run wrote, or a marker."""

    LINE = "line"
    LOST = "lost"
    """The stream was lost: `interrupted: the connection broke`."""
    RESUMED = "resumed"
    """The stream is back: `resumed, 0 lines lost`."""
    DROPPED = "dropped"
    """Lines no longer in memory: `12,345 older lines dropped`."""
    NOTICE = "notice"
    """A message of the service or of the reader."""
    ENDED = "ended"
    """How the run ended, and whether the log is complete."""


class LogEntry(msgspec.Struct, frozen=True, gc=False):
    """One entry of a log."""

    kind: EntryKind
    body: str
    """The line as it was sent, control characters included; the text of a marker."""
    created_at: datetime | None = None
    """Aware, UTC. None for markers and where the service sent none."""
    size: int = 0
    """Size of the whole body as UTF-8; `body` may be truncated."""


class LogBuffer:
    """The entries of one run's log.

    Args:
        max_bytes: memory limit, everything included.
    """

    def __init__(self, max_bytes: int = DEFAULT_MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._reserved = 0
        self._retained = RetainedSegments()
        self._tail = OpenSegment(0, None)
        self._markers: dict[int, LogEntry] = {}
        self.service_levels = ServiceLevels()
        """The lines whose `log_level` is not the documented one."""
        self.revision = 0
        """Entries keep their indexes, so it stays 0."""
        self.bookmarks: set[int] = set()
        """Indexes of the entries that a person has marked."""
        self.lines = 0
        """Lines added so far, dropped ones included, markers excluded."""
        self.last_id: str | None = None
        """Id of the newest line."""
        self.started_at: datetime | None = None
        """Time of the first line."""
        self.newest_at: datetime | None = None
        """Latest time of a line so far, by the last line of each batch."""

    @property
    def first(self) -> int:
        """Index of the first entry to show: the `dropped` entry if older lines were dropped."""
        if not self._retained.leading_dropped:
            return 0
        all_dropped = self._retained.leading_dropped == len(self._retained)
        return (self._tail.first if all_dropped else self._retained.first_retained) - 1

    @property
    def first_retained(self) -> int:
        """Index of the first entry in memory: `first`, or the one after its `dropped` entry."""
        return self.first + bool(self._retained.leading_dropped)

    @property
    def end(self) -> int:
        """Index after the last entry; equals the number of entries ever added."""
        return self._tail.stop

    @property
    def sealed_end(self) -> int:
        """Index after the last sealed segment: snapshots up to here copy nothing."""
        return self._tail.first

    @property
    def dropped(self) -> int:
        """Lines that are not in memory now."""
        return self._retained.dropped_lines

    @property
    def bytes_held(self) -> int:
        """Memory used by the entries, in bytes."""
        return self._retained.nbytes + self._tail.nbytes

    @property
    def max_bytes(self) -> int:
        """Memory limit in bytes. Setting a lower one drops segments at once."""
        return self._max_bytes

    @max_bytes.setter
    def max_bytes(self, limit: int) -> None:
        self._max_bytes = limit
        self._trim()

    def reserve(self, nbytes: int) -> None:
        """Count memory that is used for this log elsewhere (its line ids)."""
        self._reserved = nbytes
        self._trim()

    def extend(self, lines: Sequence[LogLine]) -> None:
        """Append lines, in order. Duplicates are not detected here."""
        if not lines:
            return
        if self.started_at is None:
            self.started_at = next((line.created_at for line in lines if line.created_at), None)
        self._update_newest(lines[-1].created_at)
        for start in range(0, len(lines), _BATCH):
            self._append(lines[start : start + _BATCH])
        self.lines += len(lines)

    def adopt(self, segments: Sequence[LogSegment], last_id: str | None) -> None:
        """Take the segments of a whole log, in order; the buffer must be empty."""
        for segment in segments:
            self._retained.append(segment)
        if segments:
            first, last = segments[0].times.present(), segments[-1].times.present()
            self.started_at = to_datetime(first[0]) if first else None
            self.newest_at = to_datetime(last[-1]) if last else None
        self.lines = sum(segment.lines for segment in segments)
        self.last_id = last_id
        self._tail = OpenSegment(segments[-1].stop if segments else 0, last_id)
        self._trim()

    def append_marker(self, kind: EntryKind, text: str, at: datetime | None = None) -> int:
        """Append a marker; returns its index."""
        index = self.end
        self._markers[index] = LogEntry(kind, text, at)
        self._tail.append_marker()
        self._seal_if_full()
        return index

    def update_marker(self, kind: EntryKind, text: str, at: datetime | None = None) -> int:
        """Replace the last entry if it is a marker of the same kind, else append one.

        The only case in which an entry changes: do not cache a rendered marker.
        """
        last_marker = self._markers.get(self.end - 1)
        if last_marker is None or last_marker.kind != kind:
            return self.append_marker(kind, text, at)
        self._markers[self.end - 1] = LogEntry(kind, text, at)
        return self.end - 1

    def is_marker(self, index: int) -> bool:
        """Whether an entry is no line: a marker, or what stands for lines that were dropped."""
        return index in self._markers or index < self.first_retained

    def line_number(self, index: int) -> int:
        """Line number of an entry, from 1; for a marker that of the line before it."""
        return max(1, index + 1 - bisect_right(tuple(self._markers), index))

    def entry(self, index: int, limit: int | None = None) -> LogEntry:
        """The entry at an index.

        Args:
            index: from `first` to `end` - 1.
            limit: maximum bytes of the body to decode; `size` has the full length.

        Raises:
            IndexError: there is no such entry.
        """
        if not 0 <= index < self.end:
            raise IndexError(index)
        if index == self.first and (dropped := self._retained.last_leading_dropped()):
            return self._dropped_entry(dropped)
        if marker := self._markers.get(index):
            return marker
        if index >= self._tail.first:
            position = index - self._tail.first
            return _line_entry(self._tail.body(position), self._tail.time(position), limit)
        segment = self._retained.at(index)
        if isinstance(segment, DroppedSegment):
            return self._dropped_entry(segment)
        position = index - segment.first
        return _line_entry(segment.body(position), segment.times[position], limit)

    def time(self, index: int) -> datetime | None:
        """Time of the line at an index; None for a marker, and where the service sent none."""
        if index >= self._tail.first:
            return self._tail.time(index - self._tail.first)
        segment = self._retained.at(index)
        if isinstance(segment, DroppedSegment):
            return None
        return segment.times[index - segment.first]

    def entries(self, start: int, stop: int, limit: int | None = None) -> list[LogEntry]:
        """The entries `start` to `stop`, clamped to `first` and `end`."""
        begin, end = max(start, self.first), min(stop, self.end)
        return [self.entry(index, limit) for index in range(begin, end)]

    def micros(self, start: int, stop: int) -> list[int]:
        """The time of each entry in microseconds since 1970 UTC.

        `NO_TIME` stands for a marker, a line without a time, and one that is not in memory.
        """
        micros: list[int] = []
        for segment in self._retained.overlapping(start, stop):
            micros += [NO_TIME] * (segment.first - start - len(micros))
            micros += segment.times.micros(
                max(start - segment.first, 0), min(stop - segment.first, len(segment))
            )
        begin = max(self._tail.first, start)
        if begin < stop:
            micros += [NO_TIME] * (begin - start - len(micros))
            micros += self._tail.micros(begin - self._tail.first, stop - self._tail.first)
        return micros + [NO_TIME] * (stop - start - len(micros))

    def times(self, start: int) -> list[int]:
        """Times of the lines from an index on, as far as they are in memory.

        Returns:
            Microseconds since 1970 UTC, without lines that were sent without a time.
        """
        micros: list[int] = []
        for segment in self._retained.overlapping(start, self._tail.first):
            micros += segment.times.present(max(start - segment.first, 0))
        return micros + self._tail.known_times(max(start - self._tail.first, 0))

    def regions_before(self, index: int, entries: int) -> Iterator[DataRegion]:
        """The data of the entries before an index, as far as they are in memory; newest first.

        Args:
            index: of the entry after them.
            entries: their maximum number.
        """
        first = max(index - entries, self.first_retained)
        while index > first:
            segment = self._tail if index > self._tail.first else self._retained.at(index - 1)
            if isinstance(segment, DroppedSegment):
                return
            begin = max(first, segment.first)
            yield segment.region(begin - segment.first, index - segment.first)
            index = begin

    def segment_ranges(self, start: int, stop: int) -> list[range]:
        """The indexes of the sealed segments in memory of `start` to `stop`, oldest first."""
        return [
            range(segment.first, segment.stop)
            for segment in self._retained.overlapping(start, stop)
        ]

    def snapshot(self, start: int = 0, stop: int | None = None) -> tuple[LogSegment, ...]:
        """The segments in memory of `start` to `stop`, oldest first, for another thread to read.

        The first and last segment may reach beyond the bounds, except at the growing end, of which
        only the requested range is copied.
        """
        end = self.end if stop is None else stop
        segments = self._retained.overlapping(start, end)
        if len(self._tail) and self._tail.first < end and start < self._tail.stop:
            segments.append(self._tail.seal(max(start - self._tail.first, 0)))
        return tuple(segments)

    def dropped_segment(self, index: int | None = None) -> DroppedSegment | None:
        """The dropped segment at an index (default: the one before the first retained)."""
        if index is None or index == self.first:
            return self._retained.last_leading_dropped()
        segment = self._retained.at(index) if 0 <= index < self._tail.first else None
        return segment if isinstance(segment, DroppedSegment) else None

    def dropped_ranges(self) -> list[range]:
        """Ranges after `first_retained` that are not in memory; each is one entry on screen."""
        return self._retained.dropped_ranges()

    def restore(self, missing: DroppedSegment, lines: Sequence[LogLine]) -> bool:
        """Put a dropped segment back.

        Restored segments may use up to half of `max_bytes`; then the first one restored is dropped.

        Returns:
            Whether it was put back: False if it is there already, if the number of lines differs,
            or if there is no room for it.
        """
        if len(lines) != missing.lines:
            return False
        indexes = range(missing.first, missing.stop)
        markers = sorted(index - missing.first for index in self._markers if index in indexes)
        return self.put_back(missing, pack_segment(missing.first, lines, markers, missing.after_id))

    def put_back(self, missing: DroppedSegment, segment: LogSegment) -> bool:
        """Put a segment back in place of a dropped one; as `restore`."""
        if not self._retained.restore(missing, segment):
            return False
        self._trim()
        return not isinstance(self._retained.at(missing.first), DroppedSegment)

    def drop_restored(self) -> None:
        """Drop restored segments again."""
        self._retained.drop_restored()

    @property
    def _segment_bytes(self) -> int:
        return min(_SEGMENT_BYTES, self._max_bytes // 16)

    def _append(self, lines: Sequence[LogLine]) -> None:
        if len(lines) > 1 and len(text_of(lines)) > self._segment_bytes:
            half = len(lines) // 2
            self._append(lines[:half])
            self._append(lines[half:])
            return
        self.service_levels.add(self._tail.stop, lines)
        self._tail.extend(lines)
        self.last_id = ids_of(lines)[-1]
        self._seal_if_full()

    def _update_newest(self, time: datetime | None) -> None:
        if time is not None and (self.newest_at is None or time > self.newest_at):
            self.newest_at = time

    def _seal_if_full(self) -> None:
        if self._tail.nbytes < self._segment_bytes:
            return
        segment = self._tail.seal()
        self._retained.append(segment)
        self._tail = OpenSegment(segment.stop, self.last_id)
        self._trim()

    def _trim(self) -> None:
        # An eighth is left for what the allocator wastes when segments are freed.
        budget = self._max_bytes - self._max_bytes // 8 - min(_HEADROOM, self._max_bytes // 4)
        self._retained.trim_to(budget - self._reserved - self._tail.nbytes)

    def _dropped_entry(self, segment: DroppedSegment) -> LogEntry:
        lines, oldest = self._retained.dropped_around(segment)
        return LogEntry(EntryKind.DROPPED, f"{lines:,} {'older ' if oldest else ''}lines dropped")


def _line_entry(body: bytes, time: datetime | None, limit: int | None) -> LogEntry:
    size = len(body)
    if limit is not None and size > limit:
        while limit and body[limit] & 0xC0 == 0x80:
            limit -= 1
        body = body[:limit]
    return LogEntry(EntryKind.LINE, body.decode("utf-8", "surrogatepass"), time, size)
