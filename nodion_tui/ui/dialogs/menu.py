"""A short list to choose from: with the arrows, with each entry's own letter, with the mouse."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from nodion_tui.model.sanitize import sanitize
from nodion_tui.ui.dialogs.box import DialogBox


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One entry."""

    key: str
    """The key that chooses it at once."""
    id: str
    """What is dismissed."""
    title: str
    detail: str = ""
    """Beside it: how much, or which."""


class Menu(DialogBox[str | None]):
    """Dismisses the id of what was chosen; None with Esc.

    Args:
        title: what the choice is about.
        choices: the entries; the first one has the focus.
    """

    AUTO_FOCUS = "OptionList"

    def __init__(self, title: str, entries: Sequence[MenuEntry]) -> None:
        super().__init__()
        self._title = title
        self._choices = entries

    def compose(self) -> ComposeResult:
        """Textual: what it is made of."""
        with Vertical(classes="box") as frame:
            frame.border_title = Content(self._title)
            yield OptionList(*(Option(_entry(each), id=each.id) for each in self._choices))

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)

    def on_key(self, event: events.Key) -> None:
        """Textual: the letter of an entry chooses it."""
        for choice in self._choices:
            if event.character == choice.key:
                event.stop()
                self.dismiss(choice.id)


def _entry(choice: MenuEntry) -> Content:
    return Content.assemble(
        (f"{choice.key}  ", "bold $text-accent"),
        sanitize(choice.title),
        (f"  {sanitize(choice.detail)}" if choice.detail else "", "$text-muted"),
    )
