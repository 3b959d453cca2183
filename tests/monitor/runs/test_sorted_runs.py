from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.model.run import Run, newest_first
from nodion_tui.monitor.runs.sorted_runs import SortedRuns

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)


def make(number: int, seconds: int | None, status: str = "running") -> Run:
    created = None if seconds is None else NOON + timedelta(seconds=seconds)
    return Run(id=f"run-{number}", runner_id="r", status=status, created_at=created)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(("put", "drop")),
            st.integers(0, 9),
            st.none() | st.integers(0, 5),
        ),
        max_size=60,
    )
)
def test_any_steps_leave_it_in_order(steps: list[tuple[str, int, int | None]]) -> None:
    order = SortedRuns()
    expected: dict[int, Run] = {}
    for what, number, seconds in steps:
        if what == "drop":
            if number in expected:
                order.remove(expected.pop(number))
            continue
        run = make(number, seconds)
        if number in expected:
            order.replace(expected[number], run)
        else:
            order.add(run)
        expected[number] = run
        assert list(order) == sorted(expected.values(), key=newest_first)


def test_reset_sorts_what_it_is_given() -> None:
    runs = [make(1, 10), make(2, 30), make(3, None), make(4, 20)]
    order = SortedRuns()
    order.reset(runs)
    assert [run.id for run in order] == ["run-2", "run-4", "run-1", "run-3"]
    assert [run.id for run in order[1:3]] == ["run-4", "run-1"]
