"""Filters of the lists, without a screen."""

from nodion_tui.ui.dashboard.layout import PaneName
from nodion_tui.ui.dashboard.lists.filters import ListFilters


def test_each_list_has_its_own_filter_and_tells_when_it_is_another_one() -> None:
    changed: list[PaneName] = []
    filters = ListFilters(changed.append)
    filters.set(PaneName.RUNS, "failed")
    filters.set(PaneName.RUNS, "failed")
    filters.set(PaneName.RUNNERS, "backup")
    assert (filters.text(PaneName.RUNS), filters.text(PaneName.RUNNERS)) == ("failed", "backup")
    assert changed == [PaneName.RUNS, PaneName.RUNNERS]


def test_clearing_tells_whether_there_was_a_filter() -> None:
    changed: list[PaneName] = []
    filters = ListFilters(changed.append)
    assert not filters.clear(PaneName.RUNS)
    assert not filters.clear(PaneName.LOG), "which is no list"
    filters.set(PaneName.RUNS, "failed")
    assert filters.clear(PaneName.RUNS)
    assert filters[PaneName.RUNS] is None
    assert changed == [PaneName.RUNS, PaneName.RUNS]


def test_runners_depend_on_their_runs_only_by_terms_about_runs() -> None:
    filters = ListFilters(lambda _: None)
    assert not filters.runners_depend_on_runs
    filters.set(PaneName.RUNNERS, "backup")
    assert not filters.runners_depend_on_runs
    filters.set(PaneName.RUNNERS, "backup status:failed")
    assert filters.runners_depend_on_runs


def test_a_search_in_logs_is_no_filter_of_runners() -> None:
    filters = ListFilters(lambda _: None)
    filters.set(PaneName.RUNNERS, "log:timeout")
    runner_filter = filters[PaneName.RUNNERS]
    assert runner_filter is not None
    assert [problem.message for problem in runner_filter.problems] == [
        "at 5: log: filters runs, Tab goes to their list"
    ]
    assert not filters.runners_depend_on_runs, "it filters as text"
    filters.set(PaneName.RUNS, "log:timeout")
    run_filter = filters[PaneName.RUNS]
    assert run_filter is not None
    assert not run_filter.problems
