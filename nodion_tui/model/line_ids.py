"""Compact set of log line ids for duplicate detection, about 4 bytes per id.

A Python set of a million ids takes about 130 MB, as much as the log itself. This set keeps the
64-bit hashes of the newest ids and 42 bits of all older ones, which are checked only where an old
duplicate is possible: see `LineIdSet.add_each`. In a log of a million lines with two thousand
reconnects, the probability that a line is taken for a duplicate is 1 in 4,000; with two reconnects,
1 in 4 million.
"""

from array import array
from collections.abc import Iterable
from itertools import accumulate, repeat
from typing import NamedTuple

_GENERATION_SIZE = 512
"""Size of each of the two newest generations, which keep whole hashes."""
_SHARDS = 1024
_SHARD_MASK = _SHARDS - 1
_PART_SHIFT = 32
"""Right shift that gives the part of a hash that a shard keeps; the lowest bits are the shard."""
_BLOCK_SIZE = 98_304
"""Minimum number of ids per block: its memory is so large that it is a mapping of its own, which is
returned to the system as soon as the set is dropped."""
DEFAULT_LIMIT = 4_000_000
"""Default maximum number of ids, about 18 MB."""


class LineIdSet:
    """Set of ids; `add` and `add_each` return whether an id is new.

    No operation takes longer than a millisecond or two, whatever the size. In an endless log the
    oldest ids are dropped in halves: at least the newest `limit // 2` are always present, far more
    than a server resends after a reconnect. (A batch may exceed the limit.)

    Args:
        ids: initial ids.
        limit: maximum number of ids.
    """

    __slots__ = (
        "_check_all",
        "_generation",
        "_half",
        "_newest",
        "_older_ids",
        "_oldest_ids",
        "_previous",
    )

    def __init__(self, ids: Iterable[str] = (), *, limit: int = DEFAULT_LIMIT) -> None:
        self._half = max(1, limit // 2)
        self._generation = max(1, min(_GENERATION_SIZE, limit // 4))
        self._newest: set[int] = set()
        self._previous: set[int] = set()
        self._older_ids = _PackedIds()
        self._oldest_ids = _PackedIds()
        self._check_all = True
        """The next id may be a duplicate of any line."""
        self.add_each(ids)

    def __len__(self) -> int:
        return (
            len(self._newest) + len(self._previous) + len(self._older_ids) + len(self._oldest_ids)
        )

    def __contains__(self, identifier: str) -> bool:
        return self._contains(hash(identifier))

    @property
    def bytes_held(self) -> int:
        """Memory used by the ids in bytes, including the unused capacity of tables."""
        newest = 80 * (len(self._newest) + len(self._previous))
        return newest + self._older_ids.bytes_held + self._oldest_ids.bytes_held

    def add(self, identifier: str) -> bool:
        """Add an id; returns whether it is new, checking all ids."""
        return self.add_each((identifier,), starts_response=True)[0]

    def add_each(self, ids: Iterable[str], *, starts_response: bool = False) -> list[bool]:
        """Add ids in order; returns for each whether it is new.

        A server that resends old lines does so from the start of a response, line after line. So
        every id is checked against the newest hundreds, and only the first id of a response and
        each id after a duplicate against all ids.

        Args:
            ids: ids in the order received.
            starts_response: they are the first ids of a response.
        """
        hashes = [*map(hash, ids)]
        self._check_all = self._check_all or starts_response
        if hashes and not (self._check_all and self._contains(hashes[0])) and self._add_new(hashes):
            self._check_all = False
            new = [True] * len(hashes)
        else:
            new = [*map(self._add_one, hashes)]
        if len(self._newest) >= self._generation:
            self._rotate()
        return new

    def _add_new(self, hashes: list[int]) -> bool:
        """Fast path: adds all ids if none is recent and none occurs twice, which is usual."""
        newest, size_before = self._newest, len(self._newest)
        if not (newest.isdisjoint(hashes) and self._previous.isdisjoint(hashes)):
            return False
        newest.update(hashes)
        if len(newest) == size_before + len(hashes):
            return True
        newest.difference_update(hashes)
        return False

    def _add_one(self, hashed: int) -> bool:
        is_duplicate = self._contains(hashed) if self._check_all else self._is_recent(hashed)
        self._check_all = is_duplicate
        if not is_duplicate:
            self._newest.add(hashed)
        return not is_duplicate

    def _is_recent(self, hashed: int) -> bool:
        return hashed in self._newest or hashed in self._previous

    def _contains(self, hashed: int) -> bool:
        return self._is_recent(hashed) or hashed in self._older_ids or hashed in self._oldest_ids

    def _rotate(self) -> None:
        self._older_ids.update(self._previous)
        self._previous, self._newest = self._newest, set()
        if len(self._older_ids) + len(self._previous) >= self._half:
            self._oldest_ids, self._older_ids = self._older_ids, _PackedIds()


class _Block(NamedTuple):
    """Immutable block of id parts, shard after shard."""

    starts: "array[int]"
    """Start of each shard, and the end of the last one."""
    parts: "array[int]"

    def has(self, shard: int, part: int) -> bool:
        return part in self.parts[self.starts[shard] : self.starts[shard + 1]]


class _PackedIds:
    """Older ids, 42 bits of each hash: 10 select the shard, which keeps the other 32.

    Ever-growing arrays would waste capacity and fragment memory, so the arrays are packed into one
    block at intervals.
    """

    __slots__ = ("_blocks", "_shards", "_unpacked")

    def __init__(self) -> None:
        self._blocks: list[_Block] = []
        self._shards: list[array[int]] = []
        self._unpacked = 0
        """Number of ids that are not in a block yet."""

    def __len__(self) -> int:
        return self._unpacked + sum(len(block.parts) for block in self._blocks)

    def __contains__(self, hashed: int) -> bool:
        shard, part = hashed & _SHARD_MASK, hashed >> _PART_SHIFT
        return bool(self._shards) and (
            part in self._shards[shard] or any(block.has(shard, part) for block in self._blocks)
        )

    @property
    def bytes_held(self) -> int:
        packed = 4 * (len(self) - self._unpacked) + 4 * _SHARDS * len(self._blocks)
        return packed + 22 * self._unpacked // 5 + 84 * len(self._shards)

    def update(self, hashes: set[int]) -> None:
        if hashes and not self._shards:
            self._shards = _empty_shards()
        shards = self._shards
        for hashed in hashes:
            shards[hashed & _SHARD_MASK].append(hashed >> _PART_SHIFT)
        self._unpacked += len(hashes)
        if self._unpacked >= _BLOCK_SIZE:
            starts = array("I", accumulate(map(len, shards), initial=0))
            self._blocks.append(_Block(starts, array("i", b"".join(shards))))
            self._shards, self._unpacked = _empty_shards(), 0


def _empty_shards() -> "list[array[int]]":
    return [array("i") for _ in repeat(None, _SHARDS)]
