"""What stands before the text of a row where a log has the lines of many runs."""

from typing import Protocol

from nodion_tui.ui.log.render.line_text import LineSegment


class RowLabels(Protocol):
    """Names the run of an entry."""

    @property
    def width(self) -> int:
        """Columns of every label; 0: there are none."""

    def label(self, index: int, row: int) -> tuple[LineSegment, ...]:
        """The label of a row of an entry."""

    def is_late(self, index: int) -> bool:
        """Whether an entry came after entries below it."""


class NoLabels:
    """Those of a log with the lines of one run."""

    width = 0

    def label(self, _index: int, _row: int) -> tuple[LineSegment, ...]:
        """None."""
        return ()

    def is_late(self, _index: int) -> bool:
        """Never: a run's lines come in order."""
        return False
