"""Which runners have changed since the last look."""

from nodion_tui.config import Profile
from nodion_tui.model.errors import NotReachable
from nodion_tui.model.listing import Listing
from nodion_tui.model.run import Run
from nodion_tui.model.runner import Runner
from nodion_tui.monitor.monitor import Monitor
from nodion_tui.monitor.runs.changes import RUNNER_LIST
from nodion_tui.ui.session.monitor_link import MonitorLink, RunnerChanges


def run(run_id: str, runner_id: str, status: str = "running") -> Run:
    return Run(id=run_id, runner_id=runner_id, status=status)


class Look:
    """A link, and how often it has notified."""

    def __init__(self) -> None:
        self.monitor = Monitor(Profile())
        self.runs = self.monitor.runs
        self.notified = 0
        self.link = MonitorLink(self.monitor, self._notify)

    def _notify(self) -> None:
        self.notified += 1


def test_one_notification_for_all_changes_until_they_are_taken() -> None:
    look = Look()
    look.runs.apply_run(run("1", "a"))
    look.runs.apply_run(run("2", "a"))
    look.runs.apply_run(run("3", "b"))
    assert look.notified == 1
    assert look.link.take_changes() == RunnerChanges({"a", "b"})
    assert look.link.take_changes() == RunnerChanges()
    look.runs.apply_run(run("1", "a", "failed"))
    assert look.notified == 2
    assert look.link.take_changes() == RunnerChanges({"a"})


def test_a_removed_run_is_a_change_of_its_runner() -> None:
    look = Look()
    look.runs.apply_runs("a", Listing((run("1", "a"),)))
    look.link.take_changes()
    look.runs.apply_runs("a", Listing(()))
    assert look.link.take_changes() == RunnerChanges({"a"})


def test_another_list_of_runners_is_a_change_without_a_runner() -> None:
    look = Look()
    look.runs.apply_runners(Listing((Runner(id="a"),)))
    assert look.notified == 1
    assert look.link.take_changes() == RunnerChanges(runner_list=True)


def test_the_age_of_a_list_is_no_change() -> None:
    look = Look()
    look.runs.apply_runs("a", listing := Listing((run("1", "a"),)))
    look.link.take_changes()
    look.runs.apply_runs("a", listing)
    look.runs.list_failed(RUNNER_LIST, NotReachable("cut"))
    look.monitor.set_missed(None)
    assert look.notified == 1
    assert look.link.take_changes() == RunnerChanges()


def test_a_closed_link_takes_nothing_more() -> None:
    look = Look()
    look.link.close()
    look.runs.apply_run(run("1", "a"))
    assert look.notified == 0
    assert look.link.take_changes() == RunnerChanges()
