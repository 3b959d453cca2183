"""When the next run of a runner is expected, so that its list is asked for just after."""

import math
from typing import NamedTuple


class ExpectedRuns(NamedTuple):
    """What is expected of a runner. Times in seconds on a clock of the caller's."""

    earliest: float
    """Begin of the time in which the next run is due; infinite: nothing says when."""
    latest: float
    """End of that time."""
    rate: float
    """Runs in a second, at any time if nothing says when, else after that time."""

    def at(self, now: float) -> "ExpectedRuns":
        """The same on a clock that says `now` where this one says 0."""
        return ExpectedRuns(self.earliest + now, self.latest + now, self.rate)

    def waiting(self, asked_at: float, now: float) -> float:
        """How long, in seconds, runs created since a time have been waiting to be seen: expected.

        Each run counts with the time since it was created, so that the list with the greatest value
        is the one whose answer ends the most waiting.

        Args:
            asked_at: when the list was asked for; what was due before has not come.
            now: the current time.
        """
        begin = max(asked_at, self.earliest)
        unplanned_from = asked_at if self.earliest == math.inf else max(asked_at, self.latest)
        since = max(0.0, now - unplanned_from)
        waiting = self.rate * since * since / 2
        if begin >= self.latest or now <= begin:
            return waiting
        within = min(now, self.latest) - begin
        return waiting + within * within / (2 * (self.latest - begin)) + max(0.0, now - self.latest)
