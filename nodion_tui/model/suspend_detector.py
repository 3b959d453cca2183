"""Detects that the machine was suspended, by comparing two clocks.

The monotonic clock stops while a machine is suspended, the wall clock does not. Setting the wall
clock forward looks the same, and costs at most one unnecessary reconnect.
"""

JUMP_SECONDS = 10.0
"""Smaller jumps, in seconds, are slow ticks or clock corrections."""


class SuspendDetector:
    """Compares how far two clocks have advanced since the last check.

    Args:
        wall: current wall clock, in seconds since the epoch.
        monotonic: current monotonic clock, in seconds.
    """

    __slots__ = ("_ahead",)

    def __init__(self, wall: float, monotonic: float) -> None:
        self._ahead = wall - monotonic

    def check(self, wall: float, monotonic: float) -> float:
        """How long the machine was suspended since the last check, in seconds; 0 if it was not.

        Check every few seconds: setting the wall clock back between two checks hides a suspend of
        the same length.
        """
        ahead = wall - monotonic
        suspended = ahead - self._ahead
        self._ahead = ahead
        return suspended if suspended >= JUMP_SECONDS else 0.0
