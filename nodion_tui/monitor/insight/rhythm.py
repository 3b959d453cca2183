"""How regularly something runs: learnt from the times at which its runs were created.

Pure: it has no clock. A service does not tell schedules, so that a run that never came is in no
list; it can only be missed by who knows when it was due.

Gaps are ranked, never averaged, so that a pause or a missed run changes nothing as long as it is
one gap in ten: the 90th percentile is a gap that occurred (nearest rank), and with fewer than ten
gaps it is the longest one. So a job of the working days, one of whose five gaps is a weekend, is
not called regular, and no weekend is an alarm.
"""

import math
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Self

import msgspec

SAMPLE = 20
"""Maximum number of gaps that are ranked, the newest ones."""
MIN_GAPS = 5
"""With fewer gaps nothing is regular."""
MAX_SPREAD = 1.5
"""Ratio of the 90th percentile of the gaps to their median; beyond it nothing is regular."""
LATE_FACTOR = 1.25
"""Multiple of the 90th percentile after which a run is overdue."""
LATE_MARGIN = timedelta(minutes=10)
"""A run is never overdue earlier than this after the median gap."""


class Rhythm(msgspec.Struct, frozen=True):
    """The gaps between the runs of a regular execution."""

    period: timedelta
    """The median gap."""
    p90: timedelta
    """The 90th percentile of the gaps."""
    of: int
    """Number of gaps that were ranked."""
    last: datetime
    """When the newest run was created."""
    regular_for: timedelta
    """Time spent in gaps of this rhythm, over all times that were given."""

    @classmethod
    def learn(cls, created_times: Iterable[datetime]) -> Self | None:
        """The rhythm of an execution.

        Args:
            created_times: when its runs were created, aware, in any order; the more, the longer a
                missing run is told.

        Returns:
            None if the runs are too few, or come irregularly.
        """
        times = sorted(created_times)
        gaps = [later - earlier for earlier, later in pairwise(times)]
        ranked = sorted(gaps[-SAMPLE:])
        if len(ranked) < MIN_GAPS:
            return None
        period, p90 = _ranked(ranked, 0.5), _ranked(ranked, 0.9)
        if not period or p90 > period * MAX_SPREAD:
            return None
        regular = (gap for gap in gaps if gap <= period * MAX_SPREAD)
        return cls(period, p90, len(ranked), times[-1], sum(regular, timedelta()))

    @property
    def due_at(self) -> datetime:
        """When the next run is expected."""
        return self.last + self.period

    @property
    def overdue_at(self) -> datetime:
        """When the next run is overdue, if it has not come by then."""
        return self.last + max(self.p90 * LATE_FACTOR, self.period + LATE_MARGIN)

    @property
    def given_up_at(self) -> datetime:
        """When no run is expected any more: it has been silent for as long as it was regular.

        So six runs that a person triggered within minutes are no schedule, and a job that was
        switched off is not missed for ever.
        """
        return self.last + self.regular_for

    def overdue_by(self, now: datetime) -> timedelta | None:
        """How long ago the next run was due, if it is overdue; else None.

        Args:
            now: until when no newer run is known to exist, on the service's clock.
        """
        return now - self.due_at if self.overdue_at < now <= self.given_up_at else None


def _ranked(ascending: Sequence[timedelta], share: float) -> timedelta:
    """The smallest value that at least this share of all do not exceed."""
    return ascending[math.ceil(len(ascending) * share) - 1]
