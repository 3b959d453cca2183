"""Detects an unusually long silence of a log, compared with the gaps between its earlier lines.

A gap is weighted by its length: many lines in a burst and then a pause of 40 s, repeatedly, make
40 s typical, as that is the gap at a random moment.
"""

import math
from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from nodion_tui.monitor.log.timestamps import to_datetime

MIN_GAPS = 5
"""With fewer gaps nothing is typical."""
TYPICAL_SHARE = 0.95
"""Share of the watched time spent in gaps up to the typical one."""
ALARM_FACTOR = 3.0
"""Multiple of the typical gap; a shorter silence is no alarm."""
MIN_SILENCE = timedelta(seconds=60)
"""A shorter silence is no alarm either."""

_MIN_GAP_MICROS = 250_000  # shorter ones are bursts, not gaps
_MIN_GAP_SECONDS = _MIN_GAP_MICROS / 1e6
_CLASS_FACTOR = 1.25  # upper bound of a length class, relative to that of the previous one
_CLASS_COUNT = 64  # the last one begins at about 90 hours


class Silence(msgspec.Struct, frozen=True):
    """A silence that is longer than usual: "no output for 7 min, usually ≤ 40 s"."""

    duration: timedelta
    typical_gap: timedelta
    """Upper bound of typical gaps: rounded up by less than a quarter, then to whole seconds."""


class LineGaps:
    """The gaps between the lines of one log.

    Memory is small and constant, independent of the number of lines.
    """

    __slots__ = ("_last", "count", "spent")

    def __init__(self) -> None:
        self.count = 0
        """Number of gaps."""
        self.spent = [0.0] * _CLASS_COUNT
        """Seconds spent in gaps of each length class, the shortest first."""
        self._last: int | None = None

    @property
    def last(self) -> datetime | None:
        """Time of the newest line."""
        return None if self._last is None else to_datetime(self._last)

    def observe(self, times: Iterable[int]) -> None:
        """Add the times of new lines, in order; a time that goes back is no gap.

        Args:
            times: microseconds since 1970 UTC, as a log may write ten thousand lines per second.
        """
        last = self._last
        for time in times:
            if last is None:
                last = time
            elif time > last:
                if time - last >= _MIN_GAP_MICROS:
                    self._count((time - last) / 1e6)
                last = time
        self._last = last

    def advance(self, time: int) -> None:
        """Note the time of the newest line, in microseconds, where those before are not counted."""
        self._last = time if self._last is None else max(self._last, time)

    @property
    def typical_gap(self) -> timedelta | None:
        """Upper bound of typical gaps; None if there were too few."""
        if self.count < MIN_GAPS:
            return None
        target = sum(self.spent) * TYPICAL_SHARE
        total = 0.0
        for position, seconds in enumerate(self.spent):
            total += seconds
            if seconds and total >= target:
                return timedelta(seconds=_MIN_GAP_SECONDS * _CLASS_FACTOR**position)
        return None

    def silence(self, now: datetime) -> Silence | None:
        """The silence since the last line, if it is an alarm.

        Call it only for a running run with a live log: a lost connection is no silence. `now` is
        the server's clock.
        """
        typical_gap = self.typical_gap
        last = self.last
        if typical_gap is None or last is None:
            return None
        duration = now - last
        if duration <= max(typical_gap * ALARM_FACTOR, MIN_SILENCE):
            return None
        return Silence(duration, timedelta(seconds=math.ceil(typical_gap.total_seconds())))

    def _count(self, seconds: float) -> None:
        # Rounded so that a length at the upper bound of a class belongs to it.
        position = math.ceil(round(math.log(seconds / _MIN_GAP_SECONDS, _CLASS_FACTOR), 9))
        position = min(position, _CLASS_COUNT - 1)
        self.count += 1
        self.spent[position] += seconds
