"""Packed times: as exact as sent, and small in a flood."""

from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.model.log_line import MilliTimes
from nodion_tui.monitor.log.timestamps import NO_TIME, GrowingTimes

DAY = 1_768_435_200_000_000
"""Microseconds since 1970 UTC at which a day begins."""
BASES = st.sampled_from([0, 65_530, 131_071, 36_060_000])
STEPS = st.lists(st.integers(0, 70_000) | st.sampled_from([0, 1, 65_534, 65_535, 65_536]))


def grown(steps: list[int], others: list[int]) -> GrowingTimes:
    times = GrowingTimes()
    times.extend(MilliTimes(DAY, array("I", steps)))
    times.extend_micros(others)
    return times


@given(BASES, STEPS, st.lists(st.just(NO_TIME), max_size=1), st.integers(0, 5))
def test_sealed_times_equal_those_that_came(
    base: int, steps: list[int], others: list[int], since: int
) -> None:
    shifted = [base + step for step in steps]
    micros = [DAY + step * 1000 for step in shifted] + others
    sealed = grown(shifted, others).sealed(since)
    assert sealed.micros() == micros[since:]
    known = [micro for micro in micros[since:] if micro != NO_TIME]
    assert sealed.present() == known
    for wanted in (DAY, *known, DAY + 10**12):
        late = (at for at, micro in enumerate(micros[since:]) if micro >= wanted)
        assert sealed.first_from(wanted) == next(late, None)


@pytest.mark.parametrize(
    ("steps", "nbytes"),
    [
        (range(36_060_000, 36_065_000), 2),
        (range(65_000, 66_000), 2),  # the upper half of the numbers changes on the way
        ([66_000, 65_000, 67_000], 2),
        ([1000, 66_000], 2),
        ([0, 65_536], 4),
        ([0, 3_600_000], 4),
    ],
)
def test_lines_within_a_minute_take_two_bytes_for_their_time(steps: list[int], nbytes: int) -> None:
    assert grown([*steps], []).sealed(0).nbytes == nbytes * len(steps)
