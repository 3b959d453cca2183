from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.monitor.timeline.time_axis import TimeAxis, TimeWindow, time_axis

NOW = datetime(2026, 1, 15, 14, 5, 31, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
_MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  # hypothesis wants the bounds naive
_ZONES = st.sampled_from(
    [UTC, BERLIN, ZoneInfo("Asia/Kathmandu"), ZoneInfo("Australia/Lord_Howe"), None]
)
_CELLS = st.integers(1, 300)


def labels(window: TimeWindow, now: datetime = NOW, cells: int = 80, zone: timezone = UTC) -> str:
    return " ".join(tick.label for tick in time_axis(window, now, cells).ticks(zone))


@pytest.mark.parametrize(
    ("window", "cells", "wanted"),
    [
        (TimeWindow.HOUR, 80, "13:10 13:20 13:30 13:40 13:50 14:00"),
        (
            TimeWindow.HOUR,
            120,
            "13:10 13:15 13:20 13:25 13:30 13:35 13:40 13:45 13:50 13:55 14:00 14:05",
        ),
        (TimeWindow.SIX_HOURS, 80, "09:00 10:00 11:00 12:00 13:00 14:00"),
        (TimeWindow.DAY, 40, "18:00 Thu 15 06:00 12:00"),
        (TimeWindow.WEEK, 80, "Sat 10 Sun 11 Mon 12 Tue 13 Wed 14 Thu 15"),
        (TimeWindow.HOUR, 3, ""),
    ],
)
def test_ticks_are_round_local_times(window: TimeWindow, cells: int, wanted: str) -> None:
    assert labels(window, cells=cells) == wanted


def test_ticks_follow_local_time_through_a_clock_change() -> None:
    spring = datetime(2026, 3, 29, 10, 30, tzinfo=UTC)
    axis = time_axis(TimeWindow.DAY, spring, 120)
    ticks = axis.ticks(BERLIN)
    assert [tick.label for tick in ticks][:6] == [
        "14:00",
        "16:00",
        "18:00",
        "20:00",
        "22:00",
        "Sun 29",
    ]
    hours = {tick.label: axis.seconds(tick.cell) for tick in ticks}
    assert hours["06:00"] - hours["Sun 29"] == pytest.approx(5 * 3600, abs=2 * 86400 / 120)


def test_the_axis_stays_while_now_moves() -> None:
    axes = {time_axis(TimeWindow.HOUR, NOW + timedelta(seconds=s), 120) for s in range(0, 260, 20)}
    assert len(axes) == 1
    [axis] = axes
    walked = [axis.now(NOW + timedelta(seconds=s)) for s in range(0, 260, 20)]
    assert walked == sorted(walked, key=lambda cell: -1 if cell is None else cell)
    assert walked[0] != walked[-1]


def test_now_is_not_on_an_old_axis() -> None:
    assert time_axis(TimeWindow.HOUR, NOW, 80).now(NOW + timedelta(hours=1)) is None
    assert time_axis(TimeWindow.HOUR, NOW, 80).now(NOW - timedelta(hours=2)) is None


@given(_MOMENTS, st.sampled_from(TimeWindow), _CELLS)
def test_now_is_in_the_last_twelfth(now: datetime, window: TimeWindow, cells: int) -> None:
    axis = time_axis(window, now, cells)
    cell = axis.now(now)
    assert cell is not None
    assert cells * 11 // 12 <= cell < cells
    assert axis.end - axis.start == window.value.total_seconds()


@given(_MOMENTS, st.sampled_from(TimeWindow), _CELLS, st.floats(-2, 3))
def test_cells_are_within_the_axis_and_in_order(
    now: datetime, window: TimeWindow, cells: int, share: float
) -> None:
    axis = time_axis(window, now, cells)
    moment = axis.start + (axis.end - axis.start) * share
    assert 0 <= axis.cell(moment) < cells
    assert axis.cell(moment) <= axis.cell(moment + 1)
    assert axis.cell(moment) <= axis.cell_after(moment) <= axis.cell(moment) + 1


@given(_MOMENTS, st.sampled_from(TimeWindow), _CELLS, _ZONES)
def test_labels_never_touch_or_overflow(
    now: datetime, window: TimeWindow, cells: int, zone: timezone | None
) -> None:
    ticks = time_axis(window, now, cells).ticks(zone)
    free = 0
    for tick in ticks:
        assert tick.cell >= free
        free = tick.cell + len(tick.label) + 1
    assert free <= cells + 1


def test_windows_have_names() -> None:
    assert [window.label for window in TimeWindow] == ["1 h", "6 h", "24 h", "7 d"]
    assert isinstance(time_axis(TimeWindow.HOUR, NOW, 0), TimeAxis)
