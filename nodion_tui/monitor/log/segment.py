"""Log lines packed as UTF-8 in segments: one that grows, and sealed ones that never change.

Lines are concatenated, each followed by a newline, with an array of end offsets. So a whole segment
is searched at the speed of `bytes.find`, and a sealed one may be read by another thread without a
lock. A marker (a gap, a reconnect) has a position in the sequence too: it is an empty line whose
position is listed in `markers`.
"""

from array import array
from collections.abc import Sequence
from datetime import datetime
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from nodion_tui.model.log_line import LogLine, LogLines, bodies_of, text_of
from nodion_tui.monitor.log.timestamps import NO_TIME, GrowingTimes, PackedTimes, to_micros

if TYPE_CHECKING:
    from nodion_tui.model.line_pattern import LinePattern

OVERHEAD = 400
"""Bytes used by a segment's own objects."""


class DataRegion(NamedTuple):
    """Lines in the data of a segment, not copied."""

    data: bytes | bytearray
    start: int
    stop: int


class LogSegment:
    """Lines `first` to `stop` of a log, sealed.

    One that is stored elsewhere overrides what depends on the lines, and reads them when needed.
    """

    __slots__ = (
        *("_data", "_ends", "_times", "after_id", "errors", "first", "labels", "markers", "plain"),
        *("special", "stops", "writers"),
    )

    def __init__(
        self,
        first: int,
        data: bytes,
        ends: "array[int]",
        times: PackedTimes,
        markers: tuple[int, ...],
        after_id: str | None,
    ) -> None:
        self.first = first
        """Absolute index of its first entry."""
        self._data = data
        self._ends = ends
        self._times = times
        self.markers = markers
        """Positions of markers in the segment, ascending."""
        self.after_id = after_id
        """Id of the last line before the segment: fetching after it returns the segment again."""
        self.errors: tuple[int, ...] | None = None
        """Indexes of its error lines, cached by the first search for them."""
        self.stops: tuple[tuple[LinePattern, ...], tuple[int, ...]] | None = None
        """Patterns, and the indexes of the lines that match one; cached by `RunnerPatterns`."""
        self.labels: Sequence[bytes] | None = None
        """What a file has before each line where the lines are of many runs; else None."""
        self.writers: Sequence[int] | None = None
        """Number of the run that wrote each line where the lines are of many runs; else None."""
        self.special: Sequence[int] | None = None
        """Positions of its lines that are read one by one, cached by `segment_text`."""
        self.plain = False
        """Whether it is known that all of its lines are shown as they were sent."""

    def __len__(self) -> int:
        return len(self._ends)

    @property
    def data(self) -> bytes:
        """All bodies as UTF-8, each followed by a newline (a body may contain newlines)."""
        return self._data

    @property
    def ends(self) -> "array[int]":
        """For each entry the offset in `data` after its newline."""
        return self._ends

    @property
    def known_ends(self) -> "array[int] | None":
        """`ends`; None if they would have to be computed first."""
        return self._ends

    @property
    def times(self) -> PackedTimes:
        """The times of its entries."""
        return self._times

    @property
    def stop(self) -> int:
        """Absolute index after its last entry."""
        return self.first + len(self)

    @property
    def lines(self) -> int:
        """Number of entries that are lines."""
        return len(self) - len(self.markers)

    @property
    def nbytes(self) -> int:
        """Memory used, in bytes."""
        return len(self._data) + 4 * len(self._ends) + self._times.nbytes + OVERHEAD

    def body(self, position: int) -> bytes:
        """The body at a position in the segment, as UTF-8."""
        data, ends = self.data, self.ends
        start = ends[position - 1] if position else 0
        return data[start : ends[position] - 1]

    def region(self, start: int, stop: int) -> DataRegion:
        """Where the entries between two positions are."""
        return DataRegion(self.data, *_bounds(self.ends, start, stop))


class OpenSegment:
    """The growing end of a log."""

    __slots__ = ("_data", "_ends", "_markers", "_times", "after_id", "first")

    def __init__(self, first: int, after_id: str | None) -> None:
        self.first = first
        self.after_id = after_id
        self._data = bytearray()
        self._ends = array("I")
        self._times = GrowingTimes()
        self._markers: list[int] = []

    def __len__(self) -> int:
        return len(self._ends)

    @property
    def stop(self) -> int:
        """Absolute index after its last entry."""
        return self.first + len(self._ends)

    @property
    def nbytes(self) -> int:
        """Memory used, in bytes."""
        return len(self._data) + 4 * len(self._ends) + self._times.nbytes + OVERHEAD

    def extend(self, lines: Sequence[LogLine]) -> None:
        """Append lines."""
        packed, lengths = _pack(text_of(lines), bodies_of(lines))
        begin = len(self._data)
        self._data += packed
        self._ends.extend(accumulate(lengths[1:], initial=begin + lengths[0]))
        if isinstance(lines, LogLines):
            self._times.extend(lines.times)
        else:
            self._times.extend_micros(to_micros([line.created_at for line in lines]))

    def append_marker(self) -> None:
        """Append the empty entry that represents a marker."""
        self._markers.append(len(self._ends))
        self._data += b"\n"
        self._ends.append(len(self._data))
        self._times.extend_micros((NO_TIME,))

    def body(self, position: int) -> bytes:
        """The body at a position in the segment, as UTF-8."""
        start = self._ends[position - 1] if position else 0
        return bytes(self._data[start : self._ends[position] - 1])

    def region(self, start: int, stop: int) -> DataRegion:
        """As `LogSegment.region`; to be read at once, as the segment grows."""
        return DataRegion(self._data, *_bounds(self._ends, start, stop))

    def time(self, position: int) -> datetime | None:
        """Time of the line at a position."""
        return self._times[position]

    def micros(self, start: int, stop: int) -> list[int]:
        """As `PackedTimes.micros`."""
        return self._times.micros(start, stop)

    def known_times(self, since: int = 0) -> list[int]:
        """As `PackedTimes.present`."""
        return self._times.present(since)

    def seal(self, since: int = 0) -> LogSegment:
        """An immutable copy from a position on."""
        begin = self._ends[since - 1] if since else 0
        ends = self._ends[since:]
        if begin:
            ends = array("I", [end - begin for end in ends])
        return LogSegment(
            self.first + since,
            bytes(self._data[begin:] if begin else self._data),
            ends,
            self._times.sealed(since),
            tuple(marker - since for marker in self._markers if marker >= since),
            self.after_id,
        )


def pack_segment(
    first: int, lines: Sequence[LogLine], markers: Sequence[int], after_id: str | None
) -> LogSegment:
    """A sealed segment of lines, with markers at the given positions, ascending."""
    segment = OpenSegment(first, after_id)
    packed = 0
    for marker in markers:
        end = packed + marker - len(segment)
        if end > packed:
            segment.extend(lines[packed:end])
        segment.append_marker()
        packed = end
    if packed < len(lines):
        segment.extend(lines[packed:])
    return segment.seal()


def _bounds(ends: "array[int]", start: int, stop: int) -> tuple[int, int]:
    """The offsets of the first entry, and after the last one."""
    return ends[start - 1] if start else 0, ends[stop - 1] if stop else 0


def _pack(text: str, bodies: Sequence[str]) -> tuple[bytes, list[int]]:
    """The bodies, which the text joins, as UTF-8, and the size of each with its newline."""
    if text.isascii():
        return text.encode() + b"\n", [len(body) + 1 for body in bodies]
    encoded = [body.encode("utf-8", "surrogatepass") for body in bodies]
    return b"\n".join(encoded) + b"\n", [len(body) + 1 for body in encoded]
