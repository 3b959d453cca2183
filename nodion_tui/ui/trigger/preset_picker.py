"""Which preset? And the way to get rid of one."""

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from nodion_tui.model.sanitize import sanitize
from nodion_tui.model.trigger_draft import CommandMode, TriggerDraft
from nodion_tui.monitor.storage.presets import Preset
from nodion_tui.ui.dialogs.ascii_signs import DialogList
from nodion_tui.ui.dialogs.box import DialogBox
from nodion_tui.ui.dialogs.controls import CompactButton

_WHAT = 100
"""Characters of what a preset executes."""


@dataclass(frozen=True, slots=True)
class PresetChoice:
    """What a person decided about a preset."""

    preset: Preset
    delete: bool = False
    """To be deleted rather than used."""


class PresetPicker(DialogBox[PresetChoice | None]):
    """The presets of a runner; deleting takes two steps."""

    AUTO_FOCUS = "DialogList"

    def __init__(self, presets: tuple[Preset, ...]) -> None:
        super().__init__()
        self._presets = presets
        self._sure = False

    def compose(self) -> ComposeResult:
        """Textual: what it is made of."""
        with Vertical(classes="box") as frame:
            frame.border_title = "Presets"
            yield DialogList(*(Option(_line(preset)) for preset in self._presets))
            with Horizontal(classes="box--buttons box--ask"):
                yield CompactButton("Use it", id="preset-use", classes="-main")
                yield CompactButton("Delete", id="preset-delete")
                yield CompactButton("Close", id="preset-close")

    @on(OptionList.OptionSelected)
    @on(CompactButton.Pressed, "#preset-use")
    def _used(self) -> None:
        self.dismiss(PresetChoice(self._chosen))

    @on(CompactButton.Pressed, "#preset-delete")
    def _deleted(self, event: CompactButton.Pressed) -> None:
        if self._sure:
            self.dismiss(PresetChoice(self._chosen, delete=True))
            return
        self._sure = True
        event.button.label = f"Delete {sanitize(self._chosen.name)} for good?"
        event.button.add_class("-danger")

    @on(CompactButton.Pressed, "#preset-close")
    def _close_pressed(self) -> None:
        self.action_leave()

    @on(OptionList.OptionHighlighted)
    def _moved(self) -> None:
        self._sure = False
        delete = self.query_one("#preset-delete", CompactButton)
        delete.label = "Delete"
        delete.remove_class("-danger")

    @property
    def _chosen(self) -> Preset:
        return self._presets[self.query_one(DialogList).highlighted or 0]


def _line(preset: Preset) -> Content:
    return Content.assemble(
        (sanitize(preset.name), "bold"),
        "  ",
        (sanitize(draft_summary(preset.draft)), "$foreground-muted"),
    )


def draft_summary(draft: TriggerDraft) -> str:
    """What a draft executes, and how many variables it sets."""
    what = {
        CommandMode.DEFAULT: "the runner's default",
        CommandMode.ARGV: draft.argv_text.replace("\n", " "),
        CommandMode.COMMAND: f"sh -c {draft.command}",
    }[draft.mode]
    if len(what) > _WHAT:
        what = f"{what[:_WHAT]}…"
    count = sum(row.is_sent for row in draft.env)
    return what + (f" · {count} variable{'s' * (count != 1)}" if count else "")
