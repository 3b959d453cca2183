"""Lines decoded into columns are those that are decoded one by one."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.api.decode.log_rows import LOG_DECODER, decode_lines, decode_page
from nodion_tui.api.decode.milli_times import milli_times
from nodion_tui.api.decode.rows import InvalidResponseBody
from nodion_tui.model.log_line import DAY_MILLISECONDS, LogLines
from nodion_tui.monitor.log.buffer import LogBuffer
from nodion_tui.monitor.log.timestamps import to_micros

DAY = datetime(2026, 1, 15)  # noqa: DTZ001  # its zone is added
MILLISECONDS = st.integers(0, DAY_MILLISECONDS - 1) | st.integers(79_200_000, 79_300_000)
ZONES = st.sampled_from([timezone(timedelta(minutes=offset)) for offset in (0, 330, -540)])
FORMS: st.SearchStrategy[Callable[[datetime], str]] = st.sampled_from(
    [
        lambda time: time.isoformat(timespec="milliseconds"),
        lambda time: time.isoformat(),
        lambda time: time.isoformat(timespec="microseconds").replace("+00:00", "Z"),
        lambda time: time.isoformat(timespec="milliseconds").replace("0+", "+"),
    ]
)
"""Ways in which services write times; the fraction may have any number of digits."""


def line(number: int, created_at: object, **fields: object) -> dict[str, object]:
    return {"id": f"id-{number}", "body": f"line {number} ä", "created_at": created_at} | fields


@given(st.lists(MILLISECONDS, min_size=1, max_size=40), ZONES, FORMS)
def test_lines_of_a_day_equal_those_that_are_read_one_by_one(
    steps: list[int], zone: timezone, form: Callable[[datetime], str]
) -> None:
    times = [DAY.replace(tzinfo=zone) + timedelta(milliseconds=step) for step in steps]
    array = msgspec.json.encode([line(n, form(time)) for n, time in enumerate(times)])
    lines = decode_lines(array, len(times))
    expected = LOG_DECODER.decode_array(array, len(times))
    assert lines == expected
    assert lines[-1] == expected[-1]
    assert lines[1:] == expected[1:]
    columns, objects = LogBuffer(), LogBuffer()
    for start in range(0, len(times), 7):
        columns.extend(lines[start : start + 7])
        objects.extend(expected[start : start + 7])
    assert columns.micros(0, columns.end) == objects.micros(0, objects.end) == to_micros(times)
    assert columns.snapshot()[0].times.micros() == to_micros(times)


@pytest.mark.parametrize(
    "written",
    [
        ["2026-01-15T09:00:00.123Z", "2026-01-16T09:00:00.123Z"],  # two days
        ["2026-01-15T09:00:00.123Z", "2026-01-15T09:00:00.123+00:00"],
        ["2026-01-15T09:00:00.123456Z"],
        ["2026-01-15T09:00:60.000Z"],  # a leap second
        ["2026-02-30T09:00:00.000Z"],
        ["0001-01-15T09:00:00.000Z"],
        ["2026-01-15T24:00:00.000Z"],
        ["2026-01-15T90:00:00.000Z"],
        ["2026-01-15T09:61:00.000Z"],
        ["2026-01-15 09:00:00.000Z"],
        ["2026-01-15T09:00:00.000"],
        ["２026-01-15T09:00:00.000Z"],
        ["", "2026-01-15T09:00:00.000Z"],
        ["today"],
        [""],
    ],
    ids=repr,
)
def test_times_of_another_form_are_read_one_by_one(written: list[str]) -> None:
    assert milli_times(written) is None


def test_what_is_not_as_documented_is_decoded_as_before() -> None:
    documented = "2026-01-15T09:00:00.123Z"
    for odd in (line(2, None), line(2, 5), line(2, "x"), {"id": 7}, 3):
        array = msgspec.json.encode([line(1, documented), odd])
        try:
            expected = LOG_DECODER.decode_array(array, 2)
        except InvalidResponseBody:
            with pytest.raises(InvalidResponseBody):
                decode_lines(array, 2)
        else:
            assert decode_lines(array, 2) == expected
        page = b'{"logs":%b}' % array
        listing, same = decode_page(page), LOG_DECODER.decode_list(page)
        assert listing.bad_rows == same.bad_rows
        assert list(listing.items) == list(same.items)


def test_more_values_than_events_are_refused() -> None:
    array = msgspec.json.encode([line(1, "2026-01-15T09:00:00.123Z")] * 3)
    with pytest.raises(InvalidResponseBody):
        decode_lines(array, 2)


def test_all_of_the_lines_are_no_copy_and_a_part_of_them_is_as_it_was() -> None:
    rows = [line(number, "2026-01-15T09:00:00.123Z") for number in range(3)]
    lines = decode_lines(msgspec.json.encode(rows), 3)
    assert lines[:] is lines[0:9] is lines
    assert [list(lines[:2]), list(lines[1:]), list(lines[::-1])] == [
        list(lines)[:2],
        list(lines)[1:],
        list(lines)[::-1],
    ]


def test_levels_are_kept_only_where_one_is_not_public() -> None:
    time = "2026-01-15T09:00:00.123Z"
    rows = [line(1, time), line(2, time, log_level="system")]
    for count, levels in ((1, ()), (2, ["log_public", "system"])):
        lines = decode_lines(msgspec.json.encode(rows[:count]), count)
        assert isinstance(lines, LogLines)
        assert lines.levels == levels
        assert [each.log_level for each in lines] == ["log_public", "system"][:count]
