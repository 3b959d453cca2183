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
        self._is_wrapped_anew = False
        """Whether the rows are others than at the last update, which a paint may notice first."""

    def update(self) -> None:
        """Repaint changed rows; none is laid out again if it is the same."""
        before, has_painted = self._rows, self._is_wrapped_anew
        self._wrap_content(self.row_width)
        is_anew, self._is_wrapped_anew = self._is_wrapped_anew, False
        if has_painted or len(before) != len(self._rows):
            super().update()
            return
        self.update_scroll_range()
        if is_anew:
            pairs = enumerate(zip(before, self._rows, strict=True))
            self.update_rows(index for index, (old, new) in pairs if old is not new and old != new)

    def on_resize(self, _event: events.Resize) -> None:
        """Textual: wrap again for the new width."""
        self.update()

    def _wrapped_row(self, index: int, width: int) -> StyledRow:
        self._wrap_content(width)
        return self._rows[index] if index < len(self._rows) else ()

    def _wrap_content(self, width: int) -> None:
        wrapped_for = (self._content_key(), width)
        if self._wrapped_for != wrapped_for:
            # Before the first layout there is no width: a row for each character, soon thrown away.
            self._rows = tuple(self._wrap(width)) if width > 0 else ()
            self._wrapped_for, self._is_wrapped_anew = wrapped_for, True
