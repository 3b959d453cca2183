"""What a command is: its keys, its action, and the words of footer, palette and help."""

from typing import Literal

import msgspec
from msgspec.structs import replace

Scope = Literal[
    "app", "dashboard", "list", "runs", "log", "compare", "form", "field", "env", "timeline", "wall"
]
"""Where a command lives: the class whose BINDINGS hold it, and which has its `action_…` method."""


class Command(msgspec.Struct, frozen=True):
    """What a person can ask for."""

    id: str
    """Unique and stable, as in config.toml: `run.trigger`."""
    keys: tuple[str, ...]
    """Textual's key names or single characters; the first one is shown."""
    action: str
    """Name of the action method without `action_`."""
    title: str
    """Imperative, in the palette and in the help."""
    help: str = ""
    """A sentence for who wants to know more."""
    footer: str = ""
    """One or two words; empty: not in the footer."""
    rank: int = 50
    """Place in the footer, lowest first; where the width does not suffice, the highest goes."""
    group: str = "General"
    """Heading in the help."""
    scope: Scope = "app"
    palette: bool = True
    """Whether the palette offers it; moving a cursor is nothing to look up."""
    priority: bool = False
    """Whether it comes before the focused widget's own keys (Textual's priority bindings)."""

    def with_help(self, sentence: str) -> "Command":
        """The same command with its help; a call of its own, so that a declaration stays short."""
        return replace(self, help=sentence)
