"""Changes of a monitor reach a view as one message, and nothing piles up."""

from collections.abc import Sequence

from textual.message import Message
from textual.message_pump import MessagePump

from nodion_tui.model.errors import NotReachable
from nodion_tui.model.listing import Listing
from nodion_tui.model.run import Run
from nodion_tui.model.runner import Runner
from nodion_tui.monitor.runs.changes import RUNNER_LIST, Changes
from nodion_tui.ui.session.bridge import ChangeBridge
from nodion_tui.ui.session.messages import RunsChanged
from tests.support.filled_monitor import a_run, filled_monitor

RUNS = [a_run("backup", number) for number in (1, 2)]


class Recorder(MessagePump):
    """Keeps the messages that a screen would get."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[Message] = []

    def post_message(self, message: Message) -> bool:
        self.messages.append(message)
        return True


class Look:
    """A view of a monitor that knows some runs."""

    def __init__(self, runs: Sequence[Run] = ()) -> None:
        self.screen = Recorder()
        self.monitor = filled_monitor("backup", runs=runs)
        self.bridge = ChangeBridge(self.monitor, self.screen)


def test_one_message_for_all_changes_until_they_are_taken() -> None:
    look = Look()
    for run in RUNS:
        look.monitor.runs.apply_run(run)
    (message,) = look.screen.messages
    assert isinstance(message, RunsChanged)
    assert look.bridge.take_changes().runs == {run.key for run in RUNS}
    assert look.bridge.take_changes() == Changes()
    look.monitor.runs.apply_run(a_run("backup", 1, "failed"))
    assert len(look.screen.messages) == 2
    assert look.bridge.take_changes().runs == {RUNS[0].key}


def test_a_removed_run_is_a_change() -> None:
    look = Look(RUNS)
    look.monitor.runs.apply_runs("backup", Listing(()))
    assert look.bridge.take_changes().removed == {run.key for run in RUNS}


def test_another_list_of_runners_is_a_change_without_a_run() -> None:
    look = Look()
    look.monitor.runs.apply_runners(Listing((Runner(id="mail"),)))
    changes = look.bridge.take_changes()
    assert len(look.screen.messages) == 1
    assert changes.runners_changed
    assert not changes.runs


def test_the_age_of_a_list_is_no_change() -> None:
    look = Look()
    look.monitor.runs.apply_runs("backup", listing := Listing(tuple(RUNS)))
    look.bridge.take_changes()
    look.monitor.runs.apply_runs("backup", listing)
    assert len(look.screen.messages) == 1
    assert look.bridge.take_changes() == Changes()


def test_a_failed_poll_and_a_report_of_missed_runs_are_told_without_a_changed_run() -> None:
    look = Look()
    look.monitor.runs.list_failed(RUNNER_LIST, NotReachable("cut"))
    assert not look.bridge.take_changes().runs
    look.monitor.set_missed(None)
    assert len(look.screen.messages) == 2
    assert not look.bridge.take_changes().runs


def test_a_closed_one_hears_of_nothing() -> None:
    look = Look()
    look.bridge.close()
    look.monitor.runs.apply_run(RUNS[0])
    assert not look.screen.messages
