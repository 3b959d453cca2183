"""At most so many calls a second: the first at once, none without a reason."""

import asyncio
from collections.abc import Callable
from typing import Protocol


class TimerHandle(Protocol):
    """A call that is still to come."""

    def cancel(self) -> None:
        """Do not make it."""
        ...


class Timers(Protocol):
    """What of an event loop a pulse uses."""

    def time(self) -> float:
        """Monotonic seconds."""
        ...

    def call_later(self, delay: float, callback: Callable[[], None], /) -> TimerHandle:
        """Call back once, after so many seconds."""
        ...


class Throttle:
    """Calls back after `touch`, however often that is called, at most `per_second` times.

    The first touch after a pause is answered in the same tick of the loop, so that a single line
    is seen without delay; a flood is seen in even steps.

    Between two calls it knows nobody, so that whoever has one is gone as soon as it is let go, and
    what it holds with it.

    Args:
        per_second: how often at most.
        timers: the running event loop, unless a test keeps the time.
    """

    def __init__(self, per_second: float, timers: Timers | None = None) -> None:
        self._callback: Callable[[], None] | None = None
        self._interval = 1 / per_second
        self._timers = timers
        self._handle: TimerHandle | None = None
        self._due = float("-inf")
        self._last = float("-inf")

    def schedule(self, callback: Callable[[], None], intervals: int = 1) -> None:
        """Something is new.

        Args:
            callback: what to call.
            intervals: how many of them there have to be since the call before; what is not worth
                much may wait for a few.
        """
        timers = self._timers or asyncio.get_running_loop()
        due = self._last + intervals * self._interval
        if self._handle is None or due < self._due:
            self.cancel()
            self._due, self._callback = due, callback
            self._handle = timers.call_later(max(0.0, due - timers.time()), self._beat)

    def cancel(self) -> None:
        """Forget a touch that has not been answered yet."""
        if self._handle is not None:
            self._handle.cancel()
            self._handle = self._callback = None

    def _beat(self) -> None:
        timers = self._timers or asyncio.get_running_loop()
        callback = self._callback
        self._handle = self._callback = None
        self._last = timers.time()
        if callback is not None:
            callback()
