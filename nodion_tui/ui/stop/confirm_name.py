"""Base of dialogs that require a typed confirmation before the destructive button is enabled.

The safe button has the focus, and a user who reads "Type Queue worker" starts typing at once.
Text typed anywhere in the dialog therefore goes into its field, even a space, which would otherwise
press a button.
"""

from typing import Generic, TypeVar

from textual import events, on
from textual.containers import Horizontal
from textual.widgets import Input

from nodion_tui.model.sanitize import sanitize
from nodion_tui.ui.dialogs.box import DialogBox
from nodion_tui.ui.dialogs.controls import CompactButton
from nodion_tui.ui.dialogs.text_fields import LineField

T = TypeVar("T")


class ConfirmNameField(LineField):
    """Input field for the confirmation text.

    Args:
        expected: the text to type, raw or as displayed.
        placeholder: shown while the field is empty.
        id: Textual id.
    """

    def __init__(self, expected: str, placeholder: str, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(placeholder=placeholder, id=id)
        self._expected = expected.strip()

    @property
    def matches(self) -> bool:
        """Whether the field contains the expected text."""
        return self.value.strip() in {self._expected, sanitize(self._expected)}


class ConfirmNameDialog(DialogBox[T], Generic[T]):
    """A dialog with a `ConfirmNameField`, or without one if no confirmation is required."""

    AUTO_FOCUS = "#stop-keep"

    def buttons(self, label: str, *, id: str) -> Horizontal:  # noqa: A002 - Textual's own name
        """The safe button, and the destructive one with this label and id."""
        return Horizontal(
            CompactButton("Keep running", id="stop-keep", classes="-main -leave"),
            CompactButton(label, id=id, classes="-danger"),
            classes="box--buttons",
        )

    def enable(self, button: CompactButton, *, possible: bool) -> None:
        """Enable the destructive button if confirmed; a disabled one passes its focus on."""
        button.disabled = not (possible and self.is_confirmed)
        if button.disabled and button.has_focus:
            self.query_one("#stop-keep").focus()

    @property
    def is_confirmed(self) -> bool:
        """Whether no confirmation is required, or the right text was typed."""
        return all(field.matches for field in self.query(ConfirmNameField))

    def on_key(self, event: events.Key) -> None:
        """Textual: a character that no field has handled goes into the field."""
        if event.is_printable and event.character:
            for field in self.query(ConfirmNameField):
                event.stop()
                field.focus()
                field.insert_text_at_cursor(event.character)

    @on(Input.Submitted)
    def _entered(self) -> None:
        """Enter in the field only moves the focus to the safe button."""
        self.query(CompactButton).first().focus()
