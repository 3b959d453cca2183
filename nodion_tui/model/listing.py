"""A list as an endpoint sent it, where one bad row costs one row and not the list."""

from typing import Generic, TypeVar

import msgspec

T = TypeVar("T")


class BadRow(msgspec.Struct, frozen=True):
    """A row of a list that is not as the API documents it."""

    index: int
    """Position in the answer, from 0."""
    problem: str
    """What is wrong, with its JSON path."""
    id: str | None = None
    """The row's id where that much could be read."""


class Listing(msgspec.Struct, Generic[T], frozen=True):
    """The rows of one answer, in the order in which they came."""

    items: tuple[T, ...]
    bad: tuple[BadRow, ...] = ()
    raw: tuple[bytes, ...] = ()
    """Each good row's JSON as the service sent it, where it was asked for."""
