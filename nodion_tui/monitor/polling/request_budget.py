"""The request budget: how many requests polling may send, and when the next one."""

_TICK = 0.001
"""Seconds; the shortest wait."""
MAX_DEBT = 30.0
"""Requests that lists asked for by hand may be sent ahead of the budget."""


class RequestBudget:
    """A token bucket that holds a quarter of the budget and refills at the rate of the rest.

    So a start may be quick, and yet no window of 60 seconds ever contains more than `per_minute`
    requests: a full bucket plus the refill of a minute is the budget. One in thirty is left unused:
    delayed requests must not overfill a minute as counted by the service. Only what a person asks
    for may run ahead, by `MAX_DEBT` requests, which later ones pay back.

    Args:
        per_minute: at least 2.
        now: the current time in seconds, on the clock of all other calls.
        is_enforced: False lets every request be sent at once; the rate still sets the rhythm.
    """

    MIN_PER_MINUTE = 2

    def __init__(self, per_minute: int, now: float, *, is_enforced: bool = True) -> None:
        if per_minute < self.MIN_PER_MINUTE:
            raise ValueError(
                f"request budget: {per_minute} per minute, minimum {self.MIN_PER_MINUTE}"
            )
        self.per_minute = per_minute
        burst = max(1, per_minute // 4)
        self._burst = float(burst)
        self.sustained_per_minute = per_minute - burst - per_minute // 30
        """Requests per minute that can be sustained."""
        self._rate = self.sustained_per_minute / 60
        self._tokens = self._burst
        self._updated_at = now
        self._is_enforced = is_enforced

    def wait(self, now: float, *, debt: float = 0.0) -> float:
        """Seconds until a request may be sent; 0 if it may be sent now.

        Args:
            now: the current time.
            debt: how many requests may be sent ahead of the budget, to be paid back by waiting.
        """
        missing_tokens = 1 - self._available(now) - debt
        if missing_tokens <= 0 or not self._is_enforced:
            return 0.0
        # Never less than a tick: float rounding must not stop the clock.
        return max(_TICK, missing_tokens / self._rate)

    def consume(self, now: float) -> None:
        """Count a request that is being sent."""
        self._tokens = max(-MAX_DEBT, self._available(now) - 1)
        self._updated_at = now

    def _available(self, now: float) -> float:
        return min(self._burst, self._tokens + (now - self._updated_at) * self._rate)
