from datetime import UTC, datetime, timedelta
from operator import attrgetter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nodion_tui.model.run import Run, RunRecord, newest_first
from nodion_tui.model.run_cause import RunCause
from nodion_tui.monitor.runs.sort import SortColumn, sort_runs

NOW = datetime(2026, 1, 15, 14, 5, tzinfo=UTC)
_TIMES = st.none() | st.integers(0, 5).map(lambda hours: NOW - timedelta(hours=hours))
_RUNS = st.lists(
    st.builds(
        RunRecord,
        id=st.text("ab", min_size=1, max_size=3),
        status=st.sampled_from(["running", "failed", "odd"]),
        runner_id=st.sampled_from(["", "r1", "r2"]),
        exit_code=st.none() | st.integers(0, 3),
        command=st.none() | st.text("xy", max_size=2),
        entrypoint=st.none() | st.just("/bin/sh"),
        created_at=_TIMES,
        started_at=_TIMES,
        completed_at=_TIMES,
    ).map(attrgetter("run")),
    max_size=12,
    unique_by=lambda run: run.id,
)


def run(identifier: str, **more: object) -> Run:
    return RunRecord(id=identifier, **{"status": "failed", **more}).run  # type: ignore[arg-type] # test data


def ids(runs: list[Run]) -> str:
    return " ".join(run.id for run in runs)


def test_newest_first_by_default() -> None:
    runs = [run("old", created_at=NOW - timedelta(1)), run("undated"), run("new", created_at=NOW)]
    assert ids(sort_runs(runs, now=NOW)) == "new old undated"
    assert ids(sort_runs(runs, descending=False, now=NOW)) == "old new undated"


def test_runs_without_a_value_come_last_in_both_directions() -> None:
    runs = [run("none"), run("two", exit_code=2), run("one", exit_code=1)]
    assert ids(sort_runs(runs, SortColumn.EXIT, descending=False, now=NOW)) == "one two none"
    assert ids(sort_runs(runs, SortColumn.EXIT, descending=True, now=NOW)) == "two one none"


def test_failures_of_one_cause_are_together() -> None:
    causes = {"a": RunCause("1", "Full"), "b": RunCause("2", "away"), "c": RunCause("1", "Full")}
    runs = [run(name) for name in "abcd"]
    by_cause = sort_runs(
        runs, SortColumn.CAUSE, descending=False, now=NOW, cause_of=lambda run: causes.get(run.id)
    )
    assert ids(by_cause) == "b a c d"


def test_running_ones_compare_by_their_time_so_far() -> None:
    runs = [
        run("done", started_at=NOW - timedelta(hours=9), completed_at=NOW - timedelta(hours=8)),
        run("live", started_at=NOW - timedelta(hours=2)),
    ]
    assert ids(sort_runs(runs, SortColumn.TIME, now=NOW)) == "live done"


def test_runners_compare_by_name_and_statuses_by_attention() -> None:
    runs = [run("a", runner_id="r1"), run("b", runner_id="r2", status="running")]
    names = {"r1": "zebra", "r2": "Apple"}
    by_name = sort_runs(runs, SortColumn.RUNNER, descending=False, now=NOW, names=names)
    assert ids(by_name) == "b a"
    assert ids(sort_runs(runs, SortColumn.STATUS, descending=False, now=NOW)) == "b a"


@pytest.mark.parametrize("column", SortColumn)
@given(runs=_RUNS, descending=st.booleans())
@settings(max_examples=30)
def test_every_column_sorts_all_runs_and_breaks_ties_by_age(
    column: SortColumn, runs: list[Run], *, descending: bool
) -> None:
    ordered = sort_runs(runs, column, descending=descending, now=NOW)
    assert sorted(ordered, key=newest_first) == sorted(runs, key=newest_first)
    resorted = sort_runs(reversed(ordered), column, descending=descending, now=NOW)
    assert [newest_first(run) for run in resorted] == [newest_first(run) for run in ordered]
