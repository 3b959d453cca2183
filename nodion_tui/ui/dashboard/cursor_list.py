"""A calm list: the row under the cursor stays under the cursor, whatever comes and goes."""

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
    """A list with a cursor over items that are known by keys.

    Args:
        glyphs: the signs to paint with.
        id: Textual's.
    """

    BINDINGS = bindings("list")

    class Moved(Message):
        """The cursor stands on another item, or on none."""

        def __init__(self, row_list: "CursorList[Any]") -> None:
            super().__init__()
            self.row_list = row_list

        @property
        def control(self) -> "CursorList[Any]":
            """The list."""
            return self.row_list

    class Chosen(Message):
        """An item was clicked twice."""

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
        self._awaited: Hashable = None
        self.cursor = 0
        """Index of the item under the cursor; 0 where there is none."""
        self.pinned_to_top = True
        """Whether the cursor stays on the first row, whatever comes: until a person moves it, or
        whoever fills the list says that it is filled."""

    def key_of(self, item: T) -> Hashable:
        """What an item is known by, however it changes."""
        raise NotImplementedError

    def item_row(self, item: T, width: int) -> StyledRow:
        """An item's pieces, without the column of the cursor."""
        raise NotImplementedError

    @property
    def items(self) -> Sequence[T]:
        """What is shown, in its order."""
        return self._items

    @property
    def row_count(self) -> int:
        """How many items there are."""
        return len(self._items)

    @property
    def current(self) -> T | None:
        """The item under the cursor."""
        return self._items[self.cursor] if self.cursor < len(self._items) else None

    def show(self, items: Sequence[T]) -> None:
        """Show other items; the cursor stays on its item if that is among them.

        Args:
            items: may change by itself; then call `update`.
        """
        self._items = items
        self.update()

    def update(self) -> None:
        """Repaint what differs, after items have come, gone or changed."""
        before, key = self.cursor, self._key
        self.cursor = 0 if self.pinned_to_top else self._place_of(self._key)
        if self._awaited is not None:
            self.select(self._awaited)
        self._key = self._current_key()
        if key is not None and self._key == key:
            self._keep_in_place(before)
        super().update()
        self._reveal()
        if self._key != key:
            self.post_message(self.Moved(self))

    def select(self, key: Hashable) -> None:
        """Put the cursor on the item with this key; it may come later."""
        place = self._place_of(key)
        if self._items and self.key_of(self._items[place]) == key:
            self.move_to(place)
        else:
            self._awaited = key

    def move_to(self, index: int) -> None:
        """Put the cursor on an item, as near as there is one."""
        self.pinned_to_top, self._awaited = False, None
        self.cursor = max(0, min(index, len(self._items) - 1))
        key, self._key = self._key, self._current_key()
        super().update()
        self._reveal()
        if key != self._key:
            self.post_message(self.Moved(self))

    def row(self, index: int, width: int) -> StyledRow:
        """The row of an item, with the cursor's column in front."""
        return (self._cursor_piece(index), *self.item_row(self._items[index], width - 1))

    def row_styles(self, index: int) -> tuple[str, ...]:
        """The cursor's row lies on its own ground."""
        if index != self.cursor:
            return ()
        return ("cursor",) if self.has_focus else ("cursor-blurred",)

    def on_focus(self) -> None:
        """Textual: the cursor looks different with the focus on it."""
        self.refresh()

    def on_blur(self) -> None:
        """Textual: as above."""
        self.refresh()

    def on_resize(self, _event: events.Resize) -> None:
        """Textual: keep the cursor in sight."""
        self.call_after_refresh(self._reveal)

    def on_click(self, event: events.Click) -> None:
        """Textual: a click moves the cursor, a second one chooses."""
        index = self.scroll_offset.y + event.get_content_offset_capture(self).y
        if index < len(self._items):
            self.move_to(index)
            if event.chain == 2:
                self.post_message(self.Chosen(self))

    def action_cursor_up(self) -> None:
        """One up."""
        self.move_to(self.cursor - 1)

    def action_cursor_down(self) -> None:
        """One down."""
        self.move_to(self.cursor + 1)

    def action_first(self) -> None:
        """To the top."""
        self.move_to(0)

    def action_last(self) -> None:
        """To the bottom."""
        self.move_to(len(self._items) - 1)

    def action_page_up(self) -> None:
        """A screenful up."""
        self.move_to(self.cursor - max(1, self.size.height - 1))

    def action_page_down(self) -> None:
        """A screenful down."""
        self.move_to(self.cursor + max(1, self.size.height - 1))

    def action_half_page_up(self) -> None:
        """Half a screenful up."""
        self.move_to(self.cursor - max(1, self.size.height // 2))

    def action_half_page_down(self) -> None:
        """Half a screenful down."""
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

    def _place_of(self, key: Hashable) -> int:
        """Where the item with this key is; looked for from the cursor outwards, as it is near."""
        items, count = self._items, len(self._items)
        here = max(0, min(self.cursor, count - 1))
        if key is not None:
            for distance in range(count):
                for index in (here + distance, here - distance):
                    if 0 <= index < count and self.key_of(items[index]) == key:
                        return index
        return here

    def _keep_in_place(self, before: int) -> None:
        """Scroll along with the cursor's item, unless the list stands at its top."""
        top = self.scroll_offset.y
        if top and self.cursor != before:
            self.update_scroll_range()
            self._scroll(top + self.cursor - before)

    def _reveal(self) -> None:
        top, height = self.scroll_offset.y, self.size.height
        if self.cursor < top:
            self._scroll(self.cursor)
        elif height and self.cursor >= top + height:
            self._scroll(self.cursor - height + 1)

    def _scroll(self, top: int) -> None:
        self.scroll_to(y=top, animate=False, force=True, immediate=True)
