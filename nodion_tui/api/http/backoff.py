"""How long to wait before asking again: an immutable policy; luck and hints are arguments."""

from dataclasses import dataclass

MAX_HINT = 300.0
"""Seconds: a server that asks for a longer wait (`Retry-After`) is not obeyed further."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """Full jitter under a doubling ceiling, so that many clients spread out. All in seconds."""

    first: float = 1.0
    """Ceiling of the first delay."""
    limit: float = 30.0
    """Ceiling of any delay."""
    floor: float = 0.25
    """No delay is shorter, so that a server that fails at once is not hammered."""
    reset_after: float = 60.0
    """A connection that held this long counts as good: the next outage starts anew."""

    def delay(
        self,
        attempt: int,
        random_value: float,
        hint: float | None = None,
        retry: float | None = None,
    ) -> float:
        """Seconds to wait before an attempt.

        Args:
            attempt: 1 for the first after a loss.
            random_value: from [0, 1].
            hint: seconds of a `Retry-After`: obeyed as it is, up to `MAX_HINT`.
            retry: seconds of an SSE `retry:` field: replaces `first`, held within the policy.
        """
        if hint is not None:
            return min(max(hint, self.floor), MAX_HINT)
        first = self.first if retry is None else min(max(retry, self.floor), self.limit)
        doublings = min(max(attempt, 1) - 1, 30)
        ceiling = min(self.limit, first * float(1 << doublings))
        return max(self.floor, ceiling * random_value)
