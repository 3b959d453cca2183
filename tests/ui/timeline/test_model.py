"""What the timeline shows, without a screen: rows, cursor, cells and figures."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from nodion_tui.model.run import Run, RunRecord, RunStatus, newest_first
from nodion_tui.model.runner import InstanceType, Runner
from nodion_tui.model.text.signs import in_ascii
from nodion_tui.monitor.insight.rhythm import Rhythm
from nodion_tui.monitor.insight.statistics import RunStatistics
from nodion_tui.monitor.timeline.lanes import RunnerLanes
from nodion_tui.monitor.timeline.time_axis import TimeAxis, TimeWindow, time_axis
from nodion_tui.ui.paint.styled_row import row_text
from nodion_tui.ui.paint.theme import THEME_STYLES
from nodion_tui.ui.timeline.bars import bar_pieces
from nodion_tui.ui.timeline.chart_rows import ChartRows
from nodion_tui.ui.timeline.cursor import TimelineCursor
from nodion_tui.ui.timeline.model import MAX_LANES, TimelineModel
from nodion_tui.ui.timeline.row_layout import (
    COST,
    OK,
    P50,
    RUNS,
    STAT_COLUMNS,
    timeline_columns,
)

NOW = datetime(2026, 1, 15, 14, 5, tzinfo=UTC)
A, B, C = (Runner(id=name, name=name) for name in "abc")


def run(runner: str, begun: float, duration: float | None, status: str = "succeeded") -> Run:
    """A run that began so many minutes ago and took so many."""
    start = NOW - timedelta(minutes=begun)
    return RunRecord(
        id=f"{runner}-{begun:g}",
        runner_id=runner,
        status="running" if duration is None else status,
        created_at=start,
        started_at=start,
        completed_at=None if duration is None else start + timedelta(minutes=duration),
    ).run


class World(dict[str, Sequence[Run]]):
    """The runs of runners; counts how often they are asked for."""

    def __init__(self, *runs: Run) -> None:
        super().__init__()
        self.asked = 0
        for item in sorted(runs, key=newest_first):
            self[item.runner_id] = (*self.get(item.runner_id, ()), item)

    def of(self, runner_id: str) -> Sequence[Run]:
        self.asked += 1
        return self.get(runner_id, ())


def board(
    world: World, *runners: Runner, window: TimeWindow = TimeWindow.HOUR, cells: int = 60
) -> TimelineModel:
    made = TimelineModel(world.of)
    made.set_time(time_axis(window, NOW, cells), NOW)
    made.set_runners(runners)
    return made


def test_runs_that_overlap_take_rows_of_their_own_up_to_a_number() -> None:
    many = [run("b", 30 - n, 20) for n in range(5)]
    shown = board(World(run("a", 10, 5), *many), A, B, C)
    assert [(row.runner.id, row.lane) for row in shown.rows] == [
        ("a", 0),
        *(("b", lane) for lane in range(MAX_LANES)),
        ("c", 0),
    ]
    assert shown.chart("b").hidden == 5 - MAX_LANES
    assert [bar.key for bar in shown.bars(shown.rows[0])] == [run("a", 10, 5).key]
    assert shown.bars(shown.rows[-1]) == ()


def test_idle_runners_can_be_left_out() -> None:
    shown = board(World(run("a", 10, 5), run("b", 300, 5)), A, B, C)
    shown.show_idle(shown=False)
    assert [row.runner for row in shown.rows] == [A]
    shown.set_time(time_axis(TimeWindow.SIX_HOURS, NOW, 60), NOW)
    assert [row.runner for row in shown.rows] == [A, B]
    shown.show_idle(shown=True)
    assert [row.runner for row in shown.rows] == [A, B, C]


def test_a_runner_that_misses_its_run_is_not_idle() -> None:
    missed = Rhythm.learn([NOW - timedelta(hours=31 + 24 * n) for n in range(7)])
    shown = board(World(run("a", 10, 5)), A, B, C)
    shown.overdue_of = {"b": missed}.get
    shown.show_idle(shown=False)
    assert [row.runner for row in shown.rows] == [A, B]


def test_only_what_is_different_is_worked_out_anew() -> None:
    world = World(run("a", 10, 5), run("b", 20, 5))
    shown = board(world, A, B)
    for row in shown.rows:
        shown.bars(row)
        shown.summary(row.runner)
    before = world.asked
    shown.set_time(time_axis(TimeWindow.HOUR, NOW, 60), NOW + timedelta(seconds=1))
    for row in shown.rows:
        shown.bars(row)
        shown.summary(row.runner)
    assert world.asked == before
    world["a"] = (run("a", 1, None), *world["a"])
    shown.invalidate(["a"])
    assert [bar.status for bar in shown.bars(shown.rows[0])] == ["succeeded", "running"]
    assert shown.summary(A).runs == 2
    assert world.asked == before + 2


def test_the_cost_of_what_is_running_grows_in_steps() -> None:
    priced = Runner(id="a", name="a", instance_type=InstanceType(price_second=1.0))
    shown = board(World(run("a", 1, None)), priced)
    axis = shown.axis
    assert shown.summary(priced).cost == 60
    shown.set_time(axis, NOW + timedelta(seconds=9))
    assert shown.summary(priced).cost == 60
    shown.set_time(axis, NOW + timedelta(seconds=10))
    assert shown.summary(priced).cost == 70


def test_the_cursor_goes_to_the_nearest_bar_and_keeps_its_moment() -> None:
    world = World(run("a", 50, 2), run("a", 30, 2), run("a", 3, 2), run("c", 31, 2))
    shown = board(world, A, B, C)

    def at(cursor: TimelineCursor) -> tuple[int, str | None]:
        return cursor.row, cursor.key.run_id if cursor.key else None

    cursor = TimelineCursor().to_row(0, shown)
    assert at(cursor) == (0, "a-3")
    cursor = cursor.to_bar(-1, shown)
    assert at(cursor) == (0, "a-30")
    cursor = cursor.to_row(1, shown)
    assert at(cursor) == (1, None)
    cursor = cursor.to_row(2, shown)
    assert at(cursor) == (2, "c-31")
    cursor = cursor.to_row(0, shown)
    assert at(cursor) == (0, "a-30")
    assert at(cursor.to_bar(-99, shown)) == (0, "a-50")
    assert at(cursor.to_row(-5, shown))[0] == 0
    assert at(cursor.to_row(99, shown))[0] == 2


def test_the_cursor_stays_on_its_run_when_rows_come_and_go() -> None:
    world = World(run("b", 30, 2), run("b", 10, 2))
    shown = board(world, B)
    cursor = TimelineCursor().to_row(0, shown)
    cursor = cursor.to_bar(-1, shown)
    world["a"] = (run("a", 20, 15), run("a", 25, 15))
    shown.set_runners((A, B))
    settled = cursor.updated(shown)
    assert (settled.row, settled.key) == (2, cursor.key)
    world["b"] = (run("b", 10, 2),)
    shown.invalidate(["b"])
    settled = settled.updated(shown)
    assert (settled.row, settled.key) == (2, run("b", 10, 2).key)
    shown.set_runners(())
    assert settled.updated(shown).key is None


def cells(runs: Sequence[Run], axis: TimeAxis) -> str:
    bars = RunnerLanes(runs).visible_lanes(axis, NOW).lanes[0]
    pieces = bar_pieces(bars, axis, (0, axis.cells - 1), axis.now(NOW), None)
    assert all(piece.style in THEME_STYLES or not piece.style for piece in pieces)
    return "".join(piece.text for piece in pieces)


def test_each_status_has_its_own_sign() -> None:
    axis = TimeAxis(NOW.timestamp() - 3600, NOW.timestamp() + 600, 70)
    ended = [run("a", 60, 9), run("a", 50, 9, "failed"), run("a", 40, 9, "canceled")]
    shown = "✓━━━━━━━━ ✗━━━━━━━━ ⊘────────"
    assert cells([*ended, run("a", 30, None)], axis) == f"{shown} ●{'━' * 29}│        ·"
    assert in_ascii(cells([*ended, run("a", 30, None, "-")], axis)) == (
        f"+======== x======== /-------- *{'=' * 29}|        -"
    )
    unknown = [
        RunRecord(
            id="u", runner_id="a", status="new-one", created_at=NOW - timedelta(minutes=9)
        ).run
    ]
    assert "?━━━━━━━━│" in cells(unknown, axis)
    queued = [
        RunRecord(
            id="q", runner_id="a", status="pending", created_at=NOW - timedelta(minutes=9)
        ).run
    ]
    assert "◌┄┄┄┄┄┄┄┄│" in cells(queued, axis)


def test_a_run_that_did_not_come_is_a_hollow_bar_from_its_due_time_on() -> None:
    daily = [run("a", 60 * (26 * number + 32), 240) for number in range(7)]
    shown = TimelineModel({"a": daily}.__getitem__)
    shown.set_runners([A])
    shown.set_time(TimeAxis(NOW.timestamp() - 36 * 3600, NOW.timestamp() + 3600, 37), NOW)
    shown.overdue_of = lambda _runner_id: Rhythm.learn(
        each.created_at for each in daily if each.created_at is not None
    )
    pieces = bar_pieces(
        shown.bars(shown.rows[0]), shown.axis, (), 36, None, shown.missed_cells(shown.rows[0])
    )
    text = "".join(piece.text for piece in pieces)
    assert text == f"    ✓━━━{' ' * 22}◷╌╌╌╌╌│"
    assert in_ascii(text).endswith("@.....|")
    shown.set_time(TimeAxis(NOW.timestamp() - 7200, NOW.timestamp() - 3600, 10), NOW)
    assert not shown.missed_cells(shown.rows[0])


def test_a_bar_of_several_runs_says_how_many_and_shows_that_one_failed() -> None:
    axis = TimeAxis(NOW.timestamp() - 7 * 86_400, NOW.timestamp() + 3600, 20)
    several = [run("a", 60 * 80 + n, 0.5) for n in range(30)]
    assert cells(several, axis).strip("·│ ") == "✓"
    several[7] = run("a", 60 * 80 + 7, 0.5, "failed")
    assert cells(several, axis).strip("·│ ") == "✗"
    after = [run("a", 60 * 80, 60 * 40), *(run("a", 60 * 40 - n, 0.5) for n in range(1, 12))]
    assert cells(after, axis).strip("·│ ") == "✓12╍╍╍"


RUNS_OF_ONE = st.lists(
    st.tuples(
        st.floats(0, 20_000),
        st.one_of(st.none(), st.floats(0, 3_000)),
        st.sampled_from([*RunStatus, "new-one"]),
    ),
    max_size=40,
)


@given(RUNS_OF_ONE, st.integers(1, 200), st.sampled_from(TimeWindow))
def test_a_row_is_always_as_wide_as_its_axis(
    made: list[tuple[float, float | None, str]], width: int, window: TimeWindow
) -> None:
    runs = [run("a", begun, duration, status) for begun, duration, status in made]
    text = cells(runs, time_axis(window, NOW, width))
    assert cell_len(text) == width
    assert len(in_ascii(text)) == width
    assert in_ascii(text).isascii()


@pytest.mark.parametrize("width", range(16, 240))
def test_the_parts_of_a_row_fill_it(width: int) -> None:
    laid = timeline_columns(width)
    assert laid.bars_start + laid.bars_width + sum(figure.width for figure in laid.stats) == max(
        width, laid.bars_start + 1
    )
    assert laid.stats == STAT_COLUMNS[: len(laid.stats)]
    assert not laid.stats or laid.bars_width >= 30


def test_the_figures_in_words() -> None:
    summary = RunStatistics(
        runs=1_234,
        succeeded=999,
        failed=1,
        canceled=0,
        active=0,
        p50=timedelta(minutes=4, seconds=12),
        p95=None,
        cost=0.4321,
    )
    texts = [figure.text(summary) for figure in (RUNS, OK, P50, COST)]
    assert texts == ["1,234", "99%", "04:12", "0.43"]
    none = RunStatistics(0, 0, 0, 0, 0, None, None, 0.0)
    assert {figure.text(none) for figure in STAT_COLUMNS} == {""}


@pytest.mark.parametrize("width", [40, 80, 200])
def test_a_row_of_the_chart_has_status_name_bars_and_figures(width: int) -> None:
    world = World(run("a", 30, 20), run("a", 5, 2, "failed"), *(run("b", 20, 9) for _ in range(5)))
    columns = timeline_columns(width)
    shown = board(world, A, B, C)
    rows = ChartRows(shown, lambda: True)
    rows.lay_out(columns, time_axis(TimeWindow.HOUR, NOW, columns.bars_width), NOW)
    painted = [row_text(rows.row(index, width)) for index in range(len(shown.rows))]
    assert {len(row) for row in painted if row[3] in "abc"} == {width}
    assert painted[0].startswith("▌✗ a ")
    assert painted[1].startswith(" ✓ b ")
    assert "+2 more" in painted[MAX_LANES]
    assert painted[-1].startswith(" – c ")
    assert ("50%" in painted[0]) is (OK in columns.stats)


def test_the_cursor_of_the_chart_shows_whether_it_has_the_focus() -> None:
    shown = board(World(), A, B)
    focus = [True]
    rows = ChartRows(shown, lambda: focus[0])
    rows.cursor = rows.cursor.to_row(1, shown)
    assert rows.current_row == shown.rows[1]
    assert rows.row(1, 80)[0].text == "▌"
    assert [rows.row_styles(index) for index in (0, 1)] == [(), ("cursor",)]
    focus[0] = False
    assert [rows.row_styles(index) for index in (0, 1)] == [(), ("cursor-blurred",)]
    assert [rows.row(index, 80)[0].text for index in (0, 1)] == [" ", "▏"]
    shown.set_runners(())
    assert rows.current_row is None
