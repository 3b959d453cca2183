"""The last list of each address: an unchanged answer costs no decoding, and neither does a row.

A service may list every run for ever. So a row that is sent again is not decoded again: it stays
the object that it was, and what it would take to decode and compare all of them is not taken.
"""

import hashlib
from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import takewhile
from operator import eq
from typing import Any, Generic, TypeVar

import msgspec

from nodion_tui.api.decode import BadBody, Shape
from nodion_tui.model.listing import Listing

T = TypeVar("T", bound=msgspec.Struct)

_KEPT = 1024
"""Addresses at most; those asked longest ago are forgotten."""
OnNew = Callable[[T, T | None], object]


@dataclass(frozen=True, slots=True)
class _Seen(Generic[T]):
    digest: bytes
    """Of the answer."""
    listing: Listing[T]
    rows: "array[int]"
    """The hash of each item's JSON; empty where there are rows that were not as documented."""


class ListingCache:
    """Gives back the same Listing for the same bytes, and the same item for the same row."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, _Seen[Any]] = OrderedDict()

    def decode(self, address: str, body: bytes, shape: Shape[T], on_new: OnNew[T]) -> Listing[T]:
        """The listing of a body: the one from before, or a new one.

        Args:
            address: whose answer it is.
            body: the answer.
            shape: of its rows.
            on_new: is given each item that was not there before, and another one, if there is one.

        Raises:
            BadBody: there is no list in it.
        """
        digest = hashlib.blake2b(body, digest_size=16).digest()
        seen: _Seen[T] | None = self._seen.get(address)
        if seen is None or seen.digest != digest:
            seen = self._seen[address] = _taken(digest, body, shape, seen, on_new)
        self._seen.move_to_end(address)
        if len(self._seen) > _KEPT:
            self._seen.popitem(last=False)
        return seen.listing


def _taken(
    digest: bytes,
    body: bytes,
    shape: Shape[T],
    before: _Seen[T] | None,
    on_new: OnNew[T],
) -> _Seen[T]:
    items = before.listing.items if before and before.rows else ()
    old = before.rows if before else array("q")
    try:
        rows = shape.rows(body)
        hashes = array("q", (hash(bytes(row)) for row in rows))
        # What is new comes first as a rule; what is behind it needs no looking up.
        tail = _alike(reversed(old), reversed(hashes))
        known = dict(zip(old, items[: len(items) - tail], strict=False))
        head = hashes[: len(hashes) - tail]
        fresh = {key: row for key, row in zip(head, rows, strict=False) if key not in known}
        new = dict(zip(fresh, shape.of_rows(list(fresh.values())), strict=True))
    except BadBody:
        listing, hashes = shape.many(body), array("q")
        new = dict(enumerate(listing.items))
    else:
        known |= new
        listing = Listing((*map(known.__getitem__, head), *items[len(items) - tail :]))
    like = next(iter(items), None)
    for item in new.values():
        on_new(item, like)
        like = item
    return _Seen(digest, listing, hashes)


def _alike(one: Iterator[int], other: Iterator[int]) -> int:
    """With how many numbers both begin."""
    return sum(1 for _ in takewhile(lambda pair: eq(*pair), zip(one, other, strict=False)))
