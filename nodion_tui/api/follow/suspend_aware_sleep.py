"""Sleeps in slices and reports whether the machine was suspended in between.

Sockets die silently during a suspend, such as when a laptop's lid is closed.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

import msgspec

from nodion_tui.model.errors import ConnectionLost
from nodion_tui.model.suspend_detector import SuspendDetector

SLICE_SECONDS = 2.0
"""Sleep between two suspend checks, in seconds."""


class MachineSuspended(ConnectionLost):
    """The machine was suspended, so every open socket is dead."""


class ClockPair(msgspec.Struct, frozen=True):
    """The two clocks. During a suspend the wall clock advances, the monotonic clock does not."""

    wall: Callable[[], float] = time.time
    monotonic: Callable[[], float] = time.monotonic


class SuspendAwareSleep:
    """Sleeps, and detects when the machine was suspended."""

    def __init__(
        self,
        clock: ClockPair | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._clock = clock or ClockPair()
        self._sleep = sleep
        self._detector = SuspendDetector(self._clock.wall(), self._clock.monotonic())

    def now(self) -> float:
        """Monotonic time in seconds, for durations."""
        return self._clock.monotonic()

    def was_suspended(self) -> bool:
        """Whether the machine was suspended since the last call."""
        return self._detector.check(self._clock.wall(), self._clock.monotonic()) > 0

    async def sleep(self, seconds: float) -> bool:
        """Sleep; returns early after a suspend.

        Returns:
            Whether the machine was suspended.
        """
        remaining = seconds
        while remaining > 0:
            await self._sleep(min(remaining, SLICE_SECONDS))
            if self.was_suspended():
                return True
            remaining -= SLICE_SECONDS
        return False
