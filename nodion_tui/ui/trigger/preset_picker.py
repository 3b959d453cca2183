"""Which preset? And the way to get rid of one."""

from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from nodion_tui.model.sanitize import visible
from nodion_tui.model.trigger_draft import Mode, TriggerDraft
from nodion_tui.monitor.storage.presets import Preset
from nodion_tui.ui.dialogs.ascii_signs import Picks
from nodion_tui.ui.dialogs.box import Box
from nodion_tui.ui.dialogs.controls import Press

_WHAT = 100
"""Characters of what a preset executes."""


@dataclass(frozen=True, slots=True)
class Picked:
    """What a person decided about a preset."""

    preset: Preset
    delete: bool = False
    """To be deleted rather than used."""


class PresetPicker(Box[Picked | None]):
    """The presets of a runner; deleting takes two steps."""

    AUTO_FOCUS = "Picks"

    def __init__(self, presets: tuple[Preset, ...]) -> None:
        super().__init__()
        self._presets = presets
        self._sure = False

    def compose(self) -> ComposeResult:
        """Textual: what it is made of."""
        with Vertical(classes="box") as frame:
            frame.border_title = "Presets"
            yield Picks(*(Option(_line(preset)) for preset in self._presets))
            with Horizontal(classes="box--buttons box--ask"):
                yield Press("Use it", id="preset-use", classes="-main")
                yield Press("Delete", id="preset-delete")
                yield Press("Close", id="preset-close")

    @on(OptionList.OptionSelected)
    @on(Press.Pressed, "#preset-use")
    def _used(self) -> None:
        self.dismiss(Picked(self._chosen))

    @on(Press.Pressed, "#preset-delete")
    def _deleted(self, event: Press.Pressed) -> None:
        if self._sure:
            self.dismiss(Picked(self._chosen, delete=True))
            return
        self._sure = True
        event.press.label = f"Delete {visible(self._chosen.name)} for good?"
        event.press.add_class("-danger")

    @on(Press.Pressed, "#preset-close")
    def _close_pressed(self) -> None:
        self.action_leave()

    @on(OptionList.OptionHighlighted)
    def _moved(self) -> None:
        self._sure = False
        delete = self.query_one("#preset-delete", Press)
        delete.label = "Delete"
        delete.remove_class("-danger")

    @property
    def _chosen(self) -> Preset:
        return self._presets[self.query_one(Picks).highlighted or 0]


def _line(preset: Preset) -> Content:
    return Content.assemble(
        (visible(preset.name), "bold"), "  ", (visible(summary(preset.draft)), "$foreground-muted")
    )


def summary(draft: TriggerDraft) -> str:
    """What a draft executes, and how many variables it sets."""
    what = {
        Mode.DEFAULT: "the runner's default",
        Mode.ARGV: draft.argv_text.replace("\n", " "),
        Mode.COMMAND: f"sh -c {draft.command}",
    }[draft.mode]
    if len(what) > _WHAT:
        what = f"{what[:_WHAT]}…"
    count = sum(row.counts for row in draft.env)
    return what + (f" · {count} variable{'s' * (count != 1)}" if count else "")
