from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.monitor.log.throttle import Throttle


class Handle:
    def __init__(self, when: float, callback: Callable[[], None]) -> None:
        self.at = when
        self.callback = callback
        self.gone = False

    def cancel(self) -> None:
        self.gone = True


class ManualTimers:
    def __init__(self) -> None:
        self.now = 100.0
        self.waiting: list[Handle] = []

    def time(self) -> float:
        return self.now

    def call_later(self, delay: float, callback: Callable[[], None], /) -> Handle:
        handle = Handle(self.now + delay, callback)
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


class Beats(Throttle):
    """Notes when it calls."""

    def __init__(self, per_second: float, timers: ManualTimers) -> None:
        super().__init__(per_second, timers)
        self.at: list[float] = []
        self._clock = timers

    def note(self) -> None:
        self.at.append(self._clock.now)


def make(per_second: float = 20) -> tuple[ManualTimers, Beats, list[float]]:
    timers = ManualTimers()
    pulse = Beats(per_second, timers)
    return timers, pulse, pulse.at


def test_nothing_new_no_call() -> None:
    timers, _pulse, beats = make()
    timers.advance(10)
    assert beats == []


def test_the_first_is_answered_without_delay() -> None:
    timers, pulse, beats = make()
    pulse.schedule(pulse.note)
    timers.advance(0)
    assert beats == [100.0]


def test_a_cancelled_touch_is_not_answered_and_the_next_one_is() -> None:
    timers, pulse, beats = make()
    pulse.schedule(pulse.note)
    pulse.cancel()
    timers.advance(1)
    assert beats == []
    pulse.schedule(pulse.note)
    timers.advance(0)
    assert beats == [101.0]


@given(st.lists(st.floats(0, 0.2), max_size=100), st.sampled_from([1, 10, 20]))
def test_never_too_often_and_every_touch_is_answered_in_time(
    pauses: list[float], per_second: int
) -> None:
    timers, pulse, beats = make(per_second)
    touches = []
    for pause in pauses:
        timers.advance(pause)
        pulse.schedule(pulse.note)
        touches.append(timers.now)
    timers.advance(2)
    interval = 1 / per_second
    assert all(b - a >= interval - 1e-9 for a, b in pairwise(beats))
    assert all(any(t <= b <= t + interval + 1e-9 for b in beats) for t in touches)
    assert len(beats) <= len(touches)


def test_what_may_wait_is_answered_with_what_may_not() -> None:
    timers, pulse, beats = make(per_second=10)
    pulse.schedule(pulse.note, 4)
    timers.advance(0)
    pulse.schedule(pulse.note, 4)
    timers.advance(0.35)
    assert beats == [100.0]
    pulse.schedule(pulse.note)
    timers.advance(0)
    pulse.schedule(pulse.note, 4)
    timers.advance(0.41)
    assert beats == pytest.approx([100.0, 100.35, 100.75])
