"""Keys that move the cursor of the timeline from run to run."""

import sys
from collections.abc import Callable

_ALL = sys.maxsize
"""More bars than a row has."""


class BarKeys:
    """Actions that move a cursor within its row; for `delegate_actions`.

    Args:
        move_by: moves the cursor to the right by some bars, as far as there are any.
    """

    def __init__(self, move_by: Callable[[int], object]) -> None:
        self._move_by = move_by

    def action_bar_left(self) -> None:
        """Move the cursor to the previous run."""
        self._move_by(-1)

    def action_bar_right(self) -> None:
        """Move the cursor to the next run."""
        self._move_by(1)

    def action_bar_first(self) -> None:
        """Move the cursor to the oldest run of the row."""
        self._move_by(-_ALL)

    def action_bar_last(self) -> None:
        """Move the cursor to the newest run of the row."""
        self._move_by(_ALL)
