from datetime import UTC, datetime, timedelta
from time import process_time

from hypothesis import given, settings
from hypothesis import strategies as st

from nodion_tui.model.run import Run, RunKey, RunRecord
from nodion_tui.monitor.timeline.lanes import RunnerLanes, TimelineBar
from nodion_tui.monitor.timeline.time_axis import TimeAxis, TimeWindow, time_axis

NOW = datetime(2026, 1, 15, 14, 0, tzinfo=UTC)
AXIS = TimeAxis(NOW.timestamp() - 60, NOW.timestamp(), 60)
"""A cell a second."""


def run(start: float, end: float | None, status: str = "succeeded", name: str = "") -> Run:
    """A run from `start` to `end` seconds after the axis begins."""
    started = NOW + timedelta(seconds=start - 60)
    return RunRecord(
        id=name or f"{start}-{end}",
        runner_id="r",
        status=status,
        created_at=started - timedelta(seconds=1),
        started_at=started,
        completed_at=None if end is None else NOW + timedelta(seconds=end - 60),
    ).run


def bars(*runs: Run, lanes: int = 1) -> list[list[tuple[int, int, str]]]:
    chart = RunnerLanes(runs).visible_lanes(AXIS, NOW, lanes=lanes)
    return [[(bar.start, bar.end, bar.key.run_id) for bar in lane] for lane in chart.lanes]


def test_a_bar_covers_the_cells_of_its_run() -> None:
    assert bars(run(10, 20, name="a"), run(30.5, 31.5, name="b")) == [
        [(10, 20, "a"), (30, 32, "b")]
    ]


def test_a_short_run_has_a_cell() -> None:
    assert bars(run(10.2, 10.3, name="a"), run(20, 20, name="b")) == [
        [(10, 11, "a"), (20, 21, "b")]
    ]


def test_a_known_failure_is_told_where_no_new_one_shares_its_cells() -> None:
    known = (run(10, 10.2, "failed", "a"), run(10.4, 10.5, name="b"))
    both = (run(20, 20.2, "failed", "new"), run(20.4, 20.5, "failed", "c"))
    lanes = RunnerLanes([*known, *both], lambda run: run.id in "abc")
    [[first, second]] = lanes.visible_lanes(AXIS, NOW).lanes
    assert (first.key.run_id, first.runs, first.is_known) == ("a", 2, True)
    assert (second.key.run_id, second.runs, second.is_known) == ("new", 2, False)


def test_a_running_run_ends_now() -> None:
    axis = TimeAxis(AXIS.start, AXIS.end + 60, 120)
    [[bar]] = RunnerLanes([run(50, None, "running")]).visible_lanes(axis, NOW).lanes
    assert (bar.start, bar.end, bar.status) == (50, 60, "running")


def test_bars_are_clamped_to_the_axis() -> None:
    assert bars(run(-50, 5, name="a"), run(55, 99, name="b")) == [[(0, 5, "a"), (55, 60, "b")]]
    assert bars(run(-50, 0), run(60, 99)) == [[]]


def test_overlapping_runs_are_in_different_lanes() -> None:
    runs = [
        run(0, 30, name="a"),
        run(10, 20, name="b"),
        run(20, 40, name="c"),
        run(31, 35, name="d"),
    ]
    assert bars(*runs, lanes=3) == [[(0, 30, "a"), (31, 35, "d")], [(10, 20, "b"), (20, 40, "c")]]
    assert RunnerLanes(runs).visible_lane_count(AXIS) == 2
    assert RunnerLanes(runs).visible_lanes(AXIS, NOW, lanes=1).hidden == 2


def test_lanes_with_nothing_to_show_take_no_row() -> None:
    runs = [run(-30, -10), run(-29, -9, name="x"), run(-28, 30, name="long")]
    assert bars(*runs, lanes=3) == [[(0, 30, "long")]]


def test_runs_in_one_cell_are_one_bar_that_shows_a_failure() -> None:
    runs = [run(10.1, 10.2), run(10.3, 10.4, "failed", "bad"), run(10.5, 10.6)]
    [[bar]] = RunnerLanes(runs).visible_lanes(AXIS, NOW).lanes
    assert bar == TimelineBar(10, 11, RunKey("r", "bad"), "failed", 3)


def test_a_long_run_after_a_short_one_has_its_own_bar() -> None:
    assert bars(run(10.1, 10.2, name="a"), run(10.3, 20, name="b")) == [
        [(10, 11, "a"), (11, 20, "b")]
    ]


def test_a_pending_run_starts_where_it_was_created() -> None:
    pending = RunRecord(
        id="p", runner_id="r", status="pending", created_at=NOW - timedelta(seconds=5)
    ).run
    assert bars(pending) == [[(55, 60, "p")]]


def test_runs_without_or_with_odd_times_are_laid_out() -> None:
    backwards = run(20, 10, name="back")
    ahead = run(70, None, "running", "ahead")
    assert bars(Run(id="x", status="failed"), backwards, ahead) == [[(20, 21, "back")]]
    assert bars() == [[]]


_SECONDS = st.floats(-30, 90)
_RUNS = st.lists(
    st.tuples(_SECONDS, st.floats(0, 40), st.sampled_from(["failed", "succeeded", "running"])),
    max_size=40,
).map(
    lambda rows: [
        run(start, None if status == "running" else start + long, status, str(number))
        for number, (start, long, status) in enumerate(rows)
    ]
)


@given(_RUNS, st.integers(1, 100))
@settings(max_examples=200)
def test_every_visible_run_is_in_exactly_one_bar(runs: list[Run], cells: int) -> None:
    axis = TimeAxis(AXIS.start, AXIS.end, cells)
    chart = RunnerLanes(runs).visible_lanes(axis, NOW, lanes=len(runs) + 1)
    visible = [visible_run for visible_run in runs if _is_visible(visible_run)]
    assert sum(bar.runs for lane in chart.lanes for bar in lane) == len(visible)
    assert chart.hidden == 0
    for lane in chart.lanes:
        free = 0
        for bar in lane:
            assert free <= bar.start < bar.end <= cells
            free = bar.end


@given(_RUNS, st.integers(1, 100), st.integers(0, 4))
def test_a_failure_is_never_hidden_under_a_success(runs: list[Run], cells: int, lanes: int) -> None:
    axis = TimeAxis(AXIS.start, AXIS.end, cells)
    everything = RunnerLanes(runs).visible_lanes(axis, NOW, lanes=len(runs) + 1)
    failures = sum(
        visible_run.status == "failed" for visible_run in runs if _is_visible(visible_run)
    )
    red = [bar for lane in everything.lanes for bar in lane if bar.status == "failed"]
    assert bool(red) == bool(failures)
    assert sum(bar.runs for bar in red) >= failures
    some = RunnerLanes(runs).visible_lanes(axis, NOW, lanes=lanes)
    shown = sum(bar.runs for lane in some.lanes for bar in lane)
    assert shown + some.hidden == sum(map(_is_visible, runs))


@given(_RUNS)
def test_each_run_covers_where_it_begins_or_the_cell_after(runs: list[Run]) -> None:
    chart = RunnerLanes(runs).visible_lanes(AXIS, NOW, lanes=len(runs) + 1)
    covered = [bar for lane in chart.lanes for bar in lane]
    for visible_run in filter(_is_visible, runs):
        assert visible_run.started_at is not None
        cell = AXIS.cell(visible_run.started_at.timestamp())
        assert any(bar.start <= cell < bar.end or bar.start == cell + 1 for bar in covered)


def _is_visible(run: Run) -> bool:
    assert run.started_at is not None
    ended = max(run.completed_at or NOW + timedelta(1), run.started_at)
    return run.started_at.timestamp() < AXIS.end and ended.timestamp() > AXIS.start


def test_a_crowded_track_costs_what_its_cells_cost() -> None:
    crowd = [run(60 - number * 8.0, 60 - number * 8.0 + 7) for number in range(10_000)]
    track = RunnerLanes(crowd)
    axis = time_axis(TimeWindow.DAY, NOW, 200)
    began = process_time()
    for _ in range(40):
        [lane] = track.visible_lanes(axis, NOW).lanes
    assert process_time() - began < 1.0
    assert sum(bar.runs for bar in lane) > 9_000
    assert len(lane) <= 200
