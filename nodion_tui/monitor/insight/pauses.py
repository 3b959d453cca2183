"""Finds the long pauses of a log: ten times as long as its usual gap, or longer.

The usual gap is the median of the gaps between lines that are at least a quarter of a second
apart; what is closer is one burst. So neither a burst of many lines nor a few hours of silence
make the other look usual.
"""

import asyncio
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import timedelta
from statistics import median_low

import msgspec

from nodion_tui.monitor.log.segment import LogSegment
from nodion_tui.monitor.log.shown_log import LogEntries
from nodion_tui.monitor.log.timestamps import NO_TIME

PAUSE_FACTOR = 10
"""Multiple of the usual gap from which a gap is a long pause."""
_BURST_MICROS = 250_000


class Pause(msgspec.Struct, frozen=True):
    """A long pause."""

    index: int
    """The line after it."""
    duration: timedelta


class LogPauses(msgspec.Struct, frozen=True):
    """The long pauses of a log, as far as it is in memory."""

    usual_gap: timedelta | None = None
    """None if there are no two lines that are apart."""
    indexes: Sequence[int] = ()
    """The lines after the pauses, ascending."""
    micros: Sequence[int] = ()
    """How long each is, in microseconds."""

    def after(self, index: int) -> Pause | None:
        """The first pause that ends after a line; None if there is none."""
        return self._at(bisect_right(self.indexes, index))

    def before(self, index: int) -> Pause | None:
        """The last pause that ends before a line; None if there is none."""
        return self._at(bisect_left(self.indexes, index) - 1)

    def _at(self, position: int) -> Pause | None:
        if not 0 <= position < len(self.indexes):
            return None
        return Pause(self.indexes[position], timedelta(microseconds=self.micros[position]))


async def long_pauses(buffer: LogEntries) -> LogPauses:
    """The long pauses of a log, found in a thread."""
    return await asyncio.to_thread(_pauses, buffer.snapshot(buffer.first_retained))


def _pauses(segments: Sequence[LogSegment]) -> LogPauses:
    gaps, indexes, micros = array("q"), array("q"), array("q")
    last = burst = NO_TIME
    end = -1
    for segment in segments:
        if segment.first != end:
            last = burst = NO_TIME  # Lines between them are not in memory.
        end = segment.stop
        for index, time in _times(segment):
            if last == NO_TIME:
                last = burst = time
            # A time that goes back is no gap.
            if time - burst >= _BURST_MICROS:
                gaps.append(time - burst)
                burst = time
            if time - last >= PAUSE_FACTOR * _BURST_MICROS:
                indexes.append(index)
                micros.append(time - last)
            last = max(last, time)
    if not gaps:
        return LogPauses()
    usual = median_low(gaps)
    long = [position for position, gap in enumerate(micros) if gap >= PAUSE_FACTOR * usual]
    return LogPauses(
        timedelta(microseconds=usual),
        array("q", [indexes[position] for position in long]),
        array("q", [micros[position] for position in long]),
    )


def _times(segment: LogSegment) -> Iterator[tuple[int, int]]:
    """Index and time of the lines that have a time."""
    for index, time in enumerate(segment.times.micros(), segment.first):
        if time != NO_TIME:
            yield index, time
