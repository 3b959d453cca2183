"""The last row: keys of the available commands by rank, as many as fit."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from rich.cells import cell_len
from textual import events

from nodion_tui.ui.commands.command import Command
from nodion_tui.ui.commands.registry import COMMANDS, key_label, keys_of
from nodion_tui.ui.paint.styled_row import StyledText
from nodion_tui.ui.paint.text_bar import TextBar
from nodion_tui.ui.terminal.key_names import key_name

_RIGHT_ALIGNED = "app.palette"
_MIN_WIDTH = 60
"""Minimum width, in columns, to show it."""


class FooterBar(TextBar):
    """Keys and labels of the available commands; a click on one runs it.

    Args:
        commands: the available commands, in any order.
        keymap: command id → keys, for rebound commands.
    """

    def __init__(
        self, commands: Callable[[], Sequence[Command]], keymap: Mapping[str, str]
    ) -> None:
        super().__init__(id="footer")
        self._commands = commands
        self._keymap = keymap
        self._clickable: list[tuple[range, Command]] = []
        self._holders: Mapping[str, str] = {}
        """Textual name of a key → id of the command that it reaches; empty: nothing is rebound."""

    def pieces(self, width: int) -> Iterable[StyledText]:
        """The keys and labels that fit."""
        self._clickable = []
        self._holders = self._keys_that_reach() if self._keymap else {}
        available = sorted(
            (command for command in self._commands() if command.footer and self._key_of(command)),
            key=lambda command: command.rank,
        )
        right_aligned = [
            command for command in available if command.id == _RIGHT_ALIGNED and width >= _MIN_WIDTH
        ]
        column, end = 1, width
        row = [StyledText(" ")]
        right: list[StyledText] = []
        for command in right_aligned:
            end -= self._width_of(command) + 1
            right = self._label(command, end)
        gap = 2 if right else 0
        for command in available:
            if command.id != _RIGHT_ALIGNED and column + self._width_of(command) + gap <= end:
                row += [*self._label(command, column), StyledText("  ")]
                column += self._width_of(command) + 2
        if end < column:
            return row
        return [*row, StyledText(" " * (end - column)), *right]

    def on_click(self, event: events.Click) -> None:
        """Textual: run the command that was clicked."""
        for columns, command in self._clickable:
            if event.x in columns:
                from nodion_tui.ui.commands.dispatch import dispatch  # noqa: PLC0415 - seldom

                dispatch(self.screen, command)

    def _key_of(self, command: Command) -> str:
        """The key to show for a command; empty if none reaches it."""
        keys = keys_of(command, self._keymap)
        reach = (key for key in keys if self._holders.get(key_name(key), command.id) == command.id)
        return next(reach, "")

    def _keys_that_reach(self) -> Mapping[str, str]:
        """What each key does now: of two commands that share one by rebinding, one is shown."""
        ids = {command.id for command in COMMANDS}
        return {
            key: active.binding.id
            for key, active in self.screen.active_bindings.items()
            if active.binding.id in ids
        }

    def _keys_text(self, command: Command) -> str:
        """The key of a command, and that of its opposite: `n N`."""
        pair = next((each for each in COMMANDS if each.id == command.footer_pair), None)
        keys = (self._key_of(each) for each in (command, pair) if each is not None)
        return " ".join(key_label(key) for key in keys if key)

    def _width_of(self, command: Command) -> int:
        return cell_len(self._keys_text(command)) + 1 + cell_len(command.footer)

    def _label(self, command: Command, column: int) -> list[StyledText]:
        self._clickable.append((range(column, column + self._width_of(command)), command))
        key = StyledText(self._keys_text(command), "key")
        return [key, StyledText(f" {command.footer}", "dim")]
