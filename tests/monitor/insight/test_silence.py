from datetime import UTC, datetime, timedelta
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.monitor.insight.silence import LineGaps
from nodion_tui.monitor.log.timestamps import to_micros

START = datetime(2026, 1, 15, 14, 5, tzinfo=UTC)
_GAPS = st.lists(st.floats(0, 1000), max_size=60)


def moments(gaps: list[float]) -> list[datetime]:
    return [START + timedelta(seconds=passed) for passed in accumulate(gaps, initial=0.0)]


def observed(*gaps: float) -> LineGaps:
    watched = LineGaps()
    watched.observe(to_micros(moments(list(gaps))))
    return watched


def alarm_after(watched: LineGaps, seconds: float) -> bool:
    assert watched.last is not None
    return watched.silence(watched.last + timedelta(seconds=seconds)) is not None


def test_seven_minutes_of_silence_after_gaps_of_forty_seconds() -> None:
    watched = observed(*([0.01] * 100 + [40.0]) * 6)
    assert watched.last is not None
    alarm = watched.silence(watched.last + timedelta(minutes=7))
    assert alarm is not None
    assert alarm.duration == timedelta(minutes=7)
    assert 40 <= alarm.typical_gap.total_seconds() <= 50


def test_a_chatty_log_may_pause_for_a_minute() -> None:
    watched = observed(*[0.5] * 1000)
    assert not alarm_after(watched, 59)
    assert alarm_after(watched, 61)


def test_long_gaps_allow_long_silence() -> None:
    watched = observed(*[300.0] * 6)
    assert not alarm_after(watched, 800)
    assert alarm_after(watched, 1200)


@pytest.mark.parametrize("gaps", [[], [40.0] * 4, [0.01] * 10_000])
def test_too_few_gaps_raise_no_alarm(gaps: list[float]) -> None:
    watched = observed(*gaps)
    assert watched.typical_gap is None
    assert not alarm_after(watched, 1e6)


def test_a_log_without_a_line_has_no_alarm() -> None:
    assert LineGaps().silence(START) is None


@given(_GAPS, st.floats(0, 10_000))
def test_an_alarm_is_never_within_the_typical_gap(gaps: list[float], silence: float) -> None:
    watched = observed(*gaps)
    assert watched.last is not None
    alarm = watched.silence(watched.last + timedelta(seconds=silence))
    if alarm is not None:
        assert alarm.duration > alarm.typical_gap * 2
        assert alarm.duration > timedelta(seconds=59)


@given(_GAPS, st.integers(1, 7))
def test_batches_do_not_matter(gaps: list[float], size: int) -> None:
    times = moments(gaps)
    batched = LineGaps()
    for first in range(0, len(times), size):
        batched.observe(to_micros(times[first : first + size]))
    assert batched.typical_gap == observed(*gaps).typical_gap
    assert batched.last == times[-1]


@given(st.lists(st.floats(0.3, 1000), min_size=5, max_size=60))
def test_the_typical_gap_covers_nearly_all_of_the_time(gaps: list[float]) -> None:
    usual = observed(*gaps).typical_gap
    assert usual is not None
    within = sum(gap for gap in gaps if gap <= usual.total_seconds() + 0.001)
    assert within >= sum(gaps) * 0.95 - 0.001
    assert usual.total_seconds() <= max(gaps) * 1.2501


def test_lines_with_decreasing_times_are_no_gap() -> None:
    watched = LineGaps()
    watched.observe(to_micros([START, START - timedelta(hours=1), START + timedelta(seconds=1)]))
    assert watched.last == START + timedelta(seconds=1)
    assert watched.typical_gap is None
