"""The only crossing from the monitor to the screen: its callbacks become messages."""

from collections.abc import Callable

from textual.message_pump import MessagePump

from nodion_tui.monitor.runs.changes import Changes
from nodion_tui.monitor.runs.store import RunStore
from nodion_tui.ui.session.messages import RunsChanged


class ChangeBridge:
    """Gathers what changes and posts one message for all of it.

    However fast changes come, no queue grows: a message is on its way or it is not. That a list is
    fresh again, and nothing else, is told by whoever tells ages, when it does so next.

    Args:
        runs: what is listened to.
        screen: who gets the messages.
    """

    def __init__(self, runs: RunStore, screen: MessagePump) -> None:
        self._screen = screen
        self._gathered: Changes | None = None
        self._unsubscribe: Callable[[], None] = runs.subscribe(self._gather)

    def take_changes(self) -> Changes:
        """All that changed since the last time."""
        taken, self._gathered = self._gathered, None
        return taken or Changes()

    def close(self) -> None:
        """Listen no more."""
        self._unsubscribe()

    def _gather(self, changes: Changes) -> None:
        if changes.freshness_only:
            return
        if self._gathered is None:
            self._gathered = changes
            self._screen.post_message(RunsChanged())
        else:
            self._gathered |= changes
