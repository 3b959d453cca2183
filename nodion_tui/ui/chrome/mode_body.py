"""What a mode shows between title and footer."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

from textual.message import Message
from textual.widget import Widget

from nodion_tui.model.run import RunKey
from nodion_tui.monitor.runs.changes import Changes
from nodion_tui.monitor.storage.ui_state import UiState
from nodion_tui.ui.commands.command import Command

if TYPE_CHECKING:
    from nodion_tui.monitor.monitor import Monitor


class HintsChanged(Message):
    """A key has changed what the footer has to say; else that follows within a second."""


class ModeBody(Protocol):
    """The widgets of a mode, and what they show; its `ModeScreen` says when."""

    def widgets(self) -> Iterable[Widget]:
        """The widgets, from top to bottom."""

    def restart(self, monitor: "Monitor | None", placeholder: str) -> None:
        """Show a monitor, and nothing of the previous one.

        Args:
            monitor: what is shown; None: the placeholder.
            placeholder: text to show while there is no monitor.
        """

    def note_changes(self, changes: Changes) -> None:
        """Note changes for the next `update`; also called while the screen is inactive."""
        del changes

    def update(self) -> None:
        """Show what has changed; only called while the screen is active."""

    def tick(self) -> None:
        """Update what depends on time; called once a second while the screen is active."""

    def pause(self) -> None:
        """Stop what is not needed while another mode is active, or once the app ends."""
        return

    def leave(self) -> bool:
        """Leave one level, such as a zoom; returns whether there was one."""
        return False

    @property
    def selected_run(self) -> RunKey | None:
        """The run under the cursor; None: there is none."""
        return None

    @property
    def selected_runner(self) -> str:
        """Id of the runner under the cursor; empty: that of the run."""
        return ""

    def is_available(self, command: Command) -> bool:  # noqa: ARG002 - for those who override it
        """Whether a command is applicable now; the footer shows no others."""
        return True

    def typed_keys(self) -> Sequence[Command]:
        """The keys of the line in which something is typed; empty: nothing is."""
        return ()

    def worded(self, command: Command) -> Command:
        """A command in the words of the moment, as the footer shows it."""
        return command

    def restore_state(self, state: UiState) -> None:
        """Restore the settings of this mode from the saved state."""
        del state

    def updated_state(self, state: UiState) -> UiState:
        """The state with the current settings of this mode."""
        return state
