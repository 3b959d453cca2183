"""Under which name shall a preset be kept, and with the hidden values or without?"""

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Input

from nodion_tui.monitor.storage.presets import MAX_NAME_LENGTH
from nodion_tui.ui.dialogs.ascii_signs import DialogText
from nodion_tui.ui.dialogs.box import DialogBox
from nodion_tui.ui.dialogs.controls import CompactButton, CompactCheckbox
from nodion_tui.ui.dialogs.text_fields import LineField


@dataclass(frozen=True, slots=True)
class PresetSaveRequest:
    """How to keep a preset."""

    name: str
    secrets: bool
    """Whether hidden values are kept too."""


class SavePresetDialog(DialogBox[PresetSaveRequest | None]):
    """Asks for a name; says where it would replace a preset."""

    AUTO_FOCUS = "LineField"

    def __init__(self, name: str, taken: frozenset[str], *, has_secrets: bool) -> None:
        """Make it.

        Args:
            name: to begin with.
            taken: names of presets that are there.
            has_secrets: whether there are hidden values that could be kept.
        """
        super().__init__()
        self._suggested = name
        self._taken = taken
        self._has_secrets = has_secrets

    def compose(self) -> ComposeResult:
        """Textual: what it is made of."""
        with Vertical(classes="box") as frame:
            frame.border_title = "Save as a preset"
            yield LineField(self._suggested, "name", id="preset-name")
            if self._has_secrets:
                yield CompactCheckbox(
                    "keep hidden values too", id="preset-secrets", classes="box--ask"
                )
            yield DialogText(id="preset-note", classes="box--note")
            with Horizontal(classes="box--buttons"):
                yield CompactButton("Cancel", id="preset-cancel")
                yield CompactButton("Save", id="preset-save", classes="-main")

    def on_mount(self) -> None:
        """Textual: say from the start what the name means."""
        self._tell()

    @on(Input.Changed)
    @on(CompactCheckbox.Toggled)
    def _tell(self) -> None:
        name = self._chosen_name
        said = [f"Replaces the preset {name}."] if name in self._taken else []
        if len(name) > MAX_NAME_LENGTH:
            said = [f"At most {MAX_NAME_LENGTH} characters."]
        if self._has_secrets:
            said.append(
                "Hidden values are written to a file that only you can read."
                if self._secrets
                else "Hidden values are not kept; they will be asked for."
            )
        self.query_one("#preset-note", DialogText).update(Content(" ".join(said)))
        self.query_one("#preset-save", CompactButton).disabled = not self._is_good

    @on(Input.Submitted)
    @on(CompactButton.Pressed, "#preset-save")
    def _save(self) -> None:
        if self._is_good:
            self.dismiss(PresetSaveRequest(self._chosen_name, self._secrets))

    @on(CompactButton.Pressed, "#preset-cancel")
    def _cancel(self) -> None:
        self.action_leave()

    @property
    def _chosen_name(self) -> str:
        return self.query_one("#preset-name", LineField).value.strip()

    @property
    def _is_good(self) -> bool:
        return 0 < len(self._chosen_name) <= MAX_NAME_LENGTH

    @property
    def _secrets(self) -> bool:
        return any(tick.on for tick in self.query(CompactCheckbox))
