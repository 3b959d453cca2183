"""Result of a list endpoint; a bad row does not invalidate the list."""

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

import msgspec

T = TypeVar("T")
U = TypeVar("U")


class BadRow(msgspec.Struct, frozen=True):
    """A row that differs from the API documentation."""

    index: int
    """Position in the response, from 0."""
    problem: str
    """What is wrong, with the JSON path."""
    id: str | None = None
    """The row's id, if it can be read."""


MAX_BAD_ROWS = 1000
"""Rows of one response that are described; further ones are only counted."""


class Listing(msgspec.Struct, Generic[T], frozen=True):
    """The rows of one response, in the service's order."""

    items: Sequence[T]
    bad_rows: tuple[BadRow, ...] = ()
    """The first `MAX_BAD_ROWS` rows that are not as documented."""
    more_bad_rows: int = 0
    """How many more there are."""
    raw: tuple[bytes, ...] = ()
    """The original JSON of each good row, if requested."""

    @property
    def bad_count(self) -> int:
        """How many rows are not as documented."""
        return len(self.bad_rows) + self.more_bad_rows

    def map(self, make: Callable[[T], U]) -> "Listing[U]":
        """The listing with something else made of each row."""
        return Listing(tuple(map(make, self.items)), self.bad_rows, self.more_bad_rows, self.raw)


def changed_slices(old: Sequence[Any], new: Sequence[Any]) -> tuple[slice, slice]:
    """The differing slice of each of two sequences, without their common prefix and suffix.

    A polled list usually changes in one place at most. Comparing whole slices finds it at least ten
    times as fast as comparing item by item.
    """
    start = _common_prefix(old, new)
    end = _common_prefix(old[start:][::-1], new[start:][::-1])
    return slice(start, len(old) - end), slice(start, len(new) - end)


def _common_prefix(old: Sequence[Any], new: Sequence[Any]) -> int:
    """Length of the common prefix, by binary search."""
    low, high = 0, min(len(old), len(new))
    while low < high:
        middle = (low + high + 1) // 2
        if old[low:middle] == new[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
