"""Turns callbacks of the monitor into Textual messages; the only such crossing."""

from collections.abc import Callable

from textual.message_pump import MessagePump

from nodion_tui.monitor.runs.changes import Changes
from nodion_tui.monitor.runs.known_runs import KnownRuns
from nodion_tui.ui.session.messages import RunsChanged


class ChangeBridge:
    """Collects changes and posts one message for all of them.

    However fast changes come, no queue grows: at most one message is pending. Changes of freshness
    alone post none; ages on the screen are updated by their own timer.

    Args:
        runs: the known runs to subscribe to.
        screen: receives the messages.
    """

    def __init__(self, runs: KnownRuns, screen: MessagePump) -> None:
        self._screen = screen
        self._pending: Changes | None = None
        self._unsubscribe: Callable[[], None] = runs.subscribe(self._collect)

    def take_changes(self) -> Changes:
        """All changes since the previous call."""
        changes, self._pending = self._pending, None
        return changes or Changes()

    def close(self) -> None:
        """Unsubscribe."""
        self._unsubscribe()

    def _collect(self, changes: Changes) -> None:
        if changes.freshness_only:
            return
        if self._pending is None:
            self._pending = changes
            self._screen.post_message(RunsChanged())
        else:
            self._pending |= changes
