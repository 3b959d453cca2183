"""An event loop in which hours pass in moments: time goes on only where everybody waits.

Sockets of loopback are real. When nothing is ready on any of them, the clock jumps to the next
timer instead of waiting for it, so that what is promised in seconds can be tested in seconds.
"""

import asyncio
import functools
import selectors
from collections.abc import Callable, Coroutine
from typing import Any, ParamSpec

from nodion_tui.api.follow.suspend_aware_sleep import ClockPair

P = ParamSpec("P")

_GRACE = 0.0002
"""Real seconds that bytes on their way through the kernel are given before the clock jumps."""


class _Jumping(selectors.SelectSelector):
    """A selector that puts the clock forward instead of waiting; `epoll` knows no microseconds."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.slept = 0.0
        """Seconds that the machine was suspended: the wall clock alone has gone on."""

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
        self._jumping = _Jumping()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.now

    def suspend(self, seconds: float) -> None:
        """The machine sleeps: only the wall clock goes on."""
        self._jumping.slept += seconds

    def block(self, seconds: float) -> None:
        """Nothing has its turn for so long, as before a terminal that nobody reads."""
        self._jumping.now += seconds

    @property
    def clock(self) -> ClockPair:
        """What a follower takes for the time."""
        began = 1_768_467_600.0
        return ClockPair(
            wall=lambda: began + self._jumping.now + self._jumping.slept,
            monotonic=lambda: self._jumping.now,
        )


def in_virtual_time(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Run a test in such a loop of its own."""

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
            runner.run(test(*args, **kwargs))

    return run


def virtual_time_loop() -> VirtualTimeLoop:
    """The loop that runs."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualTimeLoop)
    return loop
