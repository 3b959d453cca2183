"""A list whose cursor stays on its item when items are added, removed or reordered."""

from collections.abc import Hashable, Sequence
from typing import Any, Generic, TypeVar

from textual import events
from textual.message import Message

from nodion_tui.ui.commands.registry import bindings
from nodion_tui.ui.paint.row_view import RowView
from nodion_tui.ui.paint.styled_row import StyledRow, StyledText
from nodion_tui.ui.paint.theme import Glyphs

T = TypeVar("T")


class CursorList(RowView, Generic[T]):
    """A list with a cursor over items that are identified by keys.

    Args:
        glyphs: the glyph set to draw with.
        id: Textual's widget id.
    """

    BINDINGS = bindings("list")

    class Moved(Message):
        """The cursor is on another item, or on none."""

        def __init__(self, row_list: "CursorList[Any]") -> None:
            super().__init__()
            self.row_list = row_list

        @property
        def control(self) -> "CursorList[Any]":
            """The list."""
            return self.row_list

    class Chosen(Message):
        """An item was double-clicked."""

        def __init__(self, row_list: "CursorList[Any]") -> None:
            super().__init__()
            self.row_list = row_list

        @property
        def control(self) -> "CursorList[Any]":
            """The list."""
            return self.row_list

    def __init__(self, glyphs: Glyphs, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._glyphs = glyphs
        self._items: Sequence[T] = ()
        self._key: Hashable = None
        self._pending_key: Hashable = None
        self.cursor = 0
        """Index of the item under the cursor; 0 in an empty list."""
        self.pinned_to_top = True
        """Whether the cursor stays on the first row when items are added: until it is moved, or
        until the owner has loaded all items."""

    def key_of(self, item: T) -> Hashable:
        """The identity of an item, which its changes do not affect."""
        raise NotImplementedError

    def item_row(self, item: T, width: int) -> StyledRow:
        """The row of an item, without the column of the cursor."""
        raise NotImplementedError

    @property
    def items(self) -> Sequence[T]:
        """The items in the order of the list."""
        return self._items

    @property
    def row_count(self) -> int:
        """Number of items."""
        return len(self._items)

    @property
    def current(self) -> T | None:
        """The item under the cursor."""
        return self._items[self.cursor] if self.cursor < len(self._items) else None

    def show(self, items: Sequence[T]) -> None:
        """Show other items; the cursor stays on its item if that is among them.

        Args:
            items: may be changed in place; call `update` afterwards.
        """
        self._items = items
        self.update()

    def update(self) -> None:
        """Repaint the changed columns, after items were added, removed or changed."""
        previous, key = self.cursor, self._key
        self.cursor = 0 if self.pinned_to_top else self._index_of(self._key)
        if self._pending_key is not None:
            self.select(self._pending_key)
        self._key = self._current_key()
        if key is not None and self._key == key:
            self._keep_screen_row(previous)
        super().update()
        self._scroll_to_cursor()
        if self._key != key:
            self.post_message(self.Moved(self))

    def select(self, key: Hashable) -> None:
        """Put the cursor on the item with this key, now or when it is added."""
        position = self._index_of(key)
        if self._items and self.key_of(self._items[position]) == key:
            self.move_to(position)
        else:
            self._pending_key = key

    def move_to(self, index: int) -> None:
        """Put the cursor on the item at an index, clamped to the list."""
        self.pinned_to_top, self._pending_key = False, None
        self.cursor = max(0, min(index, len(self._items) - 1))
        key, self._key = self._key, self._current_key()
        super().update()
        self._scroll_to_cursor()
        if key != self._key:
            self.post_message(self.Moved(self))

    def row(self, index: int, width: int) -> StyledRow:
        """The row of an item, with the column of the cursor in front."""
        return (self._cursor_piece(index), *self.item_row(self._items[index], width - 1))

    def row_styles(self, index: int) -> tuple[str, ...]:
        """The row of the cursor has its own background."""
        if index != self.cursor:
            return ()
        return ("cursor",) if self.has_focus else ("cursor-blurred",)

    def on_focus(self) -> None:
        """Textual: the cursor has another style while the list has the focus."""
        self.refresh()

    def on_blur(self) -> None:
        """Textual: see `on_focus`."""
        self.refresh()

    def on_resize(self, _event: events.Resize) -> None:
        """Textual: scroll the cursor into view."""
        self.call_after_refresh(self._scroll_to_cursor)

    def on_click(self, event: events.Click) -> None:
        """Textual: a click moves the cursor, a double click chooses the item."""
        index = self.scroll_offset.y + event.get_content_offset_capture(self).y
        if index < len(self._items):
            self.move_to(index)
            if event.chain == 2:
                self.post_message(self.Chosen(self))

    def action_cursor_up(self) -> None:
        """Move the cursor up."""
        self.move_to(self.cursor - 1)

    def action_cursor_down(self) -> None:
        """Move the cursor down."""
        self.move_to(self.cursor + 1)

    def action_first(self) -> None:
        """Move the cursor to the first item."""
        self.move_to(0)

    def action_last(self) -> None:
        """Move the cursor to the last item."""
        self.move_to(len(self._items) - 1)

    def action_page_up(self) -> None:
        """Move the cursor a page up."""
        self.move_to(self.cursor - max(1, self.size.height - 1))

    def action_page_down(self) -> None:
        """Move the cursor a page down."""
        self.move_to(self.cursor + max(1, self.size.height - 1))

    def action_half_page_up(self) -> None:
        """Move the cursor half a page up."""
        self.move_to(self.cursor - max(1, self.size.height // 2))

    def action_half_page_down(self) -> None:
        """Move the cursor half a page down."""
        self.move_to(self.cursor + max(1, self.size.height // 2))

    def _cursor_piece(self, index: int) -> StyledText:
        if index != self.cursor:
            return StyledText(" ")
        if self.has_focus:
            return StyledText(self._glyphs.cursor, "bar")
        return StyledText(self._glyphs.cursor_blurred, "bar-blurred")

    def _current_key(self) -> Hashable:
        item = self.current
        return None if item is None else self.key_of(item)

    def _index_of(self, key: Hashable) -> int:
        """Index of the item with this key; searched from the cursor outwards, as it is near."""
        items, count = self._items, len(self._items)
        start = max(0, min(self.cursor, count - 1))
        if key is not None:
            for distance in range(count):
                for index in (start + distance, start - distance):
                    if 0 <= index < count and self.key_of(items[index]) == key:
                        return index
        return start

    def _keep_screen_row(self, previous: int) -> None:
        """Scroll along with the item under the cursor, unless the list is at its top."""
        top = self.scroll_offset.y
        if top and self.cursor != previous:
            self.update_scroll_range()
            self._scroll(top + self.cursor - previous)

    def _scroll_to_cursor(self) -> None:
        top, height = self.scroll_offset.y, self.size.height
        if self.cursor < top:
            self._scroll(self.cursor)
        elif height and self.cursor >= top + height:
            self._scroll(self.cursor - height + 1)

    def _scroll(self, top: int) -> None:
        self.scroll_to(y=top, animate=False, force=True, immediate=True)
