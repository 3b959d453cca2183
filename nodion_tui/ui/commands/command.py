"""The command record: keys, action, and the text of footer, palette and help."""

from typing import Literal

import msgspec
from msgspec.structs import replace

Scope = Literal[
    "app",
    "dashboard",
    "list",
    "runs",
    "log",
    "compare",
    "form",
    "dialog",
    "field",
    "env",
    "timeline",
    "wall",
    "merged",
]
"""Where a command is bound: the class with its BINDINGS entry and its `action_…` method."""


class Command(msgspec.Struct, frozen=True):
    """One user command."""

    id: str
    """Unique and stable; config.toml uses it: `run.trigger`."""
    keys: tuple[str, ...]
    """Textual key names or single characters; the first one is displayed."""
    action: str
    """Name of the action method without the prefix `action_`."""
    title: str
    """Imperative label in palette and help."""
    help: str = ""
    """One sentence of explanation."""
    footer: str = ""
    """Footer label of one or two words; empty: not in the footer."""
    rank: int = 50
    """Footer position, lowest first; the highest ranks are dropped on narrow terminals."""
    footer_pair: str = ""
    """Id of the command that the footer names with this one: its opposite, as `n N match`."""
    group: str = "General"
    """Heading on the help screen."""
    scope: Scope = "app"
    palette: bool = True
    """Whether the palette lists it; cursor movements are left out."""
    priority: bool = False
    """Whether it precedes the focused widget's own keys (Textual priority binding)."""

    def with_help(self, sentence: str) -> "Command":
        """Returns a copy with help text; a separate call keeps declarations short."""
        return replace(self, help=sentence)
