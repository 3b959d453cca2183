"""A compact set of log-line ids: some 12 bytes an id, so that every line can be told from a copy.

A Python set of a million ids takes some 130 MB, as much as the log itself. This one keeps a 64-bit
hash of each id in sorted arrays: two of a million ids collide with a probability of 3 in
100 million, and the cost of that is one line taken for a copy.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable

_SHARDS = 4096
_MASK = _SHARDS - 1
DEFAULT_LIMIT = 4_000_000
"""Ids kept at most by default: some 48 MB."""


class IdSet:
    """Remembers ids; `add` tells whether an id is new.

    The hashes are dealt to some thousand short sorted arrays, so that no single `add` takes longer
    than a few microseconds however many ids there are. Of a log without an end the oldest ids are
    forgotten in halves: at least the newest `limit // 2` are always known, which is far more than a
    server that repeats itself after a reconnect can send again. (A batch may go beyond the limit.)

    Args:
        ids: ids to begin with.
        limit: how many ids are kept at most.
    """

    __slots__ = ("_count", "_half", "_old", "_old_count", "_shards")

    def __init__(self, ids: Iterable[str] = (), *, limit: int = DEFAULT_LIMIT) -> None:
        self._half = max(1, limit // 2)
        self._shards = _empty()
        self._count = 0
        self._old: list[array[int] | None] | None = None
        self._old_count = 0
        self.add_each(ids)

    def __len__(self) -> int:
        return self._count + self._old_count

    def __contains__(self, identifier: str) -> bool:
        hashed = hash(identifier)
        shard = hashed & _MASK
        if _holds(self._shards[shard], hashed):
            return True
        return self._old is not None and _holds(self._old[shard], hashed)

    @property
    def bytes_held(self) -> int:
        """Memory that the ids take, in bytes, with what growing arrays leave unused."""
        return 12 * len(self) + 80 * min(len(self), _SHARDS) + 8 * _SHARDS

    def add(self, identifier: str) -> bool:
        """Remember an id; True if it was new."""
        return self.add_each((identifier,))[0]

    def add_each(self, ids: Iterable[str]) -> list[bool]:
        """Remember ids in turn; for each, whether it was new. Twice as fast as `add` for each."""
        shards, old = self._shards, self._old
        new = []
        for hashed in map(hash, ids):
            shard = hashed & _MASK
            hashes = shards[shard]
            if hashes is None:
                hashes = shards[shard] = array("q")
            place = bisect_left(hashes, hashed)
            known = place < len(hashes) and hashes[place] == hashed
            if known or (old is not None and _holds(old[shard], hashed)):
                new.append(False)
            else:
                hashes.insert(place, hashed)
                new.append(True)
        self._count += new.count(True)
        if self._count >= self._half:
            self._turn()
        return new

    def _turn(self) -> None:
        self._old, self._old_count = self._shards, self._count
        self._shards, self._count = _empty(), 0


def _empty() -> list["array[int] | None"]:
    return [None] * _SHARDS


def _holds(hashes: "array[int] | None", hashed: int) -> bool:
    if hashes is None:
        return False
    place = bisect_left(hashes, hashed)
    return place < len(hashes) and hashes[place] == hashed
