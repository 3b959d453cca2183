"""Moments of a log: what is typed, and which time it is."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.monitor.log.moments.moment import LineShare, LogSpan, moment_time, parse_moment

NIGHT = LogSpan(
    datetime(2026, 1, 15, 22, 0, 30, tzinfo=UTC), datetime(2026, 1, 17, 3, 15, tzinfo=UTC)
)
NOW = datetime(2026, 1, 20, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "near", "expected"),
    [
        ("+30s", 0, "2026-01-15T22:01:00"),
        ("-10m", 0, "2026-01-17T03:05:00"),
        ("10m", 0, "2026-01-20T08:50:00"),
        ("today", 0, "2026-01-20T00:00:00"),
        ("2026-01-16 14:05", 0, "2026-01-16T14:05:00"),
        ("2026-01-16T14:05+01:00", 0, "2026-01-16T13:05:00"),
        ("14:05", 0, "2026-01-16T14:05:00"),
        ("22:00", 0, "2026-01-15T22:00:00"),  # the log begins within this minute
        ("23:10", 0, "2026-01-15T23:10:00"),
        ("23:10:05", 26, "2026-01-16T23:10:05"),
        ("02:00", 0, "2026-01-16T02:00:00"),
        ("02:00", 29, "2026-01-17T02:00:00"),
        (" 02:00 ", 12, "2026-01-16T02:00:00"),
    ],
)
def test_times_of_moments(text: str, near: int, expected: str) -> None:
    moment = parse_moment(text)
    assert not isinstance(moment, LineShare)
    at = moment_time(moment, NIGHT, NOW, UTC, NIGHT.start + timedelta(hours=near))
    assert at == datetime.fromisoformat(expected + "+00:00" if "+" not in expected else expected)


def test_a_time_of_day_that_is_not_in_the_log_is_the_nearest_one() -> None:
    span = LogSpan(
        datetime(2026, 1, 15, 23, 0, tzinfo=UTC), datetime(2026, 1, 16, 1, 0, tzinfo=UTC)
    )
    times = [
        moment_time(moment, span, NOW, UTC)
        for moment in map(parse_moment, ("02:00", "22:00"))
        if not isinstance(moment, LineShare)
    ]
    assert times == [span.end + timedelta(hours=1), span.start - timedelta(hours=1)]


def test_a_time_of_day_is_found_on_every_day_also_where_clocks_change() -> None:
    zone = ZoneInfo("Europe/Berlin")
    span = LogSpan(datetime(2026, 10, 23, 0, 30, tzinfo=zone), datetime(2026, 10, 28, tzinfo=zone))
    for day in (24, 25, 26, 27):
        at = datetime(2026, 10, day, 0, 45, tzinfo=zone)
        moment = parse_moment("00:45")
        assert not isinstance(moment, LineShare)
        assert moment_time(moment, span, NOW, zone, at) == at


@given(count=st.integers(0, 10**7), percent=st.integers(0, 100))
def test_a_share_is_within_the_lines(count: int, percent: int) -> None:
    moment = parse_moment(f"{percent} %")
    assert isinstance(moment, LineShare)
    assert 0 <= moment.index(count) <= count


@pytest.mark.parametrize(
    "text", ["", "101%", "-", "+", "-14:05", "+50%", "25:00", "2026-13-01", "half", "--5m"]
)
def test_what_is_no_moment_is_told_with_examples(text: str) -> None:
    with pytest.raises(ValueError, match="is not a time: use 14:05"):
        parse_moment(text)


@given(st.text(max_size=12), st.sampled_from(["", "+", "-"]))
def test_any_text_has_a_time_or_is_a_mistake(text: str, sign: str) -> None:
    try:
        moment = parse_moment(sign + text)
    except ValueError:
        return
    if not isinstance(moment, LineShare):
        assert moment_time(moment, NIGHT, NOW, None).tzinfo


def test_a_moment_may_be_longer_ago_than_any_time() -> None:
    for text in ("-999999999w", "+999999999w", "999999999w"):
        try:
            moment = parse_moment(text)
        except ValueError:
            continue
        assert not isinstance(moment, LineShare)
        assert moment_time(moment, NIGHT, NOW, UTC).year in {1, 9999}
