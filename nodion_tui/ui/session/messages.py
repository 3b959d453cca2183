"""Messages that cross from one part of the screen to another."""

from textual.message import Message

from nodion_tui.model.run import RunKey

DASHBOARD = "dashboard"
"""The mode that is shown first, and that `OpenRun` goes to."""


class RunsChanged(Message):
    """Something that the monitor knows has become different; `Bridge.take` tells what."""

    bubble = False

    def can_replace(self, message: Message) -> bool:
        """Several in a row are one: the bridge has put their changes together."""
        return isinstance(message, RunsChanged)


class OpenRun(Message):
    """Somebody wants to see a run, and its log, in the dashboard.

    Args:
        key: which run.
    """

    def __init__(self, key: RunKey) -> None:
        super().__init__()
        self.key = key


class Reconnect(Message):
    """Somebody wants the service to be connected anew, with the key asked for anew."""
