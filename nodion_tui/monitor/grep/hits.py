"""What a search has found in one log."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from nodion_tui.model.run import RunKey

if TYPE_CHECKING:
    from array import array


class LogHits(NamedTuple):
    """The matching lines of one log."""

    key: RunKey
    lines: int
    """Lines that were searched."""
    indexes: "Sequence[array[int]]"
    """For each query the indexes of the lines that match, ascending."""

    @property
    def counts(self) -> tuple[int, ...]:
        """For each query how many lines match."""
        return tuple(map(len, self.indexes))
