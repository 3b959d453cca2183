"""Modal menu: select with the arrows, with an entry's key, or with the mouse."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from nodion_tui.model.sanitize import sanitize
from nodion_tui.ui.dialogs.box import DialogBox

_MAX_COLUMNS = 28
"""Columns of labels: the other text keeps more than half of a dialog."""


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """One menu entry."""

    key: str
    """Key that selects the entry at once."""
    id: str
    """Value that the menu dismisses."""
    title: str
    detail: str = ""
    """Secondary text beside the title."""


class Menu(DialogBox[str | None]):
    """Dismisses the id of the selected entry; None on Esc.

    Args:
        title: title of the menu.
        entries: the entries; the first one is focused.
    """

    AUTO_FOCUS = "OptionList"

    def __init__(self, title: str, entries: Sequence[MenuEntry]) -> None:
        super().__init__()
        self._title = title
        self._entries = entries

    def compose(self) -> ComposeResult:
        """Textual: compose the child widgets."""
        with Vertical(classes="box") as frame:
            frame.border_title = Content(self._title)
            columns = label_columns(entry.title for entry in self._entries if entry.detail)
            yield OptionList(
                *(Option(_content(entry, columns), id=entry.id) for entry in self._entries)
            )

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)

    def on_key(self, event: events.Key) -> None:
        """Textual: the key of an entry selects it."""
        for entry in self._entries:
            if event.character == entry.key:
                event.stop()
                self.dismiss(entry.id)


def label_columns(labels: Iterable[str]) -> int:
    """Columns for labels, beside which other text is aligned; few long ones may exceed them."""
    return min(max((cell_len(sanitize(label)) for label in labels), default=0), _MAX_COLUMNS)


def padded(label: str, columns: int) -> str:
    """A label of at least so many columns, sanitized."""
    label = sanitize(label)
    return label + " " * (columns - cell_len(label))


def _content(entry: MenuEntry, columns: int) -> Content:
    return Content.assemble(
        (f"{entry.key}  ", "bold $text-accent"),
        padded(entry.title, columns if entry.detail else 0),
        (f"  {sanitize(entry.detail)}" if entry.detail else "", "$text-muted"),
    )
