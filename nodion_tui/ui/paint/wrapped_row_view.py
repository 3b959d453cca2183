"""Scrolling view of word-wrapped rows, wrapped again for each width."""

from collections.abc import Iterable

from nodion_tui.ui.paint.row_view import RowView
from nodion_tui.ui.paint.styled_row import StyledRow


class WrappedRowView(RowView):
    """Shows `wrapped_rows(width)`, cached until the width or `content_key` changes."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._rows: list[StyledRow] = []
        self._rows_key: tuple[object, ...] = ()

    def content_key(self) -> tuple[object, ...]:
        """Everything besides the width that determines the rows."""
        return ()

    def wrapped_rows(self, width: int) -> Iterable[StyledRow]:
        """The rows for this many columns."""
        raise NotImplementedError

    @property
    def row_count(self) -> int:
        """Number of wrapped rows."""
        return len(self._rows)

    def row(self, index: int, width: int) -> StyledRow:
        """A wrapped row."""
        return self._wrapped(width)[index]

    def update(self) -> None:
        """Repaint changed rows."""
        self._wrapped(self.row_width)
        super().update()

    def _wrapped(self, width: int) -> list[StyledRow]:
        key = (*self.content_key(), width)
        if self._rows_key != key:
            self._rows, self._rows_key = list(self.wrapped_rows(width)), key
        return self._rows
