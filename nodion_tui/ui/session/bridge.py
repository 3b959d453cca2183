"""Turns callbacks of the monitor into Textual messages; the only such crossing."""

from typing import TYPE_CHECKING

from nodion_tui.monitor.runs.changes import Changes
from nodion_tui.ui.session.messages import RunsChanged

if TYPE_CHECKING:
    from textual.message_pump import MessagePump

    from nodion_tui.monitor.monitor import Monitor


class ChangeBridge:
    """A monitor that a view shows; collects its changes and posts one message for all of them.

    However fast changes come, no queue grows: at most one message is pending. Changes of freshness
    alone post none; ages on the screen are updated by their own timer.

    Args:
        monitor: what the view shows.
        view: receives the messages.
    """

    def __init__(self, monitor: "Monitor", view: "MessagePump") -> None:
        self.monitor = monitor
        self._view = view
        self._pending: Changes | None = None
        self.close = monitor.runs.subscribe(self._collect)
        """Unsubscribes from the monitor."""

    def take_changes(self) -> Changes:
        """All changes since the previous call."""
        changes, self._pending = self._pending, None
        return changes or Changes()

    def _collect(self, changes: Changes) -> None:
        if changes.freshness_only:
            return
        if self._pending is None:
            self._pending = changes
            self._view.post_message(RunsChanged())
        else:
            self._pending |= changes
