"""Server clock, estimated from the `Date` header of every response."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_MAX_DATE_AGE = 2.0
"""How far the server's clock may be ahead of the `Date` it sends, in seconds."""
_MAX_OFFSET = 100 * 365.25 * 86_400
"""Seconds between the clocks, at most. A machine without a clock of its own begins in 1970; a date
further off is none, and sums with it would leave the years that Python knows."""


class ServerClock:
    """Offset between server clock and local clock, narrowed down response by response.

    A `Date` is truncated to whole seconds, is often up to a second old because servers cache it
    for a second, and was created at some time between sending and receiving: each response only
    bounds the offset. Bounds of successive responses are intersected, which gives a fraction of a
    second after a few. Contradicting bounds mean that one of the clocks was set; then only the
    newest response counts. The offset is 0 if the bounds include 0.
    """

    def __init__(self, wall_clock: Callable[[], float] = time.time) -> None:
        self.local_time = wall_clock
        """The local clock, in seconds since the epoch."""
        self._low = float("-inf")
        self._high = float("inf")

    @property
    def offset(self) -> timedelta:
        """Server clock minus local clock."""
        if self._low <= 0 <= self._high or self._low == float("-inf"):
            return timedelta()
        return timedelta(seconds=(self._low + self._high) / 2)

    def now(self) -> datetime:
        """Current server time, timezone-aware, in UTC."""
        return datetime.fromtimestamp(self.local_time(), UTC) + self.offset

    def update(self, date: str | None, sent: float) -> None:
        """Update the offset from the `Date` header of a response.

        Args:
            date: the header's value; an invalid date is ignored, and one a century off.
            sent: `local_time()` when the request was sent.
        """
        server_time = http_date(date)
        if server_time is None:
            return
        received = max(self.local_time(), sent)
        if abs(server_time - received) > _MAX_OFFSET:
            return
        low, high = server_time - received, server_time + _MAX_DATE_AGE - sent
        if low > self._high or high < self._low:
            self._low, self._high = low, high
        else:
            self._low, self._high = max(low, self._low), min(high, self._high)


def http_date(text: str | None) -> float | None:
    """Seconds since the epoch of an HTTP date; None if it is invalid."""
    if not text:
        return None
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, IndexError):
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=UTC)
    try:
        return date.timestamp()
    except (OverflowError, ValueError):
        return None
