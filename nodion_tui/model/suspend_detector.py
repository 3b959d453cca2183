"""Did the machine sleep? Told from two clocks, which the caller reads.

The monotonic clock stands still while a machine is suspended, the wall clock does not. A wall clock
that was set ahead looks the same, and costs no more than one needless reconnection.
"""

JUMP_SECONDS = 10.0
"""Less than this is a slow tick or a clock being corrected."""


class SuspendDetector:
    """Compares how far two clocks have gone since the last look.

    Args:
        wall: the wall clock now, in seconds since the epoch.
        monotonic: the monotonic clock now, in seconds.
        jump: how far the wall clock must be ahead to mean sleep, in seconds.
    """

    __slots__ = ("_ahead", "_jump")

    def __init__(self, wall: float, monotonic: float, *, jump: float = JUMP_SECONDS) -> None:
        self._ahead = wall - monotonic
        self._jump = jump

    def check(self, wall: float, monotonic: float) -> float:
        """How long the machine slept since the last look, in seconds; 0 if it did not.

        Look every few seconds: a clock that is set back between two looks hides a sleep as long.
        """
        ahead = wall - monotonic
        slept = ahead - self._ahead
        self._ahead = ahead
        return slept if slept >= self._jump else 0.0
