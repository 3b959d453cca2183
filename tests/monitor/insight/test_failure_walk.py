from nodion_tui.monitor.insight.failure_walk import FailureWalk
from tests.support.filled_monitor import a_run

RUNS = [a_run("r", number, "failed" if number % 2 else "succeeded") for number in range(6, 0, -1)]


def test_the_newest_failure_then_older_ones_then_the_newest_again() -> None:
    walk = FailureWalk()
    shown, visited = RUNS[0], []
    for _ in range(4):
        failure = walk.next(RUNS, shown.key)
        assert failure is not None
        shown = failure
        visited.append(failure.id)
    assert visited == ["r-5", "r-3", "r-1", "r-5"]


def test_after_another_run_was_chosen_the_newest_failure_comes_again() -> None:
    walk = FailureWalk()
    first = walk.next(RUNS, None)
    assert first is not None
    assert walk.next(RUNS, RUNS[2].key) is first
    newer = a_run("r", 9, "failed")
    assert walk.next([newer, *RUNS], RUNS[0].key) is newer


def test_without_a_failure_there_is_nothing_to_show() -> None:
    assert FailureWalk().next(RUNS[::2], None) is None
