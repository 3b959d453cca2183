"""A number of requests a minute that is never exceeded, however the minute is cut."""

_TICK = 0.001


class Budget:
    """A token bucket that holds a quarter of the budget and fills at the rate of the rest.

    So a start may be quick, and yet no window of 60 seconds ever holds more than `per_minute`
    requests: a full bucket and what a minute refills are the budget. One in thirty is left out:
    requests that were late on their way must not make a minute too full where it counts, at the
    service.

    Args:
        per_minute: at least 2.
        now: the present, on the clock that every other call uses too, in seconds.
    """

    SMALLEST = 2

    def __init__(self, per_minute: int, now: float) -> None:
        if per_minute < self.SMALLEST:
            raise ValueError(f"a budget of {per_minute} a minute, at least {self.SMALLEST}")
        self.per_minute = per_minute
        burst = max(1, per_minute // 4)
        self._burst = float(burst)
        self.sustained = per_minute - burst - per_minute // 30
        """Requests a minute that may go on for ever."""
        self._rate = self.sustained / 60
        self._tokens = self._burst
        self._at = now

    def wait(self, now: float) -> float:
        """Seconds until a request may be sent; 0 where it may be now."""
        missing = 1 - self._filled(now)
        if missing <= 0:
            return 0.0
        # Never less than a tick: the rounding of floats must not let a clock stand still.
        return max(_TICK, missing / self._rate)

    def spend(self, now: float) -> None:
        """A request is being sent."""
        self._tokens = max(0.0, self._filled(now) - 1)
        self._at = now

    def _filled(self, now: float) -> float:
        return min(self._burst, self._tokens + (now - self._at) * self._rate)
