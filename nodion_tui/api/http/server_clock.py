"""What time is it on the server? Learnt from the `Date` header of every answer."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_STALE = 2.0
"""Seconds by which a server's clock may be ahead of the `Date` that it sends."""


class ServerClock:
    """The offset between the server's clock and our own, narrowed down answer by answer.

    A `Date` is cut to whole seconds, is often up to a second old because servers make it once a
    second, and was made somewhere between our sending and our receiving: so each answer only
    bounds the offset. The bounds of successive answers are intersected, which
    tells it to a fraction of a second after a few; when they contradict each other one of the
    clocks was set, and the newest answer counts alone. No offset is taken where none is needed.
    """

    def __init__(self, wall_clock: Callable[[], float] = time.time) -> None:
        self._wall = wall_clock
        self._low = float("-inf")
        self._high = float("inf")

    @property
    def offset(self) -> timedelta:
        """What to add to our own clock to get the server's."""
        if self._low <= 0 <= self._high or self._low == float("-inf"):
            return timedelta()
        return timedelta(seconds=(self._low + self._high) / 2)

    def now(self) -> datetime:
        """The server's time, aware, in UTC."""
        return datetime.fromtimestamp(self._wall(), UTC) + self.offset

    def local_time(self) -> float:
        """Our own clock: seconds since the epoch."""
        return self._wall()

    def update(self, date: str | None, sent: float) -> None:
        """Take in the `Date` header of an answer.

        Args:
            date: the header's value; one that is no date is ignored.
            sent: what `wall()` was when the request left.
        """
        stamp = http_date(date)
        if stamp is None:
            return
        received = max(self._wall(), sent)
        low, high = stamp - received, stamp + _STALE - sent
        if low > self._high or high < self._low:
            self._low, self._high = low, high
        else:
            self._low, self._high = max(low, self._low), min(high, self._high)


def http_date(text: str | None) -> float | None:
    """Seconds since the epoch of an HTTP date; None if it is none."""
    if not text:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, IndexError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    try:
        return moment.timestamp()
    except (OverflowError, ValueError):
        return None
