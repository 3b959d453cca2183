"""Time for one who may be put to sleep: a laptop's lid closes, and sockets die without a word."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from nodion_tui.model.errors import ConnectionLost
from nodion_tui.model.suspend_detector import SuspendDetector

SLICE_SECONDS = 2.0
"""Seconds of rest after which the clocks are compared."""


class MachineSuspended(ConnectionLost):
    """The machine was suspended: no socket from before is worth anything."""


@dataclass(frozen=True, slots=True)
class ClockPair:
    """Where the time comes from. In suspend the first goes on, the second stands still."""

    wall: Callable[[], float] = time.time
    monotonic: Callable[[], float] = time.monotonic


class SuspendAwareSleep:
    """Sleeps for others, and notices when the machine itself has slept."""

    def __init__(
        self,
        clock: ClockPair | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._clock = clock or ClockPair()
        self._sleep = sleep
        self._watch = SuspendDetector(self._clock.wall(), self._clock.monotonic())

    def now(self) -> float:
        """Monotonic seconds, for durations."""
        return self._clock.monotonic()

    def was_suspended(self) -> bool:
        """Whether the machine slept since this was last asked."""
        return self._watch.check(self._clock.wall(), self._clock.monotonic()) > 0

    async def sleep(self, seconds: float) -> bool:
        """Wait; ends early if the machine slept, for then nothing is as it was.

        Returns:
            Whether it slept.
        """
        left = seconds
        while left > 0:
            await self._sleep(min(left, SLICE_SECONDS))
            if self.was_suspended():
                return True
            left -= SLICE_SECONDS
        return False
