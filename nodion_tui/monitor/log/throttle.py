"""Throttle: limits how often a callback is called; the first call after a pause is immediate."""

import asyncio
from collections.abc import Callable
from typing import Protocol


class TimerHandle(Protocol):
    """A scheduled call."""

    def cancel(self) -> None:
        """Cancel the call."""
        ...


class Timers(Protocol):
    """The timers of an event loop."""

    def time(self) -> float:
        """Monotonic seconds."""
        ...

    def call_later(self, delay: float, callback: Callable[[], None], /) -> TimerHandle:
        """Call back once, after this many seconds."""
        ...


class Throttle:
    """Calls back after `schedule`, at most `per_second` times however often that is called.

    The first call after a pause is made in the same tick of the loop, so that a single line is
    shown without delay; a flood is shown in even steps.

    No reference to the callback is kept between two calls, so that its owner can be collected.

    Args:
        per_second: maximum rate.
        timers: timers of the event loop (default: the running one).
    """

    def __init__(self, per_second: float, timers: Timers | None = None) -> None:
        self._callback: Callable[[], None] | None = None
        self._interval = 1 / per_second
        self._timers = timers
        self._handle: TimerHandle | None = None
        self._due_at = self._free_at = float("-inf")

    def schedule(self, callback: Callable[[], None], intervals: int = 1) -> None:
        """Request a call.

        Args:
            callback: what to call.
            intervals: minimum number of intervals since the last call; low-priority updates may
                wait for several.
        """
        due_at = self._free_at + (intervals - 1) * self._interval
        if self._handle is None or due_at < self._due_at:
            self.cancel()
            timers = self._loop()
            self._due_at, self._callback = due_at, callback
            self._handle = timers.call_later(max(0.0, due_at - timers.time()), self._fire)

    def cancel(self) -> None:
        """Cancel a pending call."""
        if self._handle is not None:
            self._handle.cancel()
            self._handle = self._callback = None

    def hold(self, seconds: float) -> None:
        """Let the next call that is requested wait this long, whatever the rate."""
        self._free_at = self._loop().time() + seconds

    @property
    def is_free(self) -> bool:
        """Whether a call may be made at once."""
        return self._loop().time() >= self._free_at

    def _loop(self) -> Timers:
        return self._timers or asyncio.get_running_loop()

    def _fire(self) -> None:
        callback = self._callback
        self._handle = self._callback = None
        self.hold(self._interval)
        if callback is not None:
            callback()
