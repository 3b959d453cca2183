"""A list whose cursor stays on its item when items are added, removed or reordered."""

import time
from collections.abc import Callable, Hashable, Sequence
from typing import Any, Generic, TypeVar

from textual import events, on
from textual.message import Message

from nodion_tui.model.text.signs import MARK_SIGN, MARK_UNDER_CURSOR_SIGN
from nodion_tui.ui.commands.cursor_keys import CursorKeys
from nodion_tui.ui.commands.delegate import delegate_actions
from nodion_tui.ui.commands.registry import bindings
from nodion_tui.ui.dashboard.lists.list_cursor import ListCursor
from nodion_tui.ui.paint.row_signs import NO_CURSOR, cursor_sign
from nodion_tui.ui.paint.row_view import RowView
from nodion_tui.ui.paint.styled_row import StyledRow, StyledText

T = TypeVar("T")

CLICK_SECONDS = 0.3
"""Seconds for which a click still means what stood on the screen before it changed."""

_MARK = StyledText(MARK_SIGN, "bar")
_MARK_UNDER_CURSOR = StyledText(MARK_UNDER_CURSOR_SIGN, "bar")


class CursorList(RowView, Generic[T]):
    """A list with a cursor over items that are identified by keys.

    Args:
        key_of: returns the identity of an item, which its changes do not affect.
        cells_of: returns the cells of an item for a number of columns.
        is_marked: returns whether an item has the sign of a marked one.
        id: Textual's widget id.
    """

    BINDINGS = bindings("list")

    class _ListMessage(Message):
        """A message of one list."""

        def __init__(self, row_list: "CursorList[Any]") -> None:
            super().__init__()
            self.row_list = row_list

        @property
        def control(self) -> "CursorList[Any]":
            """The list."""
            return self.row_list

    class Moved(_ListMessage):
        """The cursor is on another item, or on none."""

    class Chosen(_ListMessage):
        """An item was double-clicked."""

    def __init__(
        self,
        key_of: Callable[[T], Hashable],
        cells_of: Callable[[T, int], StyledRow],
        *,
        is_marked: Callable[[T], bool] = lambda _: False,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        self.cursor = cursor = ListCursor(key_of)
        """The items and the position among them; see `show` and `select`."""
        super().__init__(lambda: len(cursor.items), self._item_row, self._item_styles, id=id)
        self._cells_of, self._is_marked = cells_of, is_marked
        self._seen_height = self._settled_rows = 0
        self._resized_at = float("-inf")
        keys = CursorKeys(self.move_by, lambda: self.row_count, lambda: self.size.height)
        delegate_actions(self, keys)

    @property
    def items(self) -> Sequence[T]:
        """The items in the order of the list."""
        return self.cursor.items

    @property
    def current(self) -> T | None:
        """The item under the cursor."""
        return self.cursor.current

    def show(self, items: Sequence[T]) -> None:
        """Show other items; the cursor stays on its item if that is among them.

        Args:
            items: may be changed in place; call `update` afterwards.
        """
        self.cursor.items = items
        self.update()

    def update(self) -> None:
        """Repaint the changed columns, after items were added, removed or changed.

        The view scrolls along with the item under the cursor, unless it is at the top.
        """
        previous, top = self.cursor.index, self.scroll_offset.y
        has_moved = self.cursor.follow()
        if top and not has_moved and self.cursor.index != previous:
            self.update_scroll_range()
            self.set_top_row(top + self.cursor.index - previous)
        self._show_cursor(has_moved=has_moved)

    def select(self, key: Hashable) -> None:
        """Put the cursor on the item with this key, now or when it is added."""
        self._show_cursor(has_moved=self.cursor.select(key))

    def move_to(self, index: int) -> None:
        """Put the cursor on the item at an index, clamped to the list."""
        self._show_cursor(has_moved=self.cursor.move_to(index))

    def move_by(self, rows: int) -> None:
        """Move the cursor down by some rows."""
        self.move_to(self.cursor.index + rows)

    @on(events.Focus)
    @on(events.Blur)
    def _handle_focus_changed(self) -> None:
        """The cursor has another style while the list has the focus."""
        self.refresh()

    def on_resize(self, event: events.Resize) -> None:
        """Textual: scroll the cursor into view."""
        top, height = self.scroll_offset.y, self._seen_height
        self._seen_height = event.size.height
        self.scroll_to_row(self.cursor.index)
        # What stood below, or elsewhere, is not what a click that is on its way is meant for.
        self._settled_rows = min(height, event.size.height) if top == self.scroll_offset.y else 0
        self._resized_at = time.monotonic()

    def on_click(self, event: events.Click) -> None:
        """Textual: a click moves the cursor, a double click chooses the item."""
        y = event.get_content_offset_capture(self).y
        is_recent = time.monotonic() - self._resized_at < CLICK_SECONDS
        if is_recent and y >= self._settled_rows:
            return
        index = self.scroll_offset.y + y
        if index < self.row_count:
            self.move_to(index)
            if event.chain == 2:
                self.post_message(self.Chosen(self))

    def _show_cursor(self, *, has_moved: bool) -> None:
        super().update()
        self.scroll_to_row(self.cursor.index)
        if has_moved:
            self.post_message(self.Moved(self))

    def _item_row(self, index: int, width: int) -> StyledRow:
        """The column of the cursor, then the cells of an item."""
        item, sign = self.cursor.items[index], NO_CURSOR
        if self._is_marked(item):
            sign = _MARK_UNDER_CURSOR if index == self.cursor.index else _MARK
        elif index == self.cursor.index:
            sign = cursor_sign(has_focus=self.has_focus)
        return (sign, *self._cells_of(item, width - 1))

    def _item_styles(self, index: int) -> tuple[str, ...]:
        """The row of the cursor has its own background."""
        if index != self.cursor.index:
            return ()
        return ("cursor",) if self.has_focus else ("cursor-blurred",)
