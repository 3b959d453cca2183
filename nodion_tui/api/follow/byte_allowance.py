"""How much a quiet stream may bring: a past, and then a rate. Imports no HTTP library."""

import time
from collections.abc import Callable

from nodion_tui.model.errors import NodionError

PAST_BYTES = 256 * 1024
"""Bytes that a quiet stream may bring at once, some 1,400 lines: what its run has written before it
was opened, or a burst."""
BYTES_PER_SECOND = 16 * 1024
"""Bytes a second that it may bring for longer, some 90 lines."""


class TooMuchOutput(NodionError):
    """A quiet stream brings more than its run's end is worth."""

    title = "Too much output for a quiet stream"


class ByteAllowance:
    """A bucket of bytes that is full at first and refilled at a rate.

    Args:
        burst: bytes that it holds.
        per_second: bytes that are added a second.
        clock: monotonic, in seconds.
    """

    def __init__(
        self,
        burst: int = PAST_BYTES,
        per_second: int = BYTES_PER_SECOND,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._burst = burst
        self._per_second = per_second
        self._clock = clock
        self._left = float(burst)
        self._filled_at = clock()
        self.used = 0
        """Bytes brought so far."""

    def use(self, count: int) -> None:
        """Count bytes that have come.

        Raises:
            TooMuchOutput: they were more than there is.
        """
        now = self._clock()
        refilled = self._left + (now - self._filled_at) * self._per_second
        self._left, self._filled_at = min(self._burst, refilled) - count, now
        self.used += count
        if self._left < 0:
            raise TooMuchOutput(f"{self.used:,} bytes came")
