"""Contents, cursor and titles of the two lists, on widgets of no screen."""

import pytest

from nodion_tui.monitor.runs.changes import Changes
from nodion_tui.ui.dashboard.layout import PaneName
from nodion_tui.ui.dashboard.lists.dashboard_lists import DashboardLists
from tests.support.filled_monitor import a_run, filled_monitor

RUNS = [a_run("backup", 1), a_run("import", 2, "failed"), a_run("backup", 3, "running")]


@pytest.fixture
def lists() -> DashboardLists:
    shown = DashboardLists("Connecting …")
    shown.attach(filled_monitor("backup", "idle", "import", runs=RUNS))
    shown.show_runners()
    return shown


def titles(lists: DashboardLists) -> tuple[str, str]:
    """The upper titles of both lists, without styles."""
    return str(lists.runners_pane.border_title), str(lists.runs_pane.border_title)


def subtitles(lists: DashboardLists) -> tuple[str, str]:
    return str(lists.runners_pane.border_subtitle), str(lists.runs_pane.border_subtitle)


def run_ids(lists: DashboardLists) -> list[str]:
    return [run.id for run in lists.runs.items]


def test_the_runs_are_those_of_the_runner_under_the_cursor(lists: DashboardLists) -> None:
    assert run_ids(lists) == ["backup-3", "import-2", "backup-1"]
    assert titles(lists) == ("Runners", "Runs · All runners · 3")
    lists.action_next_runner()
    lists.show_other_runner()
    assert run_ids(lists) == ["backup-3", "backup-1"]
    assert titles(lists)[1] == "Runs · backup · 2"
    lists.action_previous_runner()
    lists.show_other_runner()
    assert len(run_ids(lists)) == 3


def test_where_the_runners_are_hidden_the_title_tells_which_one_it_is(
    lists: DashboardLists,
) -> None:
    lists.is_wide = False
    lists.runners.move_to(2)
    lists.show_other_runner()
    assert titles(lists)[1] == "Runs · idle  [ 2 of 3 ]"


def test_a_filter_of_runners_that_is_kept_goes_from_all_of_them_to_the_first_found(
    lists: DashboardLists,
) -> None:
    lists.filters.set(PaneName.RUNNERS, "i")
    lists.show_runners()
    assert lists.runner_id == "", "while it is typed, the runs stay those of all"
    lists.keep_filter()
    assert lists.runner_id == "idle"
    lists.runners.move_by(1)
    lists.keep_filter()
    assert lists.runner_id == "import", "a runner that was chosen stays so"
    lists.runners.move_to(0)
    lists.filters.clear(PaneName.RUNNERS)
    lists.keep_filter()
    assert lists.runner_id == ""


def test_without_a_monitor_the_lists_are_empty_and_say_why(lists: DashboardLists) -> None:
    lists.detach("No answer")
    lists.show_runners()
    assert (lists.runners.row_count, lists.runs.row_count) == (0, 0)
    assert list(lists.runs.placeholder) == ["No answer"]
    assert not list(lists.runners.placeholder), "the runs beside them say it"
    assert (lists.current_run, lists.current_runner, lists.visible_runner_ids) == (None, None, ())
    lists.is_wide = False
    lists.detach("")
    lists.show_runners()
    assert list(lists.runners.placeholder) == ["No answer"]


def test_what_to_poll_and_to_trigger_follows_both_cursors(lists: DashboardLists) -> None:
    assert list(lists.visible_runner_ids) == ["backup", "idle", "import"]
    lists.runs.move_to(1)
    assert lists.selected_runner_ids == {"import"}
    assert lists.current_runner is not None
    assert lists.current_runner.id == "import"
    lists.runners.select("idle")
    lists.show_other_runner()
    assert list(lists.visible_runner_ids) == ["idle"]
    assert lists.selected_runner_ids == {"idle"}


def test_the_filter_its_hits_and_its_mistake_stand_under_the_list(lists: DashboardLists) -> None:
    lists.filters.set(PaneName.RUNS, "status:failed")
    lists.filters.set(PaneName.RUNNERS, "backup since:xx")
    assert titles(lists)[1] == "Runs · All runners · 1 of 3"
    assert subtitles(lists)[1] == "1 found · /status:failed"
    mistake, found = subtitles(lists)[0].split(" · ", 1)
    assert mistake.startswith("at 14: 'xx' is not a time"), "first, as the list is narrow"
    assert found == "0 found · /backup since:xx"


def test_marks_stand_under_the_list_and_count_those_that_are_hidden(lists: DashboardLists) -> None:
    for run in lists.runs.items[:2]:
        lists.runs.marks.toggle(run.key)
    lists.update_titles()
    assert subtitles(lists)[1] == "2 marked"
    assert lists.marks_summary == "2 marked runs"
    lists.filters.set(PaneName.RUNS, "status:failed")
    assert lists.marks_summary == "2 marked runs, 1 hidden"
    assert [run.id for run in lists.marked_runs] == ["backup-3", "import-2"]


def test_marked_runs_that_the_service_no_longer_lists_are_left_out(lists: DashboardLists) -> None:
    for run in (RUNS[0], a_run("backup", 99), RUNS[2]):
        lists.runs.marks.toggle(run.key)
    assert [run.id for run in lists.marked_runs] == ["backup-3", "backup-1"]
    lists.detach("")
    assert not lists.marked_runs


def test_a_hidden_order_stands_in_the_title(lists: DashboardLists) -> None:
    lists.order.sort_by("created")
    assert titles(lists)[1] == "Runs · All runners · 3 · oldest first"
    assert run_ids(lists)[0] == "backup-1"


def test_the_cursor_stays_on_its_run_once_all_lists_are_loaded(lists: DashboardLists) -> None:
    assert lists.runs.cursor.pinned_to_top
    lists.show_changes(Changes(runs=frozenset({RUNS[0].key})))
    assert not bool(lists.runs.cursor.pinned_to_top)


def test_changed_runs_refill_the_runners_only_if_their_filter_depends_on_them() -> None:
    monitor = filled_monitor("backup", "import", runs=RUNS)
    lists = DashboardLists("Connecting …")
    lists.attach(monitor)
    lists.show_runners()
    lists.filters.set(PaneName.RUNNERS, "status:canceled")
    assert lists.runners.row_count == 1
    canceled = a_run("import", 4, "canceled")
    monitor.runs.apply_run(canceled)
    lists.show_changes(Changes(runs=frozenset({canceled.key})))
    assert [runner.id for runner in lists.runners.items] == ["", "import"]
    assert "import-4" in run_ids(lists)


def test_a_run_to_go_to_is_shown_whatever_is_filtered_or_selected(lists: DashboardLists) -> None:
    lists.runners.select("idle")
    lists.show_other_runner()
    lists.filters.set(PaneName.RUNS, "status:failed")
    lists.reveal(RUNS[2])
    assert not lists.filters.text(PaneName.RUNS)
    assert lists.current_run == RUNS[2]
    lists.filters.set(PaneName.RUNS, "status:running")
    lists.reveal(RUNS[2])
    assert lists.filters.text(PaneName.RUNS), "which shows the run anyway"
