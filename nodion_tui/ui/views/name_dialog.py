"""Dialog for the name of a view."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.monitor.storage.views import MAX_VIEW_NAME
from nodion_tui.ui.dialogs.box import DialogBox
from nodion_tui.ui.dialogs.button_row import ButtonRow
from nodion_tui.ui.dialogs.controls import CompactButton
from nodion_tui.ui.dialogs.text_fields import LineField


class ViewNameDialog(DialogBox[str | None]):
    """Dismisses a name; warns if it replaces a view.

    Args:
        title: what is done.
        name: the suggested name.
        taken: names of other views.
        summary: what is saved, in words.
    """

    AUTO_FOCUS = "LineField"
    ENTER_ACCEPTS = True

    def __init__(self, title: str, name: str, taken: frozenset[str], summary: str) -> None:
        super().__init__()
        self._heading = title
        self._suggested = name
        self._taken = taken
        self._summary = summary

    def compose(self) -> ComposeResult:
        """Textual: compose the child widgets."""
        with Vertical(classes="box") as frame:
            frame.border_title = Content(sanitize(self._heading))
            yield LineField(self._suggested, "name", id="view-name")
            yield Static(id="view-note", classes="box--note")
            with ButtonRow(classes="box--buttons"):
                yield CompactButton("Cancel", id="view-cancel", classes="-leave")
                yield CompactButton("Save", id="view-keep", classes="-main")

    def on_mount(self) -> None:
        """Textual: show the note for the suggested name."""
        self._refresh_note()

    @on(Input.Changed)
    def _refresh_note(self) -> None:
        note = self._summary
        if self._typed_name in self._taken:
            note = f"Replaces the view {self._typed_name}."
        if len(self._typed_name) > MAX_VIEW_NAME:
            note = f"At most {MAX_VIEW_NAME} characters."
        self.query_one("#view-note", Static).update(Content(sanitize(note)))
        self.query_one("#view-keep", CompactButton).disabled = not self._is_valid

    @on(CompactButton.Pressed, "#view-keep")
    def _keep(self) -> None:
        if self._is_valid:
            self.dismiss(self._typed_name)

    @property
    def _typed_name(self) -> str:
        return self.query_one("#view-name", LineField).value.strip()

    @property
    def _is_valid(self) -> bool:
        return 0 < len(self._typed_name) <= MAX_VIEW_NAME
