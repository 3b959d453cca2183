"""The cursor of a list: it stays on its item when items are added, removed or reordered."""

from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")


class ListCursor(Generic[T]):
    """A position in items that are identified by keys.

    Args:
        key_of: returns the identity of an item, which its changes do not affect.
    """

    def __init__(self, key_of: Callable[[T], Hashable]) -> None:
        self._key_of = key_of
        self._key: Hashable = None
        self._pending_key: Hashable = None
        self.items: Sequence[T] = ()
        """May be replaced or changed in place; call `follow` afterwards."""
        self.index = 0
        """Index of the item under the cursor; 0 in an empty list."""
        self.pinned_to_top = True
        """Whether the cursor stays on the first item when items are added: until it is moved, or
        until the owner has loaded all items."""

    @property
    def current(self) -> T | None:
        """The item under the cursor."""
        return self.items[self.index] if self.index < len(self.items) else None

    def follow(self) -> bool:
        """Go where the item under the cursor is; whether that is another item.

        An item that was removed is replaced by the one in its place.
        """
        self.index = 0 if self.pinned_to_top else self._nearest_index(self._key)
        if self._pending_key is None:
            return self._note_key()
        return self.select(self._pending_key)

    def select(self, key: Hashable) -> bool:
        """Move to the item with this key, now or when it is added; whether it is another item."""
        index = self._nearest_index(key)
        if self.items and self._key_of(self.items[index]) == key:
            return self.move_to(index)
        self._pending_key = key
        return self._note_key()

    def move_to(self, index: int) -> bool:
        """Move to the item at an index, clamped to the list; whether that is another item."""
        self.pinned_to_top, self._pending_key = False, None
        self.index = max(0, min(index, len(self.items) - 1))
        return self._note_key()

    def _note_key(self) -> bool:
        item = self.current
        previous, self._key = self._key, None if item is None else self._key_of(item)
        return previous != self._key

    def _nearest_index(self, key: Hashable) -> int:
        """Index of the item with this key; searched from the cursor outwards, as it is near.

        Without such an item, the index of the cursor, clamped to the list.
        """
        items, count = self.items, len(self.items)
        start = max(0, min(self.index, count - 1))
        if key is not None:
            for distance in range(count):
                for index in (start + distance, start - distance):
                    if 0 <= index < count and self._key_of(items[index]) == key:
                        return index
        return start
