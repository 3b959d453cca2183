"""Has a log been silent for unusually long? Judged by the gaps between its earlier lines.

A gap counts by its length: many lines in a burst and then a pause of 40 s, again and again, means
that 40 s are usual, for that is what someone who looks at a random moment finds.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from nodion_tui.monitor.log.timestamps import to_datetime

MIN_GAPS = 5
"""Under this many pauses nothing is called usual."""
TYPICAL_SHARE = 0.95
"""So much of the watched time was spent in gaps up to the usual one."""
ALARM_FACTOR = 3.0
"""Times the usual gap: what is shorter is no alarm."""
MIN_SILENCE = timedelta(seconds=60)
"""What is shorter is no alarm either."""

_SHORTEST_MICROS = 250_000  # what is shorter is a burst, not a pause
_SHORTEST = _SHORTEST_MICROS / 1e6
_STEP = 1.25  # a class of lengths ends at so many times the end of the one before
_CLASSES = 64  # the last one begins at about 90 hours


@dataclass(frozen=True, slots=True)
class Silence:
    """A silence that is longer than usual: "no output for 7 min, usually ≤ 40 s"."""

    duration: timedelta
    typical_gap: timedelta
    """What the gaps stay under: rounded up by less than a quarter, then to whole seconds."""


class LineGaps:
    """The gaps between the lines of one log, or of several runs of the same command.

    Takes the same small memory however many lines there are.
    """

    __slots__ = ("_last", "count", "spent")

    def __init__(self) -> None:
        self.count = 0
        """How many there were."""
        self.spent = [0.0] * _CLASSES
        """Seconds spent in gaps of each class of length, the shortest first."""
        self._last: int | None = None

    @property
    def last(self) -> datetime | None:
        """When the newest line was written."""
        return None if self._last is None else to_datetime(self._last)

    def observe(self, times: Iterable[int]) -> None:
        """Take in the times of new lines, in their order; one that goes back is no gap.

        Args:
            times: microseconds since 1970 UTC, for a log may bring ten thousand a second.
        """
        last = self._last
        for time in times:
            if last is None:
                last = time
            elif time > last:
                if time - last >= _SHORTEST_MICROS:
                    self._count((time - last) / 1e6)
                last = time
        self._last = last

    def add(self, other: "LineGaps") -> None:
        """Count the gaps of another log too, such as that of an earlier run of the same."""
        self.count += other.count
        self.spent = [mine + theirs for mine, theirs in zip(self.spent, other.spent, strict=True)]

    @property
    def typical_gap(self) -> timedelta | None:
        """What gaps usually stay under; None where there were too few."""
        if self.count < MIN_GAPS:
            return None
        wanted = sum(self.spent) * TYPICAL_SHARE
        passed = 0.0
        for position, seconds in enumerate(self.spent):
            passed += seconds
            if seconds and passed >= wanted:
                return timedelta(seconds=_SHORTEST * _STEP**position)
        return None

    def silence(self, now: datetime) -> Silence | None:
        """The silence since the last line, if it is an alarm.

        Ask only of a run that is running and whose log is live: a lost connection is no silence.

        Args:
            now: the server's clock.
        """
        usual = self.typical_gap
        last = self.last
        if usual is None or last is None:
            return None
        lasting = now - last
        if lasting <= max(usual * ALARM_FACTOR, MIN_SILENCE):
            return None
        return Silence(lasting, timedelta(seconds=math.ceil(usual.total_seconds())))

    def _count(self, seconds: float) -> None:
        # Rounded so that a length on the edge of a class belongs to it.
        position = math.ceil(round(math.log(seconds / _SHORTEST, _STEP), 9))
        position = min(position, _CLASSES - 1)
        self.count += 1
        self.spent[position] += seconds
