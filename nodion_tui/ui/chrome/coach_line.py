"""The line that tells in the demo what is shown and which keys to try first."""

from collections.abc import Iterable, Iterator, Mapping

from nodion_tui.ui.commands.registry import COMMANDS, key_label, keys_of
from nodion_tui.ui.paint.styled_row import StyledText, text_width
from nodion_tui.ui.paint.text_bar import TextBar

_INTRODUCTIONS = ("demo: simulated data, gone at the end", "demo: simulated data", "demo")
_HINTS = {
    "pane.enter": "opens a log",
    "run.trigger": "triggers",
    "app.help": "help",
    "pane.leave": "hides",
}
"""Command id → what its key does, in their order; the last one is always shown."""
_GAP = " · "


class CoachLine(TextBar):
    """Shown until `hide`, with as many of the hints as fit.

    Args:
        keymap: command id → keys, for rebound commands.
    """

    DEFAULT_CSS = """
    CoachLine {
        display: none;
        background: $boost;
        &.-shown { display: block; }
    }
    """

    def __init__(self, keymap: Mapping[str, str]) -> None:
        super().__init__(id="coach")
        self._hints = tuple(_hints(keymap))

    @property
    def is_shown(self) -> bool:
        """Whether it is on the screen."""
        return self.has_class("-shown")

    def show(self) -> None:
        """Show the line."""
        self.add_class("-shown")

    def hide(self) -> None:
        """Hide the line until it is shown again."""
        self.remove_class("-shown")

    def pieces(self, width: int) -> Iterable[StyledText]:
        """The longest text that fits."""
        text = next((text for text in self._texts() if text_width(text) + 2 <= width), "demo")
        return (StyledText(" "), StyledText(text, "name"))

    def _texts(self) -> Iterator[str]:
        """All texts, the longest first: hints are dropped from the left, then the introduction."""
        for introduction in _INTRODUCTIONS:
            for dropped in range(len(self._hints)):
                yield _GAP.join((introduction, *self._hints[dropped:]))


def _hints(keymap: Mapping[str, str]) -> Iterator[str]:
    commands = {command.id: command for command in COMMANDS}
    for name, effect in _HINTS.items():
        if keys := keys_of(commands[name], keymap):
            yield f"{key_label(keys[0])} {effect}"
