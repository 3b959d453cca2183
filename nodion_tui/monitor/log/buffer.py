"""One run's log in memory: packed lines, and marks where something happened to the reading of it.

Every entry has an index that never changes: the first is 0, and `[first, end)` is what can be
shown. The buffer keeps to `max_bytes`: the oldest segments go, and where they were stands a
`dropped` entry. What went can come back through `missing` and `restore`.

Everything here runs on the event loop. Other threads read a `snapshot`, which never changes.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

import msgspec

from nodion_tui.model.log_line import LogLine
from nodion_tui.monitor.log.retention import DroppedSegment, RetainedSegments
from nodion_tui.monitor.log.segment import LogSegment, OpenSegment, pack_segment

DEFAULT_MAX_BYTES = 256 * 1024 * 1024
_SEGMENT_BYTES = 512 * 1024
_ASIDE = 8 * 1024 * 1024
"""What reading a flood takes beside its lines: what was read ahead, and lines half decoded."""
_BATCH = 4096


class EntryKind(StrEnum):
    """What an entry of a log is: a line that the run wrote, or a mark of ours."""

    LINE = "line"
    LOST = "lost"
    """The stream was lost: `reconnecting in 4 s`."""
    RESUMED = "resumed"
    """It is back: `resumed, 0 lines lost`."""
    DROPPED = "dropped"
    """Lines that are no longer held: `12,345 older lines dropped`."""
    NOTICE = "notice"
    """What the service or the reader had to say."""
    ENDED = "ended"
    """How the run ended, and whether the log is complete."""


class LogEntry(msgspec.Struct, frozen=True, gc=False):
    """One entry of a log."""

    kind: EntryKind
    body: str
    """The line as it was sent, control characters included; of a mark its text."""
    created_at: datetime | None = None
    """Aware, UTC. None for marks and where the service sent none."""
    size: int = 0
    """Bytes that the whole body takes as UTF-8; `body` may be cut to a limit."""


class LogBuffer:
    """The entries of one run's log.

    Args:
        max_bytes: memory that it may take, everything counted.
    """

    def __init__(self, max_bytes: int = DEFAULT_MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._reserved = 0
        self._parts = RetainedSegments()
        self._tail = OpenSegment(0, None)
        self._marks: dict[int, LogEntry] = {}
        self._lines = 0
        self._last_id: str | None = None
        self._started_at: datetime | None = None

    @property
    def first(self) -> int:
        """Index of the first entry to show; if older ones were dropped, that entry says so."""
        if not self._parts.leading_dropped:
            return 0
        all_gone = self._parts.leading_dropped == len(self._parts)
        return (self._tail.first if all_gone else self._parts.first_retained) - 1

    @property
    def first_retained(self) -> int:
        """Index of the first entry that is held: `first`, or the one after its `dropped` entry."""
        return self.first + bool(self._parts.leading_dropped)

    @property
    def end(self) -> int:
        """Index after the last entry; equals the number of entries that there ever were."""
        return self._tail.stop

    @property
    def sealed_end(self) -> int:
        """Index after the last entry of a sealed segment: what a snapshot has of it is no copy."""
        return self._tail.first

    @property
    def lines(self) -> int:
        """Lines taken in so far, dropped ones included, marks not."""
        return self._lines

    @property
    def dropped(self) -> int:
        """Lines that are not held now."""
        return self._parts.dropped_lines

    @property
    def last_id(self) -> str | None:
        """Id of the newest line."""
        return self._last_id

    @property
    def started_at(self) -> datetime | None:
        """When the first line was written."""
        return self._started_at

    @property
    def bytes_held(self) -> int:
        """Memory that the entries take, in bytes."""
        return self._parts.nbytes + self._tail.nbytes

    @property
    def max_bytes(self) -> int:
        """Memory that it may take, in bytes. Setting a smaller figure drops at once."""
        return self._max_bytes

    @max_bytes.setter
    def max_bytes(self, limit: int) -> None:
        self._max_bytes = limit
        self._trim()

    def reserve(self, nbytes: int) -> None:
        """Count this much memory that is kept on the log's account elsewhere (its ids)."""
        self._reserved = nbytes
        self._trim()

    def extend(self, lines: Sequence[LogLine]) -> None:
        """Append lines, in order. Whether one came before is not looked at here."""
        if not lines:
            return
        if self._started_at is None:
            self._started_at = next((line.created_at for line in lines if line.created_at), None)
        for start in range(0, len(lines), _BATCH):
            self._append(lines[start : start + _BATCH])
        self._lines += len(lines)

    def append_marker(self, kind: EntryKind, text: str, at: datetime | None = None) -> int:
        """Append a mark; gives its index."""
        index = self.end
        self._marks[index] = LogEntry(kind, text, at)
        self._tail.append_marker()
        self._seal_if_full()
        return index

    def update_marker(self, kind: EntryKind, text: str, at: datetime | None = None) -> int:
        """Rewrite the last entry if it is a mark of the same kind, else append one.

        The only case in which an entry changes: do not keep a rendered mark.
        """
        last = self._marks.get(self.end - 1)
        if last is None or last.kind != kind:
            return self.append_marker(kind, text, at)
        self._marks[self.end - 1] = LogEntry(kind, text, at)
        return self.end - 1

    def line_number(self, index: int) -> int:
        """Which line of the log an entry is, from 1; of a mark the line before it."""
        return max(1, index + 1 - bisect_right(tuple(self._marks), index))

    def entry(self, index: int, limit: int | None = None) -> LogEntry:
        """The entry at an index.

        Args:
            index: from `first` to `end` - 1.
            limit: decode at most so many bytes of the body; `size` tells how long it is.

        Raises:
            IndexError: there is no such entry.
        """
        if not 0 <= index < self.end:
            raise IndexError(index)
        if index == self.first and (gone := self._parts.last_leading_dropped()):
            return self._dropped_entry(gone)
        if mark := self._marks.get(index):
            return mark
        if index >= self._tail.first:
            position = index - self._tail.first
            return _line(self._tail.body(position), self._tail.time(position), limit)
        part = self._parts.at(index)
        if isinstance(part, DroppedSegment):
            return self._dropped_entry(part)
        position = index - part.first
        return _line(part.body(position), part.times[position], limit)

    def entries(self, start: int, stop: int, limit: int | None = None) -> list[LogEntry]:
        """The entries `start` to `stop`, as far as they are within `first` and `end`."""
        begin, end = max(start, self.first), min(stop, self.end)
        return [self.entry(index, limit) for index in range(begin, end)]

    def times(self, start: int) -> list[int]:
        """When the lines from an index on were written, as far as they are held.

        Returns:
            Microseconds since 1970 UTC, without those of lines that were sent without a time.
        """
        known: list[int] = []
        for part in self._parts.overlapping(start, self._tail.first):
            known += part.times.present(max(start - part.first, 0))
        return known + self._tail.known_times(max(start - self._tail.first, 0))

    def snapshot(self, start: int = 0, stop: int | None = None) -> tuple[LogSegment, ...]:
        """What is held of `start` to `stop`, oldest first, for another thread to read.

        The first and last segment may reach beyond the bounds, except at the growing end, of which
        only what is asked for is copied.
        """
        end = self.end if stop is None else stop
        held = self._parts.overlapping(start, end)
        if len(self._tail) and self._tail.first < end and start < self._tail.stop:
            held.append(self._tail.seal(max(start - self._tail.first, 0)))
        return tuple(held)

    def dropped_segment(self, index: int | None = None) -> DroppedSegment | None:
        """The dropped part at an index; without one, the part just before what is held."""
        if index is None or index == self.first:
            return self._parts.last_leading_dropped()
        part = self._parts.at(index) if 0 <= index < self._tail.first else None
        return part if isinstance(part, DroppedSegment) else None

    def dropped_ranges(self) -> list[range]:
        """Stretches between `held_from` and `end` that are not held: to be shown as one entry."""
        return self._parts.dropped_ranges()

    def restore(self, missing: DroppedSegment, lines: Sequence[LogLine]) -> bool:
        """Put a dropped part back.

        Restored parts may take up to half of `max_bytes`; then the one restored first goes again.

        Returns:
            Whether it could be put back: False if it is there already, if these are not as many
            lines as it held, or if there is no room for it.
        """
        if len(lines) != missing.lines:
            return False
        span = range(missing.first, missing.stop)
        marks = sorted(index - missing.first for index in self._marks if index in span)
        segment = pack_segment(missing.first, lines, marks, missing.after_id)
        if not self._parts.restore(missing, segment):
            return False
        self._trim()
        return not isinstance(self._parts.at(missing.first), DroppedSegment)

    def drop_restored(self) -> None:
        """Let restored parts go again."""
        self._parts.drop_restored()

    @property
    def _segment_bytes(self) -> int:
        return min(_SEGMENT_BYTES, self._max_bytes // 16)

    def _append(self, lines: Sequence[LogLine]) -> None:
        if len(lines) > 1 and sum([len(line.body) for line in lines]) > self._segment_bytes:
            half = len(lines) // 2
            self._append(lines[:half])
            self._append(lines[half:])
            return
        self._tail.extend(lines)
        self._last_id = lines[-1].id
        self._seal_if_full()

    def _seal_if_full(self) -> None:
        if self._tail.nbytes < self._segment_bytes:
            return
        segment = self._tail.seal()
        self._parts.append(segment)
        self._tail = OpenSegment(segment.stop, self._last_id)
        self._trim()

    def _trim(self) -> None:
        # An eighth is left for what an allocator wastes when parts come and go.
        budget = self._max_bytes - self._max_bytes // 8 - min(_ASIDE, self._max_bytes // 4)
        self._parts.trim_to(budget - self._reserved - self._tail.nbytes)

    def _dropped_entry(self, part: DroppedSegment) -> LogEntry:
        lines, oldest = self._parts.dropped_around(part)
        return LogEntry(EntryKind.DROPPED, f"{lines:,} {'older ' if oldest else ''}lines dropped")


def _line(body: bytes, time: datetime | None, limit: int | None) -> LogEntry:
    size = len(body)
    if limit is not None and size > limit:
        while limit and body[limit] & 0xC0 == 0x80:
            limit -= 1
        body = body[:limit]
    return LogEntry(EntryKind.LINE, body.decode("utf-8", "surrogatepass"), time, size)
