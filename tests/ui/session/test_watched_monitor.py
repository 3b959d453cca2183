"""A monitor and its pending changes come and go together."""

from textual.message import Message
from textual.message_pump import MessagePump

from nodion_tui.monitor.runs.changes import Changes
from nodion_tui.ui.session.messages import RunsChanged
from nodion_tui.ui.session.watched_monitor import WatchedMonitor
from tests.support.filled_monitor import a_run, filled_monitor


class Recorder(MessagePump):
    """Keeps the messages that a screen would get."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[Message] = []

    def post_message(self, message: Message) -> bool:
        self.messages.append(message)
        return True


def test_one_message_for_all_changes_until_they_are_taken() -> None:
    monitor, screen = filled_monitor("backup"), Recorder()
    watched = WatchedMonitor(monitor, screen)
    runs = [a_run("backup", number) for number in (1, 2)]
    for run in runs:
        monitor.runs.apply_run(run)
    (message,) = screen.messages
    assert isinstance(message, RunsChanged)
    assert watched.take_changes().runs == {run.key for run in runs}
    assert watched.take_changes() == Changes()


def test_a_closed_one_hears_of_nothing() -> None:
    monitor, screen = filled_monitor("backup"), Recorder()
    WatchedMonitor(monitor, screen).close()
    monitor.runs.apply_run(a_run("backup", 1))
    assert not screen.messages
