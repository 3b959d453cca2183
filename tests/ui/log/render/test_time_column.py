from datetime import UTC, datetime, timedelta, timezone

import pytest

from nodion_tui.ui.log.render.display_options import TimestampMode
from nodion_tui.ui.log.render.time_column import TimeColumn, since_line, since_start

START = datetime(2026, 1, 15, 14, 5, 31, 123_000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(), "+0:00:00"),
        (timedelta(milliseconds=-400), "-0:00:00"),
        (timedelta(hours=1, minutes=4, seconds=9), "+1:04:09"),
        (timedelta(hours=23, minutes=59, seconds=59), "+23:59:59"),
        (timedelta(days=100, hours=4), "+100d 04:00:00"),
        (timedelta(days=-2), "-2d 00:00:00"),
    ],
)
def test_time_since_the_start(span: timedelta, text: str) -> None:
    assert since_start(span) == text


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(), "+0.000"),
        (timedelta(milliseconds=-4), "-0.004"),
        (timedelta(seconds=59, microseconds=999_900), "+59.999"),
        (timedelta(minutes=59, seconds=59.95), "+59:59.9"),
        (timedelta(hours=1, minutes=4, seconds=9), "+1:04:09"),
        (timedelta(hours=23, minutes=59, seconds=59), "+23:59:59"),
        (timedelta(days=-40_000), "-40000d"),
    ],
)
def test_time_since_the_line_before(span: timedelta, text: str) -> None:
    assert since_line(span) == text
    column = TimeColumn(mode=TimestampMode.BEFORE)
    assert column.text(START + span, START) == text.rjust(column.width)


@pytest.mark.parametrize("milliseconds", [False, True])
@pytest.mark.parametrize("mode", TimestampMode)
@pytest.mark.parametrize("days", [0, 100, 40_000])
def test_the_column_is_as_wide_as_its_texts(
    mode: TimestampMode, days: int, *, milliseconds: bool
) -> None:
    newest = START + timedelta(days=days)
    column = TimeColumn(
        mode=mode, started_at=START, newest_at=newest, zone=UTC, milliseconds=milliseconds
    )
    texts = [column.text(at) for at in (START, newest, None)]
    assert {len(text) for text in texts} == {column.width}
    assert (".123" in texts[0]) == (
        milliseconds and mode in {TimestampMode.LOCAL, TimestampMode.UTC}
    )


def test_a_day_is_the_day_of_the_shown_zone() -> None:
    east = timezone(timedelta(hours=10))
    days = [TimeColumn(mode=mode, zone=east, started_at=START).day(START) for mode in TimestampMode]
    assert [day.day if day else None for day in days] == [16, 15, None, None, None, None]
