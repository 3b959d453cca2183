"""Dialog to save a preset: its name, and whether hidden values are included."""

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from nodion_tui.monitor.storage.presets import MAX_NAME_LENGTH
from nodion_tui.ui.dialogs.box import DialogBox
from nodion_tui.ui.dialogs.button_row import ButtonRow
from nodion_tui.ui.dialogs.controls import CompactButton, CompactCheckbox
from nodion_tui.ui.dialogs.text_fields import LineField


@dataclass(frozen=True, slots=True)
class PresetSaveRequest:
    """How to save a preset."""

    name: str
    secrets: bool
    """Whether hidden values are saved too."""


class SavePresetDialog(DialogBox[PresetSaveRequest | None]):
    """Asks for a name, and warns if it replaces a preset.

    Args:
        name: the suggested name.
        taken: names of existing presets.
        has_secrets: whether there are hidden values to save.
    """

    AUTO_FOCUS = "LineField"
    ENTER_ACCEPTS = True

    def __init__(self, name: str, taken: frozenset[str], *, has_secrets: bool) -> None:
        super().__init__()
        self._suggested = name
        self._taken = taken
        self._has_secrets = has_secrets

    def compose(self) -> ComposeResult:
        """Textual: compose the child widgets."""
        with Vertical(classes="box") as frame:
            frame.border_title = "Save as a preset"
            yield LineField(self._suggested, "name", id="preset-name")
            if self._has_secrets:
                yield CompactCheckbox(
                    "save hidden values too", id="preset-secrets", classes="box--ask"
                )
            yield Static(id="preset-note", classes="box--note")
            with ButtonRow(classes="box--buttons"):
                yield CompactButton("Cancel", id="preset-cancel", classes="-leave")
                yield CompactButton("Save", id="preset-save", classes="-main")

    def on_mount(self) -> None:
        """Textual: show the note for the suggested name."""
        self._refresh_note()

    @on(Input.Changed)
    @on(CompactCheckbox.Toggled)
    def _refresh_note(self) -> None:
        name = self._preset_name
        notes = [f"Replaces the preset {name}."] if name in self._taken else []
        if len(name) > MAX_NAME_LENGTH:
            notes = [f"At most {MAX_NAME_LENGTH} characters."]
        if self._has_secrets:
            notes.append(
                "Hidden values are written to a file that only you can read."
                if self._secrets
                else "Hidden values are not saved; you will be asked for them."
            )
        self.query_one("#preset-note", Static).update(Content(" ".join(notes)))
        self.query_one("#preset-save", CompactButton).disabled = not self._is_valid

    @on(CompactButton.Pressed, "#preset-save")
    def _save(self) -> None:
        if self._is_valid:
            self.dismiss(PresetSaveRequest(self._preset_name, self._secrets))

    @property
    def _preset_name(self) -> str:
        return self.query_one("#preset-name", LineField).value.strip()

    @property
    def _is_valid(self) -> bool:
        return 0 < len(self._preset_name) <= MAX_NAME_LENGTH

    @property
    def _secrets(self) -> bool:
        return any(checkbox.on for checkbox in self.query(CompactCheckbox))
