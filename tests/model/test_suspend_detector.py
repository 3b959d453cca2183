from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.model.suspend_detector import SuspendDetector

_STEPS = st.lists(st.tuples(st.floats(0, 600), st.floats(0, 9)), max_size=50)


def test_a_suspended_hour_is_reported_once() -> None:
    watch = SuspendDetector(1000, 50)
    assert watch.check(1005, 55) == 0
    assert watch.check(1005 + 3600 + 5, 60) == 3600
    assert watch.check(4615, 65) == 0


def test_a_late_tick_is_no_sleep() -> None:
    assert SuspendDetector(1000, 50).check(1600, 650) == 0


def test_a_clock_set_back_is_no_sleep_and_hides_no_later_one() -> None:
    watch = SuspendDetector(1000, 50)
    assert watch.check(400, 55) == 0
    assert watch.check(400 + 60 + 5, 60) == 60


@given(_STEPS)
def test_only_a_jump_counts_as_suspend(steps: list[tuple[float, float]]) -> None:
    wall, monotonic = 1e9, 0.0
    watch = SuspendDetector(wall, monotonic)
    for passed, drift in steps:
        wall, monotonic = wall + passed + drift, monotonic + passed
        assert watch.check(wall, monotonic) == 0
