"""Dialog of the views of a profile: use, save, rename or delete one."""

from dataclasses import dataclass
from enum import Enum, auto

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.monitor.storage.views import View
from nodion_tui.ui.dialogs.box import DialogBox
from nodion_tui.ui.dialogs.button_row import ButtonRow
from nodion_tui.ui.dialogs.choice_list import ChoiceList
from nodion_tui.ui.dialogs.controls import CompactButton
from nodion_tui.ui.dialogs.menu import MAX_NUMBERED_ENTRIES, label_columns, padded


class ViewStep(Enum):
    """What to do."""

    USE = auto()
    SAVE = auto()
    """Save what is shown now, under a name that is asked for."""
    RENAME = auto()
    DELETE = auto()


@dataclass(frozen=True, slots=True)
class ViewChoice:
    """The user's decision."""

    step: ViewStep
    view: View | None = None
    """The highlighted view; None to save without any."""


class ViewPicker(DialogBox[ViewChoice | None]):
    """Lists the views; a number uses one at once, deleting is asked for twice.

    Args:
        profile: whose views they are.
        views: the views, in the order of their numbers.
    """

    AUTO_FOCUS = "OptionList, #view-save"

    def __init__(self, profile: str, views: tuple[View, ...]) -> None:
        super().__init__()
        self._profile = profile
        self._views = views
        self._delete_confirmed = False

    def compose(self) -> ComposeResult:
        """Textual: compose the child widgets."""
        with Vertical(classes="box") as frame:
            frame.border_title = Content(sanitize(f"Views of {self._profile}"))
            if self._views:
                columns = label_columns(view.name for view in self._views)
                lines = [_line(*each, columns) for each in enumerate(self._views, 1)]
                yield ChoiceList(*map(Option, lines))
            else:
                yield Static("None so far: filter, sort and choose columns, then save them here.")
            with ButtonRow(classes="box--buttons box--ask"):
                if self._views:
                    yield CompactButton("Use", id="view-use", classes="-main")
                yield CompactButton("Save …", id="view-save")
                if self._views:
                    yield CompactButton("Rename …", id="view-rename")
                    yield CompactButton("Delete", id="view-delete")
                yield CompactButton("Close", id="view-close", classes="-leave")

    def on_key(self, event: events.Key) -> None:
        """Textual: a number uses the view that has it."""
        digit = event.character or ""
        if digit.isdecimal() and 0 < int(digit) <= min(len(self._views), MAX_NUMBERED_ENTRIES):
            event.stop()
            self.dismiss(ViewChoice(ViewStep.USE, self._views[int(digit) - 1]))

    @on(OptionList.OptionSelected)
    @on(CompactButton.Pressed, "#view-use")
    def _use_pressed(self) -> None:
        self.dismiss(ViewChoice(ViewStep.USE, self._highlighted))

    @on(CompactButton.Pressed, "#view-save")
    def _save_pressed(self) -> None:
        self.dismiss(ViewChoice(ViewStep.SAVE, self._highlighted))

    @on(CompactButton.Pressed, "#view-rename")
    def _rename_pressed(self) -> None:
        self.dismiss(ViewChoice(ViewStep.RENAME, self._highlighted))

    @on(CompactButton.Pressed, "#view-delete")
    def _delete_pressed(self, event: CompactButton.Pressed) -> None:
        view = self._highlighted
        if view is None or self._delete_confirmed:
            self.dismiss(ViewChoice(ViewStep.DELETE, view))
            return
        self._delete_confirmed = True
        event.control.label = "Delete for good?"
        event.control.add_class("-danger")

    @on(OptionList.OptionHighlighted)
    def _moved(self) -> None:
        self._delete_confirmed = False
        for delete in self.query("#view-delete").results(CompactButton):
            delete.label = "Delete"
            delete.remove_class("-danger")

    @property
    def _highlighted(self) -> View | None:
        if not self._views:
            return None
        return self._views[self.query_one(OptionList).highlighted or 0]


def _line(number: int, view: View, columns: int) -> Content:
    key = str(number) if number <= MAX_NUMBERED_ENTRIES else " "
    return Content.assemble(
        (f"{key}  ", "bold $text-accent"),
        (padded(view.name, columns), "bold"),
        "  ",
        (sanitize(view_summary(view)), "$foreground-muted"),
    )


def view_summary(view: View) -> str:
    """What a view shows, in words."""
    parts = [view.mode if view.mode not in {"", "dashboard"} else ""]
    if view.mode == "timeline":
        parts.append(view.window)
    parts += [f"/{view.filter}" if view.filter else ""]
    parts += [f"runners /{view.runner_filter}" if view.runner_filter else ""]
    if view.sort not in {"", "created"} or not view.descending:
        parts.append(f"by {view.sort or 'created'}{'' if view.descending else ', ascending'}")
    if view.columns:
        parts.append(f"{len(view.columns)} columns")
    return " · ".join(filter(None, parts)) or "everything, newest first"
