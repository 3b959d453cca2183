from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.model.run import Run, RunRecord, newest_first
from nodion_tui.monitor.runs import sorted_runs
from nodion_tui.monitor.runs.sorted_runs import SortedRuns

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
MANY = 400

moments = st.none() | st.integers(0, MANY)


def make(number: int, seconds: int | None, status: str = "running") -> Run:
    created = None if seconds is None else NOON + timedelta(seconds=seconds)
    return RunRecord(id=f"run-{number}", runner_id="r", status=status, created_at=created).run


@given(
    st.integers(0, MANY),
    st.lists(st.dictionaries(st.integers(0, MANY), moments, max_size=9), max_size=9),
    st.lists(st.integers(0, MANY), max_size=9),
)
def test_any_steps_leave_it_in_order(
    first: int, steps: list[dict[int, int | None]], removed: list[int]
) -> None:
    """Of few runs, which are sorted again, as of many, among which each is searched."""
    order = SortedRuns()
    expected: dict[int, Run] = {}
    known: dict[int, int | None] = {number: number % 7 for number in range(first)}
    for step in [known, *steps]:
        newer = {number: make(number, seconds) for number, seconds in step.items()}
        order.replace([expected[each] for each in newer if each in expected], newer.values())
        expected |= newer
        assert list(order) == sorted(expected.values(), key=newest_first)
    for number in expected.keys() & removed:
        order.remove(expected.pop(number))
    assert list(order) == sorted(expected.values(), key=newest_first)


def test_it_is_a_sequence() -> None:
    order = SortedRuns()
    order.replace([], [make(1, 10), make(2, 30), make(3, None), make(4, 20)])
    assert [run.id for run in order] == ["run-2", "run-4", "run-1", "run-3"]
    assert [run.id for run in order[1:3]] == ["run-4", "run-1"]


def test_a_list_of_one_runner_takes_a_search_for_each_run_instead_of_all_keys(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keys = 0
    sort_key = sorted_runs._sort_key

    def counted(run: Run) -> tuple[float, str, str]:
        nonlocal keys
        keys += 1
        return sort_key(run)

    order = SortedRuns()
    order.replace([], [make(number, number) for number in range(5_000)])
    monkeypatch.setattr(sorted_runs, "_sort_key", counted)
    old = [make(number, number) for number in range(10)]
    order.replace(old, [make(number, number, "failed") for number in range(10)])
    assert keys < 500
    assert [run.status for run in order[-11:]] == ["running", *["failed"] * 10]
