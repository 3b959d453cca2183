"""A range of lines that folds."""

from enum import StrEnum

import msgspec


class FoldKind(StrEnum):
    """What a fold hides."""

    LINES = "lines"
    REPEATS = "repeats"
    """Lines that are equal to the head."""


class Fold(msgspec.Struct, frozen=True, gc=False):
    """A foldable range: the head is shown, the lines between it and `stop` may be hidden."""

    head: int
    """Index of the line that stays visible."""
    stop: int
    """Index after the last line to hide."""
    kind: FoldKind = FoldKind.LINES

    @property
    def hidden(self) -> range:
        """Indexes of the lines to hide."""
        return range(self.head + 1, self.stop)
