from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.monitor.log.throttle import Throttle


class ManualHandle:
    def __init__(self, when: float, callback: Callable[[], None]) -> None:
        self.at = when
        self.callback = callback
        self.gone = False

    def cancel(self) -> None:
        self.gone = True


class ManualTimers:
    def __init__(self) -> None:
        self.now = 100.0
        self.waiting: list[ManualHandle] = []

    def time(self) -> float:
        return self.now

    def call_later(self, delay: float, callback: Callable[[], None], /) -> ManualHandle:
        handle = ManualHandle(self.now + delay, callback)
        self.waiting.append(handle)
        return handle

    def advance(self, seconds: float) -> None:
        end = self.now + seconds
        while due := [h for h in self.waiting if h.at <= end and not h.gone]:
            handle = min(due, key=lambda h: h.at)
            self.waiting.remove(handle)
            self.now = max(self.now, handle.at)
            handle.callback()
        self.now = end


class RecordingThrottle(Throttle):
    """Records when it calls."""

    def __init__(self, per_second: float, timers: ManualTimers) -> None:
        super().__init__(per_second, timers)
        self.at: list[float] = []
        self._clock = timers

    def note(self) -> None:
        self.at.append(self._clock.now)


def make(per_second: float = 20) -> tuple[ManualTimers, RecordingThrottle, list[float]]:
    timers = ManualTimers()
    throttle = RecordingThrottle(per_second, timers)
    return timers, throttle, throttle.at


def test_no_call_without_a_request() -> None:
    timers, _throttle, calls = make()
    timers.advance(10)
    assert calls == []


def test_the_first_call_is_not_delayed() -> None:
    timers, throttle, calls = make()
    throttle.schedule(throttle.note)
    timers.advance(0)
    assert calls == [100.0]


def test_a_cancelled_call_is_not_made_and_the_next_one_is() -> None:
    timers, throttle, calls = make()
    throttle.schedule(throttle.note)
    throttle.cancel()
    timers.advance(1)
    assert calls == []
    throttle.schedule(throttle.note)
    timers.advance(0)
    assert calls == [101.0]


def test_a_call_that_was_held_up_waits_longer_or_less_than_the_rate() -> None:
    timers, throttle, calls = make(per_second=10)
    throttle.hold(3)
    free = [throttle.is_free]
    throttle.schedule(throttle.note)
    timers.advance(5)
    throttle.hold(0)
    free.append(throttle.is_free)
    throttle.schedule(throttle.note)
    timers.advance(0)
    assert (free, calls) == ([False, True], [103.0, 105.0])


@given(st.lists(st.floats(0, 0.2), max_size=100), st.sampled_from([1, 10, 20]))
def test_the_rate_is_limited_and_every_call_is_made_in_time(
    pauses: list[float], per_second: int
) -> None:
    timers, throttle, calls = make(per_second)
    touches = []
    for pause in pauses:
        timers.advance(pause)
        throttle.schedule(throttle.note)
        touches.append(timers.now)
    timers.advance(2)
    interval = 1 / per_second
    assert all(b - a >= interval - 1e-9 for a, b in pairwise(calls))
    assert all(any(t <= b <= t + interval + 1e-9 for b in calls) for t in touches)
    assert len(calls) <= len(touches)


def test_a_delayed_call_is_made_with_an_urgent_one() -> None:
    timers, throttle, calls = make(per_second=10)
    throttle.schedule(throttle.note, 4)
    timers.advance(0)
    throttle.schedule(throttle.note, 4)
    timers.advance(0.35)
    assert calls == [100.0]
    throttle.schedule(throttle.note)
    timers.advance(0)
    throttle.schedule(throttle.note, 4)
    timers.advance(0.41)
    assert calls == pytest.approx([100.0, 100.35, 100.75])
