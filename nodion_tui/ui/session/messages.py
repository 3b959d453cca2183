"""Messages between parts of the screen."""

from textual.message import Message

from nodion_tui.model.run import RunKey

DASHBOARD = "dashboard"
"""The initial mode, and the target of `OpenRun`."""


class RunsChanged(Message):
    """Runs or runners changed; `ChangeBridge.take_changes` returns what."""

    bubble = False

    def can_replace(self, message: Message) -> bool:
        """Textual: consecutive messages collapse, because the bridge merges their changes."""
        return isinstance(message, RunsChanged)


class OpenRun(Message):
    """Request to show a run and its log on the dashboard.

    Args:
        key: the run.
        search: whether to open the search of its log.
        entry: index of the entry of its log to go to; None: as it was.
    """

    def __init__(self, key: RunKey, *, search: bool = False, entry: int | None = None) -> None:
        super().__init__()
        self.key = key
        self.search = search
        self.entry = entry


class Reconnect(Message):
    """Request to reconnect to the service with a freshly read key."""
