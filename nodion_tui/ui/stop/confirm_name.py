"""A dialog in which something may have to be typed before the grave button works.

The safe button has the focus, and who reads "type Queue worker" begins to type at once: so what
is typed anywhere in the dialog goes into its field, a blank too, which else would press a button.
"""

from typing import Generic, TypeVar

from textual import events, on
from textual.widgets import Input

from nodion_tui.model.sanitize import sanitize
from nodion_tui.ui.dialogs.box import DialogBox
from nodion_tui.ui.dialogs.controls import CompactButton
from nodion_tui.ui.dialogs.text_fields import LineField

T = TypeVar("T")


class ConfirmNameField(LineField):
    """Where the words are typed that show that somebody means it.

    Args:
        wanted: the words, as they are or as they are shown.
        waiting: what stands in it as long as it is empty.
        id: Textual's id.
    """

    def __init__(self, wanted: str, waiting: str, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(placeholder=waiting, id=id)
        self._wanted = wanted.strip()

    @property
    def matches(self) -> bool:
        """Whether the words stand in it."""
        return self.value.strip() in {self._wanted, sanitize(self._wanted)}


class ConfirmNameDialog(DialogBox[T], Generic[T]):
    """A box with a SureField, or without one where nothing has to be typed."""

    @property
    def is_confirmed(self) -> bool:
        """Whether nothing has to be typed, or the right words were."""
        return all(field.matches for field in self.query(ConfirmNameField))

    def on_key(self, event: events.Key) -> None:
        """Textual: a character that no field took goes into the field."""
        if event.is_printable and event.character:
            for field in self.query(ConfirmNameField):
                event.stop()
                field.focus()
                field.insert_text_at_cursor(event.character)

    @on(Input.Submitted)
    def _entered(self) -> None:
        """Enter in the field does nothing grave: it goes to the safe button."""
        self.query(CompactButton).first().focus()
