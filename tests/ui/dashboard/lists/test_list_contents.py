"""What the lists show of a monitor, or in place of it, without a screen."""

import pytest

from nodion_tui.config import Profile, RunnerRef, Secret
from nodion_tui.model.errors import NotReachable
from nodion_tui.monitor.monitor import Monitor
from nodion_tui.monitor.polling.poller import Outage
from nodion_tui.ui.dashboard.layout import PaneName
from nodion_tui.ui.dashboard.lists.filters import ListFilters
from nodion_tui.ui.dashboard.lists.list_contents import ListContents
from nodion_tui.ui.dashboard.lists.ordering import RunOrder
from tests.support.filled_monitor import START, a_run, filled_monitor

RUNS = [a_run("backup", 1), a_run("import", 2, "failed"), a_run("backup", 3, "running")]


class Shown:
    """Contents of a monitor with filters and order."""

    def __init__(self, monitor: Monitor | None) -> None:
        self.filters = ListFilters(lambda _: None)
        self.order = RunOrder(lambda: None)
        self.contents = ListContents(self.filters, self.order, "Connecting …")
        self.contents.monitor = monitor

    def runner_ids(self) -> list[str]:
        return [runner.id for runner in self.contents.runner_rows()]

    def run_ids(self, runner_id: str = "") -> list[str]:
        return [run.id for run in self.contents.run_rows(runner_id).runs]


@pytest.fixture
def shown() -> Shown:
    return Shown(filled_monitor("backup", "idle", "import", runs=RUNS))


def test_all_runners_come_first_and_have_the_runs_of_all(shown: Shown) -> None:
    assert shown.runner_ids() == ["", "backup", "idle", "import"]
    assert shown.run_ids() == ["backup-3", "import-2", "backup-1"]
    assert shown.run_ids("backup") == ["backup-3", "backup-1"]


def test_names_are_shown_where_runs_are_of_several_runners(shown: Shown) -> None:
    assert shown.contents.run_rows("").runner_names["import"] == "import"
    assert not shown.contents.run_rows("import").runner_names


def test_a_filter_narrows_the_rows_but_not_the_total(shown: Shown) -> None:
    shown.filters.set(PaneName.RUNS, "status:failed")
    shown.filters.set(PaneName.RUNNERS, "status:running")
    assert shown.run_ids() == ["import-2"]
    assert shown.contents.run_rows("").total == 3
    assert shown.runner_ids() == ["", "backup"]


def test_the_order_is_applied_to_what_the_filter_leaves(shown: Shown) -> None:
    shown.filters.set(PaneName.RUNS, "runner:backup")
    shown.order.sort_by("created")
    assert shown.run_ids() == ["backup-1", "backup-3"]


def test_an_empty_list_says_why(shown: Shown) -> None:
    shown.filters.set(PaneName.RUNS, "nothing like it")
    assert shown.contents.run_rows("").empty_text[0] == "No run matches the filter."
    assert shown.contents.run_rows("idle").empty_text[0] == "No runs so far."
    assert Shown(filled_monitor()).contents.run_rows("").empty_text[0] == "No runners."


def test_a_session_that_may_only_read_is_not_told_to_trigger(shown: Shown) -> None:
    assert shown.contents.run_rows("idle").empty_text[1] == "Press t to trigger one."
    assert shown.contents.monitor is not None
    shown.contents.monitor.accounts.first.run_control.read_only = True
    assert shown.contents.run_rows("idle").empty_text == ("No runs so far.",)


def test_before_the_first_answer_it_waits_and_before_the_runs_it_loads() -> None:
    profile = Profile(key=Secret("key"), runners=(RunnerRef("backup", "Backup"),))
    monitor = Monitor(profile)
    contents = Shown(monitor).contents
    assert contents.run_rows("").empty_text == ("Connecting …",)
    assert not contents.is_loaded(["backup"])
    loaded = filled_monitor("idle")
    loaded.runs.apply_run(a_run("other", 1))
    assert Shown(loaded).contents.is_loaded(["idle"])
    assert Shown(loaded).contents.run_rows("unheard-of").empty_text == ("Loading …",)


def test_a_service_that_was_never_reached_is_named() -> None:
    monitor = Monitor(Profile(key=Secret("key")))
    monitor.accounts.first.poller.outage = Outage(
        NotReachable("connection refused"), START, retry_at=0.0
    )
    (text,) = Shown(monitor).contents.run_rows("").empty_text
    assert "connection refused" in text


def test_without_a_monitor_there_is_nothing_but_the_reason_why() -> None:
    contents = Shown(None).contents
    assert contents.run_rows("").empty_text == ("Connecting …",)
    assert not contents.runner_rows()
    assert not contents.runners
    assert not contents.is_loaded([])
    assert contents.now().tzinfo is not None
