"""Dialog to use or delete a preset."""

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from nodion_tui.model.text.format import count
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.model.trigger_draft import CommandMode, TriggerDraft
from nodion_tui.monitor.storage.presets import Preset
from nodion_tui.ui.dialogs.box import DialogBox
from nodion_tui.ui.dialogs.button_row import ButtonRow
from nodion_tui.ui.dialogs.choice_list import ChoiceList
from nodion_tui.ui.dialogs.controls import CompactButton
from nodion_tui.ui.dialogs.menu import label_columns, padded

_MAX_SUMMARY = 100
"""Maximum length of the command in a summary."""


@dataclass(frozen=True, slots=True)
class PresetChoice:
    """The user's decision about a preset."""

    preset: Preset
    delete: bool = False
    """Delete the preset instead of using it."""
    share: bool = False
    """Write it to a file instead, to hand it on."""


class PresetPicker(DialogBox[PresetChoice | None]):
    """Lists presets of a runner, and what was triggered lately; deleting asks for confirmation."""

    AUTO_FOCUS = "OptionList"

    def __init__(self, presets: tuple[Preset, ...]) -> None:
        super().__init__()
        self._presets = presets
        self._delete_confirmed = False

    def compose(self) -> ComposeResult:
        """Textual: compose the child widgets."""
        with Vertical(classes="box") as frame:
            frame.border_title = "Presets"
            columns = label_columns(preset.name for preset in self._presets)
            yield ChoiceList(*(Option(_line(preset, columns)) for preset in self._presets))
            with ButtonRow(classes="box--buttons box--ask"):
                yield CompactButton("Use", id="preset-use", classes="-main")
                yield CompactButton("Share …", id="preset-share")
                yield CompactButton("Delete", id="preset-delete")
                yield CompactButton("Close", id="preset-close", classes="-leave")

    @on(OptionList.OptionSelected)
    @on(CompactButton.Pressed, "#preset-use")
    def _use_pressed(self) -> None:
        self.dismiss(PresetChoice(self._selected))

    @on(CompactButton.Pressed, "#preset-share")
    def _share_pressed(self) -> None:
        self.dismiss(PresetChoice(self._selected, share=True))

    @on(CompactButton.Pressed, "#preset-delete")
    def _delete_pressed(self, event: CompactButton.Pressed) -> None:
        if self._delete_confirmed:
            self.dismiss(PresetChoice(self._selected, delete=True))
            return
        self._delete_confirmed = True
        event.control.label = f"Delete {sanitize(self._selected.name)} for good?"
        event.control.add_class("-danger")

    @on(OptionList.OptionHighlighted)
    def _highlighted(self) -> None:
        self._delete_confirmed = False
        delete = self.query_one("#preset-delete", CompactButton)
        delete.label = "Delete"
        delete.remove_class("-danger")
        delete.disabled = self._selected.is_recent

    @property
    def _selected(self) -> Preset:
        return self._presets[self.query_one(OptionList).highlighted or 0]


def _line(preset: Preset, columns: int) -> Content:
    return Content.assemble(
        (padded(preset.name, columns), "italic" if preset.is_recent else "bold"),
        "  ",
        (sanitize(draft_summary(preset.draft)), "$foreground-muted"),
    )


def draft_summary(draft: TriggerDraft) -> str:
    """The command of a draft and its number of variables."""
    command = {
        CommandMode.DEFAULT: "(default)",
        CommandMode.ARGV: draft.argv_text.replace("\n", " "),
        CommandMode.COMMAND: f"sh -c {draft.command}",
    }[draft.mode]
    if len(command) > _MAX_SUMMARY:
        command = f"{command[:_MAX_SUMMARY]}…"
    sent = sum(row.is_sent for row in draft.env)
    return command + (f" · {count(sent, 'variable')}" if sent else "")
