from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.model.run import Run, RunRecord, newest_first
from nodion_tui.model.runner import InstanceType, Runner
from nodion_tui.monitor.insight.statistics import (
    failed_today,
    run_cost,
    sparkline,
    summarize,
    summarize_all,
)
from nodion_tui.monitor.runs.sorted_runs import SortedRuns
from nodion_tui.monitor.runs.time_range import MAX_RUN_DURATION, alive_between, created_since

NOW = datetime(2026, 1, 15, 14, 5, tzinfo=UTC)
PRICED = Runner(id="r", instance_type=InstanceType(price_second=0.01))


def run(hours_ago: float, minutes: float | None = 10, status: str = "succeeded") -> Run:
    started = NOW - timedelta(hours=hours_ago)
    return RunRecord(
        id=f"{hours_ago}",
        runner_id="r",
        status=status,
        created_at=started,
        started_at=started,
        completed_at=None if minutes is None else started + timedelta(minutes=minutes),
    ).run


_RUNS = st.lists(
    st.builds(
        run,
        st.floats(0, 100),
        st.floats(0, 24 * 60),
        st.sampled_from(["succeeded", "failed", "canceled", "odd"]),
    ),
    max_size=30,
).map(lambda runs: sorted(runs, key=newest_first))


def test_statistics_of_a_window() -> None:
    runs = [
        run(0.5, None, "running"),
        run(1, 10),
        run(2, 20),
        run(3, 60, "failed"),
        run(4, 5, "canceled"),
        run(30, 1000, "failed"),
    ]
    statistics = summarize(runs, PRICED, since=NOW - timedelta(hours=24), now=NOW)
    assert (statistics.runs, statistics.succeeded, statistics.failed) == (5, 2, 1)
    assert (statistics.canceled, statistics.active) == (1, 1)
    assert statistics.success_rate == pytest.approx(2 / 3)
    assert statistics.p50 == timedelta(minutes=20)
    assert statistics.p95 == timedelta(minutes=56)
    assert statistics.cost == pytest.approx((30 + 10 + 20 + 60 + 5) * 60 * 0.01)


def test_no_runs_have_no_success_rate() -> None:
    statistics = summarize_all([], PRICED, now=NOW)
    assert (statistics.runs, statistics.success_rate, statistics.p50, statistics.cost) == (
        0,
        None,
        None,
        0,
    )
    assert summarize_all([run(1, 5, "canceled")], None, now=NOW).success_rate is None


def test_an_unknown_price_is_no_price() -> None:
    assert run_cost(run(1), None, NOW) is None
    assert run_cost(run(1), Runner(id="r"), NOW) is None
    assert run_cost(run(1), Runner(id="r", instance_type=InstanceType()), NOW) is None
    assert summarize_all([run(1)], None, now=NOW).cost is None


def test_cost_is_price_times_duration_so_far() -> None:
    assert run_cost(run(1), PRICED, NOW) == pytest.approx(6)
    assert run_cost(run(1, None, "running"), PRICED, NOW) == pytest.approx(36)
    assert run_cost(Run(id="1", status="pending"), PRICED, NOW) == 0


@given(_RUNS)
def test_every_run_is_counted_once(runs: list[Run]) -> None:
    statistics = summarize_all(runs, PRICED, now=NOW)
    ended = statistics.succeeded + statistics.failed + statistics.canceled + statistics.other
    assert ended + statistics.active == len(runs)
    if statistics.p50 is not None:
        assert statistics.p95 is not None
        assert statistics.p50 <= statistics.p95


def test_today_is_the_day_of_the_zone() -> None:
    runs = [run(1, status="failed"), run(2), run(13.9, status="failed"), run(30, 10, "failed")]
    overnight = run(20, 10 * 60, "failed")
    assert failed_today([*runs[:3], overnight], now=NOW, zone=UTC) == (runs[0], runs[2], overnight)
    one_behind = timezone(timedelta(hours=-1))
    assert failed_today(runs, now=NOW, zone=one_behind) == (runs[0],)
    assert runs[0] in failed_today(runs[:1], now=NOW)


@given(_RUNS, st.floats(0, 100))
def test_bisection_finds_what_a_scan_finds(runs: list[Run], hours: float) -> None:
    moment = NOW - timedelta(hours=hours)
    wanted = [
        candidate for candidate in runs if candidate.created_at and candidate.created_at >= moment
    ]
    assert list(created_since(runs, moment)) == wanted


@given(_RUNS, st.floats(0, 100), st.floats(0, 100))
def test_runs_alive_in_a_stretch_of_time(runs: list[Run], one: float, other: float) -> None:
    start, end = sorted(NOW - timedelta(hours=hours) for hours in (one, other))
    assert list(alive_between(runs, start, end)) == [
        candidate for candidate in runs if _alive(candidate, start, end)
    ]


def _alive(run: Run, start: datetime, end: datetime) -> bool:
    assert run.created_at is not None
    assert run.completed_at is not None
    if not start - MAX_RUN_DURATION <= run.created_at <= end:
        return False
    return not run.is_final or run.completed_at >= start


def test_undated_runs_are_counted() -> None:
    runs = [run(1), Run(id="x", status="failed"), Run(id="y", status="odd")]
    assert list(created_since(runs, NOW - timedelta(hours=2))) == runs[:1]
    assert failed_today(runs, now=NOW, zone=UTC) == ()
    assert summarize_all(runs, None, now=NOW).runs == 3


def test_a_sparkline_shows_the_last_runs_newest_right() -> None:
    runs = [run(1, 80), run(2, 40, "failed"), run(3, 0), run(4, 9999)]
    bars = sparkline(runs, 3, NOW)
    assert [spark.level for spark in bars] == [0, 4, 7]
    assert [spark.status for spark in bars] == ["succeeded", "failed", "succeeded"]
    assert bars[-1].key == runs[0].key


def test_a_sparkline_of_runs_that_never_started_is_flat() -> None:
    [spark] = sparkline([RunRecord(id="1", status="pending", created_at=NOW).run], 5, NOW)
    assert (spark.level, spark.duration) == (0, None)
    assert sparkline([], 5, NOW) == ()


def test_statistics_accept_the_views_of_the_run_store() -> None:
    order = SortedRuns()
    order.replace([], [run(1), run(30), run(3, status="failed")])
    assert [candidate.id for candidate in created_since(order, NOW - timedelta(hours=4))] == [
        "1",
        "3",
    ]
    assert len(failed_today(order, now=NOW, zone=UTC)) == 1
    assert summarize(order, PRICED, since=NOW - timedelta(hours=4), now=NOW).runs == 2
