"""The last list of each address: an unchanged answer costs no decoding, and neither does a row.

Where the service gives its answers tags, an unchanged one does not even have to be sent.

A service may list every run for ever. So a row that is sent again is not decoded again: it stays
the object that it was, and what it would take to decode and compare all of them is not taken.
"""

import time
from array import array
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec

from nodion_tui.api.decode.rows import InvalidResponseBody, RowDecoder
from nodion_tui.model.listing import Listing, changed_slices

T = TypeVar("T", bound=msgspec.Struct)

_KEPT = 1024
"""Addresses at most; those asked longest ago are forgotten."""
_TRUSTED_SECONDS = 300.0
"""So long is a tag believed. One that is made from dates may stay while the list changes, and would
hide that for ever; a list that is sent whole now and then does not."""
OnNewRow = Callable[[T, T | None], object]


@dataclass(slots=True)
class _Seen(Generic[T]):
    digest: int
    """The hash of the answer."""
    listing: Listing[T]
    rows: "array[int]"
    """The hash of each item's JSON; empty where there are rows that were not as documented."""
    etag: str | None = None
    """The service's tag for the answer."""
    sent_at: float = 0.0
    """When the service last sent all of it, in seconds of the monotonic clock."""


class ListingCache:
    """Gives back the same Listing for the same bytes, and the same item for the same row.

    Args:
        monotonic: clock, in seconds.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._seen: OrderedDict[str, _Seen[Any]] = OrderedDict()

    def etag(self, address: str) -> str | None:
        """The tag of the known answer; None where a whole one has to come."""
        seen = self._seen.get(address)
        if seen is None or self._monotonic() - seen.sent_at >= _TRUSTED_SECONDS:
            return None
        return seen.etag

    def cached(self, address: str) -> Listing[Any]:
        """The listing of the answer that is known."""
        return self._seen[address].listing

    def decode(
        self,
        address: str,
        body: bytes,
        shape: RowDecoder[T],
        on_new: OnNewRow[T],
        *,
        etag: str | None = None,
    ) -> Listing[T]:
        """The listing of a body: the one from before, or a new one.

        Args:
            address: whose answer it is.
            body: the answer.
            shape: of its rows.
            on_new: is given each item that was not there before, and another one, if there is one.
            etag: the answer's tag.

        Raises:
            BadBody: there is no list in it.
        """
        digest = hash(body)
        seen: _Seen[T] | None = self._seen.get(address)
        if seen is None or seen.digest != digest:
            seen = self._seen[address] = _taken(digest, body, shape, seen, on_new)
        seen.etag, seen.sent_at = etag, self._monotonic()
        self._seen.move_to_end(address)
        if len(self._seen) > _KEPT:
            self._seen.popitem(last=False)
        return seen.listing


def _taken(
    digest: int,
    body: bytes,
    shape: RowDecoder[T],
    before: _Seen[T] | None,
    on_new: OnNewRow[T],
) -> _Seen[T]:
    items = before.listing.items if before and before.rows else ()
    old = before.rows if before else array("q")
    try:
        rows = shape.split_rows(body)
        hashes = array("q", (hash(bytes(row)) for row in rows))
        left, came = changed_slices(old, hashes)
        known = dict(zip(old[left], items[left], strict=True))
        fresh = {
            key: row for key, row in zip(hashes[came], rows[came], strict=True) if key not in known
        }
        new = dict(zip(fresh, shape.decode_raw_rows(list(fresh.values())), strict=True))
    except InvalidResponseBody:
        listing, hashes = shape.decode_list(body), array("q")
        new = dict(enumerate(listing.items))
    else:
        known |= new
        middle = map(known.__getitem__, hashes[came])
        listing = Listing((*items[: left.start], *middle, *items[left.stop :]))
    like = next(iter(items), None)
    for item in new.values():
        on_new(item, like)
        like = item
    return _Seen(digest, listing, hashes)
