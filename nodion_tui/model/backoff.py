"""Back-off policy: exponential with full jitter; random value and server hints are passed in."""

import msgspec

MAX_HINT = 300.0
"""Longest `Retry-After` that is honoured, in seconds."""


class Backoff(msgspec.Struct, frozen=True):
    """Full jitter below a doubling ceiling, so that many clients spread out. All in seconds."""

    first: float = 1.0
    """Ceiling of the first delay."""
    limit: float = 30.0
    """Ceiling of any delay."""
    floor: float = 0.25
    """Shortest delay, so that a server that fails immediately is not flooded."""
    reset_after: float = 60.0
    """A connection that lasted this long resets the number of attempts."""

    def delay(
        self,
        attempt: int,
        random_value: float,
        hint: float | None = None,
        retry: float | None = None,
    ) -> float:
        """Delay before an attempt, in seconds.

        Args:
            attempt: 1 for the first after a loss.
            random_value: between 0 and 1.
            hint: seconds of a `Retry-After`; used without jitter, up to `MAX_HINT`.
            retry: seconds of an SSE `retry:` field; replaces `first`, clamped to the policy.
        """
        if hint is not None:
            return min(max(hint, self.floor), MAX_HINT)
        first = self.first if retry is None else min(max(retry, self.floor), self.limit)
        doublings = min(max(attempt, 1) - 1, 30)
        ceiling = min(self.limit, first * float(1 << doublings))
        return max(self.floor, ceiling * random_value)
