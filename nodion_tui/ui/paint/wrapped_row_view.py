"""Scrolling view of word-wrapped rows, wrapped again for each width."""

from collections.abc import Callable, Iterable, Sequence

from textual import events

from nodion_tui.ui.paint.row_view import RowView
from nodion_tui.ui.paint.styled_row import StyledRow


class WrappedRowView(RowView):
    """Shows wrapped rows, cached until the width or the key of the content changes.

    Args:
        wrap: returns all rows for a number of columns.
        content_key: returns everything besides the width that determines the rows.
        id: Textual's widget id.
    """

    def __init__(
        self,
        wrap: Callable[[int], Iterable[StyledRow]],
        content_key: Callable[[], object] = tuple,
        *,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(lambda: len(self._rows), self._wrapped_row, id=id)
        self._wrap, self._content_key = wrap, content_key
        self._rows: Sequence[StyledRow] = ()
        self._wrapped_for: tuple[object, int] = (None, -1)
        self._updated_for: tuple[object, int] = self._wrapped_for
        """Key and width of the last update: a row may have been painted from a later one."""

    def update(self) -> None:
        """Repaint changed rows; none is laid out again if the key of the content is the same."""
        self._wrap_content(self.row_width)
        if self._updated_for == self._wrapped_for:
            self.update_scroll_range()
            return
        self._updated_for = self._wrapped_for
        super().update()

    def on_resize(self, _event: events.Resize) -> None:
        """Textual: wrap again for the new width."""
        self.update()

    def _wrapped_row(self, index: int, width: int) -> StyledRow:
        self._wrap_content(width)
        return self._rows[index] if index < len(self._rows) else ()

    def _wrap_content(self, width: int) -> None:
        wrapped_for = (self._content_key(), width)
        if self._wrapped_for != wrapped_for:
            self._rows, self._wrapped_for = tuple(self._wrap(width)), wrapped_for
