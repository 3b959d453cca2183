"""Asks before a command of one's own is run; the safe button has the focus."""

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.model.trigger import format_argv
from nodion_tui.ui.dialogs.box import DialogBox
from nodion_tui.ui.dialogs.button_row import ButtonRow
from nodion_tui.ui.dialogs.controls import CompactButton

_MAX_SHOWN = 1_000
"""Characters of a command that are shown."""


class ConfirmCommandDialog(DialogBox[bool]):
    """Dismisses True to run the command; runs nothing itself.

    Args:
        title: of the command.
        argv: its words, placeholders replaced.
        subject: what it acts on.
    """

    AUTO_FOCUS = "#own-leave"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("y", "accept", "Run", show=False)]

    def __init__(self, title: str, argv: Sequence[str], subject: str) -> None:
        super().__init__()
        self._heading = title
        self._argv = argv
        self._subject = subject

    def compose(self) -> ComposeResult:
        """Textual: compose the child widgets."""
        command = sanitize(format_argv(tuple(self._argv)))
        shown = command if len(command) <= _MAX_SHOWN else f"{command[:_MAX_SHOWN]}…"
        # The title of a command may be long: in the border it would be cut.
        facts = Content.assemble(
            (sanitize(self._heading), "bold"),
            (f"\n{sanitize(self._subject)}\n", "$text-muted"),
            shown,
        )
        with Vertical(classes="box") as frame:
            frame.border_title = "Run this command?"
            yield Static(facts, classes="box--facts")
            with ButtonRow(classes="box--buttons box--ask"):
                yield CompactButton("Cancel", id="own-leave", classes="-leave")
                yield CompactButton("Run  y", id="own-run", classes="-main")

    def action_leave(self) -> None:
        """Close without running it."""
        self.dismiss(result=False)

    @on(CompactButton.Pressed, "#own-run")
    def _confirmed(self) -> None:
        self.dismiss(result=True)
