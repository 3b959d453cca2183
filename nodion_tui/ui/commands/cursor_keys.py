"""Keys that move a cursor by rows: one row, half a page, a page, or to an end."""

from collections.abc import Callable
from functools import partialmethod


class CursorKeys:
    """Actions that move a cursor; for `delegate_actions`.

    Args:
        move_by: moves the cursor down by some rows, as far as there are any.
        count: returns the number of rows.
        height: returns the number of visible rows.
    """

    def __init__(
        self,
        move_by: Callable[[int], object],
        count: Callable[[], int],
        height: Callable[[], int],
    ) -> None:
        self._move_by, self._count, self._height = move_by, count, height

    def _step(self, rows: int) -> None:
        self._move_by(rows)

    def _end(self, direction: int) -> None:
        self._move_by(direction * self._count())

    def _page(self, direction: int) -> None:
        """Move by a page; one row remains visible."""
        self._move_by(direction * max(1, self._height() - 1))

    def _half_page(self, direction: int) -> None:
        self._move_by(direction * max(1, self._height() // 2))

    action_cursor_up = partialmethod(_step, -1)
    action_cursor_down = partialmethod(_step, 1)
    action_first = partialmethod(_end, -1)
    action_last = partialmethod(_end, 1)
    action_page_up = partialmethod(_page, -1)
    action_page_down = partialmethod(_page, 1)
    action_half_page_up = partialmethod(_half_page, -1)
    action_half_page_down = partialmethod(_half_page, 1)
