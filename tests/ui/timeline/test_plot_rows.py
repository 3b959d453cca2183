"""The plot of durations: what is in it, and that it stands under the bars."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.model.run import Run, RunRecord
from nodion_tui.model.text.signs import in_ascii
from nodion_tui.monitor.timeline.time_axis import TimeWindow, time_axis
from nodion_tui.ui.paint.styled_row import StyledRow
from nodion_tui.ui.paint.theme import THEME_STYLES
from nodion_tui.ui.timeline.plot_points import (
    LEVELS,
    PlotPoint,
    duration_scale,
    is_crowded,
    plot_points,
)
from nodion_tui.ui.timeline.plot_rows import plot_rows

NOW = datetime(2026, 1, 15, 14, 5, tzinfo=UTC)
AXIS = time_axis(TimeWindow.HOUR, NOW, 60)


def run(begun: float, duration: float | None, status: str = "succeeded") -> Run:
    start = NOW - timedelta(minutes=begun)
    return RunRecord(
        id=f"{begun:g}",
        runner_id="r",
        status="running" if duration is None else status,
        created_at=start,
        started_at=start,
        completed_at=None if duration is None else start + timedelta(seconds=duration),
    ).run


def text(row: StyledRow) -> str:
    return "".join(piece.text for piece in row)


def test_one_point_a_run_that_began_on_the_axis() -> None:
    queued = RunRecord(id="q", runner_id="r", status="pending", created_at=NOW).run
    runs = [queued, run(0.25, None), run(10, 90, "failed"), run(20, 30), run(3000, 30)]
    plotted = list(plot_points(runs, AXIS, NOW))
    assert [(point.status, point.seconds) for point in plotted] == [
        ("running", 10.0),  # 15 s, which rise in tens so that a screen may rest
        ("failed", 90.0),
        ("succeeded", 30.0),
    ]
    assert [point.half_cell // 2 for point in plotted] == [
        AXIS.cell((NOW - timedelta(minutes=minutes)).timestamp()) for minutes in (0.25, 10, 20)
    ]


def test_a_point_is_in_the_half_of_its_cell_that_its_run_began_in() -> None:
    plotted = plot_points([run(10.25, 9), run(10.75, 9)], AXIS, NOW)
    assert [point.half_cell for point in plotted] == [89, 88]  # 13:54:45 and 13:54:15


def test_crowded_is_more_than_a_run_for_two_cells() -> None:
    assert not is_crowded(range(30), AXIS)
    assert is_crowded(range(31), AXIS)


@given(st.floats(0, 10_000_000), st.integers(1, 60))
def test_a_scale_holds_the_longest_and_its_ticks_stand_on_rows(longest: float, rows: int) -> None:
    made = duration_scale(longest, rows)
    assert made.top >= longest
    assert made.rows <= max(rows, 2)
    assert made.tick_seconds[0] == 0
    assert made.tick_seconds[-1] == made.top
    assert (made.rows - 1) % made.ticks == 0
    rows_between = (made.rows - 1) // made.ticks
    assert [made.row(seconds) for seconds in made.tick_seconds] == [
        tick * rows_between for tick in range(made.ticks + 1)
    ]
    assert 0 <= made.level(longest) < made.rows * LEVELS


def test_points_stand_in_the_columns_of_their_cells() -> None:
    plotted = [
        PlotPoint(100, 95, "failed"),
        PlotPoint(25, 60, "succeeded"),
        PlotPoint(6, 20, "canceled"),
    ]
    rows = plot_rows(plotted, AXIS, AXIS.ticks(UTC), left=20, height=12, median=60, now=55)
    assert len(rows) == 12
    signs = {
        (column - 20, sign)
        for row in rows
        for column, sign in enumerate(text(row))
        if sign in "✗✓⊘"
    }
    assert signs == {(50, "✗"), (12, "✓"), (3, "⊘")}
    lines = [column for row in rows for column, sign in enumerate(text(row)) if sign == "│"]
    assert lines.count(20 + 55) >= 8
    assert all(piece.style in {"", *THEME_STYLES} for row in rows for piece in row)
    assert any("min" in text(row)[:20] for row in rows)
    assert any("╌╌╌│" in text(row) for row in rows)
    assert not any("│╌" in text(row)[30:] for row in rows), "nothing is usual in the future"


def test_ticks_of_the_time_axis_are_above_the_middle_of_their_labels() -> None:
    ticks = AXIS.ticks(UTC)
    *_, line, labels = plot_rows([PlotPoint(0, 60, "failed")], AXIS, ticks, left=20, height=9)
    assert [20 + tick.cell for tick in ticks] == [
        column for column, sign in enumerate(text(line)) if sign == "┬"
    ]
    for tick in ticks:
        start = 20 + tick.cell - len(tick.label) // 2
        assert text(labels)[start:].startswith(tick.label)


def test_a_median_beyond_the_longest_run_has_no_line() -> None:
    rows = plot_rows([PlotPoint(0, 60, "failed")], AXIS, (), left=20, height=9, median=9999)
    assert "╌" not in "".join(map(text, rows))


def test_failed_has_the_look_of_failed() -> None:
    rows = plot_rows([PlotPoint(18, 30, "failed")], AXIS, (), left=12, height=9)
    assert [piece.style for row in rows for piece in row if "✗" in piece.text] == ["failed"]


@given(
    st.lists(
        st.builds(
            PlotPoint,
            st.integers(0, 119),
            st.floats(0, 1_000_000),
            st.sampled_from(["succeeded", "failed", "running", "new-one"]),
        ),
        min_size=1,
        max_size=30,
    ),
    st.integers(5, 40),
)
def test_every_sign_has_a_stand_in_of_ascii(plotted: list[PlotPoint], height: int) -> None:
    rows = plot_rows(plotted, AXIS, AXIS.ticks(UTC), left=14, height=height, median=3, now=59)
    assert len(rows) == height
    assert all(in_ascii(text(row)).isascii() and len(text(row)) <= 14 + 60 for row in rows)
