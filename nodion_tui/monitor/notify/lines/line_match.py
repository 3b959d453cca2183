"""A live line that matches a pattern."""

from datetime import datetime
from hashlib import sha256

import msgspec

from nodion_tui.model.line_pattern import LinePattern
from nodion_tui.model.run import RunKey

_SUMMARY = 160
"""Characters of a line in a notification."""


class LineMatch(msgspec.Struct, frozen=True):
    """The first live line of a run that matches a pattern which tells."""

    pattern: LinePattern
    key: RunKey
    line: str
    """Its shown text, cut at `line_scan.MAX_LINE`."""
    at: datetime
    """When it was written, by the service's clock, or else when it was read."""
    others: tuple[RunKey, ...] = ()
    """Further runs that are told with it, as too many matched within a minute."""

    @property
    def needs_attention(self) -> bool:
        """Whether the look of the pattern is that of trouble, or it has none."""
        look = self.pattern.look
        return not look or bool(look & {"error", "warning"})

    @property
    def summary(self) -> str:
        """The beginning of the line, and how many further runs there are; not sanitized."""
        line = self.line.strip()
        text = f"{line[:_SUMMARY]}…" if len(line) > _SUMMARY else line
        runs = "run" if len(self.others) == 1 else "runs"
        return f"{text} · and {len(self.others):,} more {runs}" if self.others else text


def pattern_digest(pattern: LinePattern) -> str:
    """What identifies a pattern between two starts: which lines it means, and whom it tells."""
    identity = (
        *(pattern.regex, pattern.runner, pattern.name, str(pattern.watch)),
        *(*sorted(pattern.tell), *pattern.command),
    )
    return sha256("\0".join(identity).encode("utf-8", "surrogatepass")).hexdigest()[:16]
