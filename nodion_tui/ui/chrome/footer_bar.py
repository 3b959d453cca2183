"""The last row: what can be done here, the most wanted first, as much as there is room for."""

from collections.abc import Callable, Iterable, Sequence

from rich.cells import cell_len
from textual import events

from nodion_tui.ui.commands.command import Command
from nodion_tui.ui.commands.registry import key_label
from nodion_tui.ui.paint.styled_row import StyledText
from nodion_tui.ui.paint.text_bar import TextBar

_AT_RIGHT = "app.palette"
_RIGHT_FROM = 60
"""Columns from which on there is room for it."""


class FooterBar(TextBar):
    """Keys and words of the commands at hand; a click on one does it.

    Args:
        commands: those at hand, in any order.
        key_of: the key to show for a command; empty if it has none.
        perform: does a command.
        id: Textual's.
    """

    def __init__(
        self,
        commands: Callable[[], Sequence[Command]],
        key_of: Callable[[Command], str],
        perform: Callable[[Command], object],
        *,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(id=id)
        self._commands = commands
        self._key_of = key_of
        self._perform = perform
        self._places: list[tuple[range, Command]] = []

    def pieces(self, width: int) -> Iterable[StyledText]:
        """The words that fit."""
        self._places = []
        at_hand = sorted(
            (each for each in self._commands() if each.footer and self._key_of(each)),
            key=lambda each: each.rank,
        )
        last = [each for each in at_hand if each.id == _AT_RIGHT and width >= _RIGHT_FROM]
        column, end = 1, width
        row = [StyledText(" ")]
        right: list[StyledText] = []
        for each in last:
            end -= self._room_of(each) + 1
            right = self._words(each, end)
        gap = 2 if right else 0
        for each in at_hand:
            if each.id != _AT_RIGHT and column + self._room_of(each) + gap <= end:
                row += [*self._words(each, column), StyledText("  ")]
                column += self._room_of(each) + 2
        if end < column:
            return row
        return [*row, StyledText(" " * (end - column)), *right]

    def on_click(self, event: events.Click) -> None:
        """Textual: what was clicked is done."""
        for place, command in self._places:
            if event.x in place:
                self._perform(command)

    def _room_of(self, command: Command) -> int:
        return cell_len(key_label(self._key_of(command))) + 1 + cell_len(command.footer)

    def _words(self, command: Command, column: int) -> list[StyledText]:
        self._places.append((range(column, column + self._room_of(command)), command))
        key = StyledText(key_label(self._key_of(command)), "key")
        return [key, StyledText(f" {command.footer}", "dim")]
