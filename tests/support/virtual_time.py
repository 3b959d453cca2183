"""An event loop with virtual time, which advances only while everything waits.

Loopback sockets are real. When none of them is ready, the clock jumps to the next timer instead of
waiting for it, so that time-outs of hours can be tested in moments.
"""

import asyncio
import functools
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec

from nodion_tui.api.follow.suspend_aware_sleep import ClockPair

P = ParamSpec("P")

_GRACE = 0.0002
"""Real seconds to wait for bytes in the kernel before the clock jumps."""


class _JumpingSelector(selectors.SelectSelector):
    """A selector that advances the clock instead of waiting; `epoll` has no microseconds."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.suspended = 0.0
        """Seconds of simulated suspend, in which only the wall clock advances."""

    def select(self, timeout: float | None = None) -> list[Any]:
        ready = super().select(0)
        if not ready and (timeout is None or timeout > 0):
            ready = super().select(_GRACE if timeout is not None else None)
            if not ready and timeout is not None:
                self.now += timeout
        return ready


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """The loop; see `in_hours`."""

    def __init__(self) -> None:
        self._jumping_selector = _JumpingSelector()
        super().__init__(self._jumping_selector)

    def time(self) -> float:
        return self._jumping_selector.now

    def suspend(self, seconds: float) -> None:
        """Simulate a suspend: only the wall clock advances."""
        self._jumping_selector.suspended += seconds

    def block(self, seconds: float) -> None:
        """Simulate a blocked event loop, as by a terminal that nobody reads."""
        self._jumping_selector.now += seconds

    @property
    def clock(self) -> ClockPair:
        """The clocks for a follower."""
        started_at = 1_768_467_600.0
        return ClockPair(
            wall=lambda: started_at + self._jumping_selector.now + self._jumping_selector.suspended,
            monotonic=lambda: self._jumping_selector.now,
        )


def in_virtual_time(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Decorator: run a test in its own loop with virtual time."""

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
            runner.run(test(*args, **kwargs))

    return run


def virtual_time_loop() -> VirtualTimeLoop:
    """The running loop."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualTimeLoop)
    return loop
