from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.monitor.runs.filter_times import parse_filter_time

NOW = datetime(2026, 1, 15, 14, 5, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2h", NOW - timedelta(hours=2)),
        ("1d12h", NOW - timedelta(hours=36)),
        ("14:00", datetime(2026, 1, 15, 13, 0, tzinfo=UTC)),
        ("14:00:30", datetime(2026, 1, 15, 13, 0, 30, tzinfo=UTC)),
        ("Today", datetime(2026, 1, 14, 23, 0, tzinfo=UTC)),
        ("2026-01-10", datetime(2026, 1, 9, 23, 0, tzinfo=UTC)),
        ("2026-07-10T12:00", datetime(2026, 7, 10, 10, 0, tzinfo=UTC)),
        ("2026-01-10T12:00:00Z", datetime(2026, 1, 10, 12, 0, tzinfo=UTC)),
        ("2026-01-10t12:00+05:00", datetime(2026, 1, 10, 7, 0, tzinfo=UTC)),
    ],
)
def test_typed_times_in_berlin(text: str, moment: datetime) -> None:
    assert parse_filter_time(text)(NOW, BERLIN) == moment


def test_the_day_is_that_of_the_zone() -> None:
    late = datetime(2026, 1, 15, 23, 30, tzinfo=UTC)
    assert parse_filter_time("today")(late, BERLIN) == datetime(2026, 1, 15, 23, 0, tzinfo=UTC)
    assert parse_filter_time("today")(late, UTC) == datetime(2026, 1, 15, 0, 0, tzinfo=UTC)


def test_without_a_zone_it_is_the_local_one() -> None:
    naive = datetime(2026, 1, 10, 12, 0)  # noqa: DTZ001  # local time is what is meant
    assert parse_filter_time("2026-01-10T12:00")(NOW, None) == naive.astimezone()


@pytest.mark.parametrize("text", ["", "2", "25:00", "2026-13-01", "yesterday", "-", ":", "2h ago"])
def test_invalid_times_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a time: use 2h"):
        parse_filter_time(text)


@given(
    st.datetimes().map(str) | st.sampled_from(["999999999d", "0001-01-01", "9999-12-31T23:59:59"]),
    st.sampled_from([UTC, BERLIN, timezone(timedelta(hours=-12)), None]),
)
def test_every_time_can_be_compared_with_now(text: str, zone: timezone | None) -> None:
    moment = parse_filter_time(text)(NOW, zone)
    assert (moment < NOW) or (moment >= NOW)
