from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.model.run import Run, RunRecord, newest_first
from nodion_tui.monitor.notify.missed_runs import find_missed

LEFT = datetime(2026, 1, 15, 14, 0, tzinfo=UTC)
BACK = LEFT + timedelta(hours=2)


def run(name: str, status: str, started: float, ended: float | None) -> Run:
    """Times in minutes after the person left."""
    return RunRecord(
        id=name,
        status=status,
        created_at=LEFT + timedelta(minutes=started),
        started_at=LEFT + timedelta(minutes=started),
        completed_at=None if ended is None else LEFT + timedelta(minutes=ended),
    ).run


def ordered(*runs: Run) -> list[Run]:
    return sorted(runs, key=newest_first)


def test_changes_during_an_absence() -> None:
    runs = ordered(
        run("before", "failed", -60, -5),
        run("over", "failed", -60, 5),
        run("within", "succeeded", 10, 20),
        run("stopped", "canceled", 10, 20),
        run("old and live", "running", -30, None),
        run("new and live", "running", 30, None),
        run("queued", "pending", 40, None),
        run("after", "failed", 100, 130),
    )
    missed = find_missed(runs, since=LEFT, until=BACK)
    assert [run.id for run in missed.runs] == [
        *("over", "stopped"),
        *("queued", "new and live"),
        "within",
    ]
    assert missed.text == "1 failed, 1 canceled, 1 succeeded, 2 started"
    assert missed


def test_those_that_ended_last_come_first() -> None:
    runs = ordered(run("long", "failed", 1, 50), run("short", "failed", 10, 20))
    missed = find_missed(runs, since=LEFT, until=BACK)
    assert [run.id for run in missed.failed] == ["long", "short"]


def test_a_run_that_did_not_come_stands_behind_the_failed_ones() -> None:
    failed, other, last = (
        run("a", "failed", 1, 2),
        run("b", "succeeded", 1, 2),
        run("last", "failed", -99, -98),
    )
    missed = find_missed(ordered(failed, other), since=LEFT, until=BACK, overdue=[last])
    assert [(run.id, is_overdue) for run, is_overdue in missed.events] == [
        ("a", False),
        ("last", True),
        ("b", False),
    ]
    assert missed.text == "1 failed, 1 overdue, 1 succeeded"
    assert find_missed([], since=LEFT, until=BACK, overdue=[last])


def test_an_absence_without_changes() -> None:
    missed = find_missed([run("old and live", "running", -30, None)], since=LEFT, until=BACK)
    assert not missed
    assert missed.text == ""


def test_runs_without_times_are_ignored() -> None:
    assert not find_missed([Run(id="1", status="failed")], since=LEFT, until=BACK)
    unended = RunRecord(id="1", status="failed", created_at=LEFT).run
    assert not find_missed([unended], since=LEFT, until=BACK)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["failed", "succeeded", "canceled", "running"]),
            st.integers(-200, 200),
            st.integers(0, 100),
        ),
        max_size=30,
    ),
    st.integers(0, 60),
)
def test_an_absence_equals_the_sum_of_its_parts(rows: list[tuple[str, int, int]], cut: int) -> None:
    runs = ordered(
        *(
            run(str(number), status, started, None if status == "running" else started + took)
            for number, (status, started, took) in enumerate(rows)
        )
    )
    middle = LEFT + timedelta(minutes=cut)
    ends = sum(
        len(part.failed + part.succeeded + part.canceled)
        for part in (
            find_missed(runs, since=LEFT, until=middle),
            find_missed(runs, since=middle, until=BACK),
        )
    )
    whole = find_missed(runs, since=LEFT, until=BACK)
    assert len(whole.failed + whole.succeeded + whole.canceled) == ends


def test_known_failures_are_left_out() -> None:
    runs = ordered(run("known", "failed", 10, 20), run("new", "failed", 10, 20))
    missed = find_missed(runs, since=LEFT, until=BACK, is_known=lambda run: run.id == "known")
    assert [each.id for each in missed.failed] == ["new"]
