"""A scrolling view of lines that are broken at words, anew for each width."""

from collections.abc import Iterable

from nodion_tui.ui.paint.row_view import RowView
from nodion_tui.ui.paint.styled_row import StyledRow


class WrappedRowView(RowView):
    """Shows `broken(width)`, worked out where the width is another one, or `says`."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._rows: list[StyledRow] = []
        self._rows_for: tuple[object, ...] = ()

    def content_key(self) -> tuple[object, ...]:
        """What the lines depend on but for the width."""
        return ()

    def wrapped_rows(self, width: int) -> Iterable[StyledRow]:
        """The lines for so many columns."""
        raise NotImplementedError

    @property
    def row_count(self) -> int:
        """How many lines it takes."""
        return len(self._rows)

    def row(self, index: int, width: int) -> StyledRow:
        """A line."""
        return self._wrapped(width)[index]

    def update(self) -> None:
        """Repaint what differs by now."""
        self._wrapped(self.row_width)
        super().update()

    def _wrapped(self, width: int) -> list[StyledRow]:
        wanted = (*self.content_key(), width)
        if self._rows_for != wanted:
            self._rows, self._rows_for = list(self.wrapped_rows(width)), wanted
        return self._rows
