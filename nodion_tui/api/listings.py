"""The last list of each address, so that an unchanged answer costs no decoding and no comparing."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec

from nodion_tui.model.listing import Listing

T = TypeVar("T", bound=msgspec.Struct)

_KEPT = 1024
"""Addresses at most; those asked longest ago are forgotten."""


class ListingCache:
    """Gives back the same Listing object for as long as an address sends the same bytes."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, tuple[bytes, Listing[Any]]] = OrderedDict()

    def decode(
        self, address: str, body: bytes, decode: Callable[[bytes], Listing[T]]
    ) -> Listing[T]:
        """The listing of a body: the one from before, or a new one."""
        digest = hashlib.blake2b(body, digest_size=16).digest()
        known = self._seen.get(address)
        listing = known[1] if known and known[0] == digest else decode(body)
        self._seen[address] = digest, listing
        self._seen.move_to_end(address)
        if len(self._seen) > _KEPT:
            self._seen.popitem(last=False)
        return listing
