"""Help screen: the key map, built from the command registry."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from itertools import groupby, zip_longest
from operator import attrgetter
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from nodion_tui.ui.commands.command import Command
from nodion_tui.ui.commands.registry import COMMANDS, key_label, keys_of
from nodion_tui.ui.paint.styled_row import StyledRow, StyledText, fit_row, wrap_row
from nodion_tui.ui.paint.titled_pane import TitledPane
from nodion_tui.ui.paint.wrapped_row_view import WrappedRowView

_KEYS, _TITLE = 16, 26
"""Column widths."""
_HELP = 24
"""Columns; with fewer, the help text goes below the title."""


class HelpView(WrappedRowView):
    """Scrollable table of keys.

    Args:
        keymap: command id → keys, for rebound commands.
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
        super().__init__(partial(help_rows, keymap))


class HelpScreen(ModalScreen[None]):
    """Modal help; Esc, q or ? closes it.

    Args:
        keymap: command id → keys, for rebound commands.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1", "dismiss", "Close", id="help.close"),
    ]

    DEFAULT_CSS = """
    HelpScreen {
        align: center middle;
        & > TitledPane { width: 100; max-width: 96%; height: 90%; background: $surface; }
    }
    """

    def __init__(self, keymap: Mapping[str, str]) -> None:
        super().__init__()
        self._view = HelpView(keymap)

    def compose(self) -> ComposeResult:
        """Textual: compose the child widgets."""
        pane = TitledPane(self._view)
        pane.set_titles("Keys", "Esc closes")
        yield pane

    def on_screen_resume(self) -> None:
        """Textual: scroll to the top each time it is opened."""
        self._view.scroll_to(y=0, animate=False)
        self._view.update()
        self._view.focus()


def help_rows(keymap: Mapping[str, str], width: int) -> Iterator[StyledRow]:
    """Rows of all commands with a key, by group.

    Args:
        keymap: command id → keys, for rebound commands.
        width: columns of a row.
    """
    bound = [command for command in COMMANDS if keys_of(command, keymap)]
    for group, commands in groupby(sorted(bound, key=_group), key=attrgetter("group")):
        yield (StyledText(group, "name"),)
        for command in commands:
            yield from _command_rows(command, keys_of(command, keymap), width)
        yield ()


def _command_rows(command: Command, keys: Iterable[str], width: int) -> Iterator[StyledRow]:
    """Rows of one command: keys, title and help side by side, each wrapped in its column."""
    labels = StyledText(" ".join(map(key_label, keys)), "key")
    title, help_text = StyledText(command.title), StyledText(command.help, "dim")
    help_width = width - _KEYS - _TITLE - 2
    columns = [(_KEYS, [labels])]
    if help_width >= _HELP:
        columns += [(_TITLE, [title]), (help_width, [help_text])]
    else:
        columns += [(max(width - _KEYS - 1, 1), [title, help_text])]
    wrapped = [
        [line for piece in pieces if piece.text for line in wrap_row((piece,), size)]
        for size, pieces in columns
    ]
    for cells in zip_longest(*wrapped, fillvalue=()):
        yield tuple(
            piece
            for (size, _), cell in zip(columns, cells, strict=True)
            for piece in (*fit_row(cell, size), StyledText(" "))
        )


_ORDER = tuple(dict.fromkeys(command.group for command in COMMANDS))


def _group(command: Command) -> int:
    return _ORDER.index(command.group)
