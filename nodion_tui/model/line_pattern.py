"""Line patterns of config.toml: which lines of logs are lit and told, and how."""

import msgspec
from msgspec.structs import replace

from nodion_tui.model.notify_rule import NotifyChannel, NotifyRule

LOOK_COLORS = ("primary", "accent", "success", "warning", "error", "muted")
"""Words of a look that are colours of the theme."""
LOOK_WORDS = (*LOOK_COLORS, "bold", "italic", "underline", "reverse")
"""All words of a look; the others are visible without colour, too."""
DEFAULT_PER_MINUTE = 6


class LinePattern(msgspec.Struct, frozen=True):
    """One pattern; a line that matches is lit, and told once in each run."""

    regex: str
    """Regular expression with the smart case of searches; matches the text that is shown."""
    name: str = ""
    """Shown with the line and passed to the command."""
    look: frozenset[str] = frozenset()
    """Words of `LOOK_WORDS`: how a matching line is shown. Empty: as without the pattern."""
    runner: str = "*"
    """Pattern of the runner's name or id, as that of a rule."""
    tell: frozenset[NotifyChannel] = frozenset()
    command: tuple[str, ...] = ()
    """Program and arguments; receives run and line as JSON on stdin. Empty: no command."""
    watch: bool = False
    """Whether also those runs are told that no view reads, but a quiet stream."""
    per_minute: int = DEFAULT_PER_MINUTE
    """Notifications within 60 s; further runs are told together afterwards."""
    source: str = ""
    """File and line of the pattern: `config.toml:12`."""

    @property
    def label(self) -> str:
        """The name, or else the regular expression."""
        return self.name or self.regex

    @property
    def tells(self) -> bool:
        """Whether a match is told, not only lit."""
        return bool(self.tell or self.command)

    @property
    def is_stop(self) -> bool:
        """Whether keys that go to errors stop at its lines; not if it only takes lines back."""
        return "muted" not in self.look

    @property
    def is_error(self) -> bool:
        """Whether its lines are shown as errors."""
        return self.is_stop and "error" in self.look

    @property
    def only_lit(self) -> "LinePattern":
        """The pattern without what it tells."""
        return replace(self, tell=frozenset(), command=())

    @property
    def rule(self) -> NotifyRule:
        """The pattern as what a notification refers to."""
        return NotifyRule(name=self.label, runner=self.runner, tell=self.tell, command=self.command)
