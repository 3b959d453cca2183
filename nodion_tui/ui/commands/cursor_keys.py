"""Keys that move a cursor by rows: one row, half a page, a page, or to an end."""

from collections.abc import Callable


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

    def action_cursor_up(self) -> None:
        """Move the cursor up."""
        self._move_by(-1)

    def action_cursor_down(self) -> None:
        """Move the cursor down."""
        self._move_by(1)

    def action_first(self) -> None:
        """Move the cursor to the first row."""
        self._move_by(-self._count())

    def action_last(self) -> None:
        """Move the cursor to the last row."""
        self._move_by(self._count())

    def action_page_up(self) -> None:
        """Move the cursor a page up; one row remains visible."""
        self._move_by(-self._page())

    def action_page_down(self) -> None:
        """Move the cursor a page down; one row remains visible."""
        self._move_by(self._page())

    def action_half_page_up(self) -> None:
        """Move the cursor half a page up."""
        self._move_by(-self._half_page())

    def action_half_page_down(self) -> None:
        """Move the cursor half a page down."""
        self._move_by(self._half_page())

    def _page(self) -> int:
        return max(1, self._height() - 1)

    def _half_page(self) -> int:
        return max(1, self._height() // 2)
