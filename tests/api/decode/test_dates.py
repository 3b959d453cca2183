"""Times in all supported formats, and durations that are never negative."""

from datetime import UTC, datetime, timedelta

import pytest

from nodion_tui.api.client import RUN_DECODER
from nodion_tui.api.decode.repair import parse_time
from nodion_tui.api.http.server_clock import ServerClock, http_date

TEN = datetime(2026, 1, 15, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-15T10:00:00Z", "2026-01-15T10:00:00.000Z", "2026-01-15T11:00:00+01:00",
        "2026-01-15T11:00:00+0100", "2026-01-15T04:00:00-06:00", "2026-01-15 10:00:00 UTC",
        "2026-01-15 10:00:00 +0000", "2026-01-15 10:00:00 GMT", "2026-01-15T10:00:00",
        "2026-01-15 10:00:00", " 2026-01-15T10:00:00Z\n", "20260115T100000Z",
    ],
)  # fmt: skip
def test_forms_of_ten_o_clock(text: str) -> None:
    assert parse_time(text) == TEN
    run = RUN_DECODER.decode_row(
        f'{{"id":"x","status":"running","created_at":{text!r}}}'.replace("'", '"')
    )
    assert run.created_at == TEN


def test_numbers_are_seconds_and_leap_seconds_the_second_before() -> None:
    assert parse_time(TEN.timestamp()) == TEN
    assert parse_time("2016-12-31T23:59:60Z") == datetime(2016, 12, 31, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    ["", "soon", "2026-13-01T00:00:00Z", "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00",
     None, True, 1e300, -1e300, float("nan"), [], {}],
)  # fmt: skip
def test_invalid_times_are_none(value: object) -> None:
    assert parse_time(value) is None


@pytest.mark.parametrize("skew", [timedelta(), timedelta(days=1), timedelta(days=-1)])
@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-03-29T01:59:00+01:00", "2026-03-29T03:01:00+02:00"),  # summer time begins
        ("2026-10-25T02:59:00+02:00", "2026-10-25T02:01:00+01:00"),  # and ends
        ("2026-01-15T10:00:00", "2026-01-15T10:02:00Z"),
        ("2026-01-15T10:02:00Z", "2026-01-15T10:00:00Z"),  # the end before the start
    ],
)
def test_no_duration_is_negative(start: str, end: str, skew: timedelta) -> None:
    body = (
        f'{{"id":"x","status":"failed","created_at":"{start}","started_at":"{start}",'
        f'"completed_at":"{end}"}}'
    )
    run = RUN_DECODER.decode_row(body).run
    now = datetime(2026, 1, 15, 10, 1, tzinfo=UTC) + skew
    duration = run.duration(now)
    assert duration is not None
    assert duration in {timedelta(minutes=2), timedelta()}
    assert run.queue_time(now) == timedelta()
    running = RUN_DECODER.decode_row(f'{{"id":"x","status":"running","started_at":"{start}"}}')
    so_far = running.run.duration(now)
    assert so_far is not None
    assert so_far >= timedelta()


def http(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")


@pytest.mark.parametrize("skew", [0.0, 0.4, -0.9, 3.7, 86_400.25, -86_400.5, 40 * 365 * 86_400.0])
def test_the_offset_is_estimated_to_the_second(skew: float) -> None:
    wall = [1_768_467_600.0]
    clock = ServerClock(lambda: wall[0])
    for _ in range(20):
        wall[0] += 1.37
        sent = clock.local_time()
        wall[0] += 0.08
        clock.update(http(wall[0] - 0.04 + skew), sent)
    error = clock.offset.total_seconds() - skew
    assert abs(error) <= 1.0
    assert clock.now().tzinfo is UTC
    assert clock.now().timestamp() == pytest.approx(wall[0] + skew, abs=1.0)


def test_clocks_that_agree_need_no_offset() -> None:
    wall = [1_768_467_600.9]
    clock = ServerClock(lambda: wall[0])
    clock.update(http(wall[0]), wall[0])
    assert clock.offset == timedelta()


def test_a_clock_that_was_set_resets_the_offset() -> None:
    wall = [1_768_467_600.0]
    clock = ServerClock(lambda: wall[0])
    clock.update(http(wall[0]), wall[0])
    wall[0] -= 7200
    clock.update(http(wall[0] + 7200), wall[0])
    assert clock.offset.total_seconds() == pytest.approx(7200, abs=2)


@pytest.mark.parametrize("text", [None, "", "now", "Thu, 99 Foo 2026", "1e9", "Mon, 01 Jan 99999"])
def test_an_invalid_date_is_ignored(text: str | None) -> None:
    assert http_date(text) is None
    clock = ServerClock(lambda: 0.0)
    clock.update(text, 0.0)
    assert clock.offset == timedelta()


@pytest.mark.parametrize("year", [1600, 2200, 9999])
def test_a_date_that_no_clock_shows_is_ignored(year: int) -> None:
    clock = ServerClock(lambda: 1_768_467_600.0)
    clock.update(f"Fri, 31 Dec {year:04d} 23:59:59 GMT", clock.local_time())
    assert clock.offset == timedelta()
    assert clock.now().year == 2026
