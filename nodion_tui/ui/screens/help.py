"""Every key and what it does, made from the command declarations."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import attrgetter
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from nodion_tui.ui.command import Command
from nodion_tui.ui.commands import COMMANDS, key_label, keys_of
from nodion_tui.ui.rows import Piece, Row, fill
from nodion_tui.ui.widgets.line_view import LineView
from nodion_tui.ui.widgets.pane import Pane

_KEYS, _TITLE = 16, 26


class HelpView(LineView):
    """The table of keys.

    Args:
        keymap: command id → keys, for what was rebound.
    """

    DEFAULT_CSS = """
    HelpView {
        padding: 0 1;
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("k", "scroll_up", show=False),
        Binding("j", "scroll_down", show=False),
        Binding("g", "scroll_home", show=False),
        Binding("G", "scroll_end", show=False),
    ]

    def __init__(self, keymap: Mapping[str, str]) -> None:
        super().__init__()
        self._keymap = keymap
        self._lines = list(self._all())

    @property
    def row_count(self) -> int:
        """How many lines there are."""
        return len(self._lines)

    def row(self, index: int, width: int) -> Row:
        """A line of the table; the longer words only where there is room."""
        line = self._lines[index]
        if not isinstance(line, Command):
            return (Piece(line, "name"),)
        keys = " ".join(key_label(key) for key in keys_of(line, self._keymap))
        row = (Piece(fill(keys, _KEYS), "key"), Piece(f" {fill(line.title, _TITLE)}"))
        if width - _KEYS - _TITLE < len(line.help) // 2:
            return row
        return (*row, Piece(f" {line.help}", "dim"))

    def _all(self) -> Iterator[Command | str]:
        known = [command for command in COMMANDS if keys_of(command, self._keymap)]
        for group, commands in groupby(sorted(known, key=_group), key=attrgetter("group")):
            yield group
            yield from commands
            yield ""


class HelpScreen(ModalScreen[None]):
    """The help; Esc, q or ? leave it.

    Args:
        keymap: command id → keys, for what was rebound.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1", "dismiss", "Close", id="help.close"),
    ]

    DEFAULT_CSS = """
    HelpScreen {
        align: center middle;
        & > Pane { width: 100; max-width: 96%; height: 90%; background: $surface; }
    }
    """

    def __init__(self, keymap: Mapping[str, str]) -> None:
        super().__init__()
        self._view = HelpView(keymap)

    def compose(self) -> ComposeResult:
        """Textual: what it is made of."""
        pane = Pane(self._view)
        pane.retitle("Keys", "Esc closes")
        yield pane

    def on_screen_resume(self) -> None:
        """Textual: shown (again): begin at the top."""
        self._view.scroll_to(y=0, animate=False)
        self._view.update()
        self._view.focus()


_ORDER = tuple(dict.fromkeys(command.group for command in COMMANDS))


def _group(command: Command) -> int:
    return _ORDER.index(command.group)
