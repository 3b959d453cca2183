"""Caches the last list of each address, so that unchanged responses and rows are not decoded again.

If the service sends ETags, an unchanged list is not even transferred.

A service may list every run it ever had. A row that is unchanged keeps its object, which saves
decoding and comparing all rows on every poll.
"""

import time
from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, TypeVar

import msgspec

from nodion_tui.api.decode.rows import InvalidResponseBody, RowDecoder
from nodion_tui.model.listing import Listing, changed_slices

R = TypeVar("R", bound=msgspec.Struct)
T = TypeVar("T", bound=msgspec.Struct)

_MAX_ENTRIES = 1024
"""Cached addresses at most; the least recently used are dropped."""
_ETAG_LIFETIME = 300.0
"""How long an ETag is trusted. A date-based tag may stay the same while the list changes; a full
list at regular intervals bounds that error."""
KeepRow = Callable[[R, T | None], T]
"""Makes the item that is kept of a new row; gets a sibling item as well, if there is one."""


class _Entry(msgspec.Struct, Generic[T]):
    digest: int
    """Hash of the body."""
    listing: Listing[T]
    row_hashes: "array[int]"
    """Hash of each item's JSON; empty if any row was not as documented."""
    etag: str | None = None
    """ETag of the response."""
    sent_at: float = 0.0
    """When the whole list was last received, in seconds of the monotonic clock."""


class ListingCache:
    """Returns the same Listing for the same bytes, and the same item for the same row.

    Args:
        monotonic: monotonic clock, in seconds.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._entries: OrderedDict[str, _Entry[Any]] = OrderedDict()

    def etag(self, address: str) -> str | None:
        """ETag of the cached response; None to request the whole list."""
        entry = self._entries.get(address)
        if entry is None or self._monotonic() - entry.sent_at >= _ETAG_LIFETIME:
            return None
        return entry.etag

    def cached(self, address: str) -> Listing[Any]:
        """The cached listing."""
        return self._entries[address].listing

    def decode(
        self,
        address: str,
        body: bytes,
        decoder: RowDecoder[R],
        keep: KeepRow[R, T],
        *,
        etag: str | None = None,
    ) -> Listing[T]:
        """Decodes a list, or returns the cached listing if the body is unchanged.

        Raises:
            InvalidResponseBody: the body contains no list.
        """
        digest = hash(body)
        entry: _Entry[T] | None = self._entries.get(address)
        if entry is None or entry.digest != digest:
            entry = self._entries[address] = _new_entry(digest, body, decoder, entry, keep)
        entry.etag, entry.sent_at = etag, self._monotonic()
        self._entries.move_to_end(address)
        if len(self._entries) > _MAX_ENTRIES:
            self._entries.popitem(last=False)
        return entry.listing


def _new_entry(
    digest: int,
    body: bytes,
    decoder: RowDecoder[R],
    previous: _Entry[T] | None,
    keep: KeepRow[R, T],
) -> _Entry[T]:
    items = previous.listing.items if previous and previous.row_hashes else ()
    old_hashes = previous.row_hashes if previous else array("q")
    sibling = next(iter(items), None)
    try:
        rows = decoder.split_rows(body)
        hashes = array("q", (hash(bytes(row)) for row in rows))
        removed, added = changed_slices(old_hashes, hashes)
        known_items = dict(zip(old_hashes[removed], items[removed], strict=True))
        new_rows = {
            row_hash: row
            for row_hash, row in zip(hashes[added], rows[added], strict=True)
            if row_hash not in known_items
        }
        decoded = decoder.decode_raw_rows(list(new_rows.values()))
    except InvalidResponseBody:
        listing = decoder.decode_list(body).map(lambda row: keep(row, sibling))
        return _Entry(digest, listing, array("q"))
    known_items |= zip(new_rows, _kept(decoded, sibling, keep), strict=True)
    middle = map(known_items.__getitem__, hashes[added])
    listing = Listing((*items[: removed.start], *middle, *items[removed.stop :]))
    return _Entry(digest, listing, hashes)


def _kept(rows: Iterable[R], sibling: T | None, keep: KeepRow[R, T]) -> Iterator[T]:
    for row in rows:
        sibling = keep(row, sibling)
        yield sibling
