"""A compact set of log-line ids: some 4 bytes an id, so that every line can be told from a copy.

A Python set of a million ids takes some 130 MB, as much as the log itself. This one knows the
newest ids by their 64-bit hashes and keeps 42 bits of all that came before them, which it asks only
where a copy of a line long gone can be: see `IdSet.add_each`. Of a log of a million lines that was
cut two thousand times a line is taken for a copy with a probability of 1 in 4,000; of one that was
cut twice, of 1 in 4 million.
"""

from array import array
from collections.abc import Iterable
from itertools import accumulate, repeat
from typing import NamedTuple

_NEWEST = 512
"""Ids of each of the two newest generations, which are known by their whole hash."""
_SHARDS = 1024
_SHARD = _SHARDS - 1
_KEPT = 32
"""How far a hash is shifted for what a shard keeps of it; its lowest bits choose the shard."""
_BLOCK = 65_536
"""Ids that are laid into one block, at least."""
DEFAULT_LIMIT = 4_000_000
"""Ids kept at most by default: some 18 MB."""


class LineIdSet:
    """Remembers ids; `add` and `add_each` tell whether an id is new.

    Nothing here takes longer than a millisecond or two, however many ids there are. Of a log
    without an end the oldest ids are forgotten in halves: at least the newest `limit // 2` are
    always known, which is far more than a server that repeats itself after a reconnect can send
    again. (A batch may go beyond the limit.)

    Args:
        ids: ids to begin with.
        limit: how many ids are kept at most.
    """

    __slots__ = ("_before", "_generation", "_half", "_newest", "_old", "_older", "_wary")

    def __init__(self, ids: Iterable[str] = (), *, limit: int = DEFAULT_LIMIT) -> None:
        self._half = max(1, limit // 2)
        self._generation = max(1, min(_NEWEST, limit // 4))
        self._newest: set[int] = set()
        self._before: set[int] = set()
        self._old = _Old()
        self._older = _Old()
        self._wary = True
        """The next id may be a copy of any line."""
        self.add_each(ids)

    def __len__(self) -> int:
        return len(self._newest) + len(self._before) + len(self._old) + len(self._older)

    def __contains__(self, identifier: str) -> bool:
        return self._knows(hash(identifier))

    @property
    def bytes_held(self) -> int:
        """Memory that the ids take, in bytes, with what growing tables leave unused."""
        newest = 80 * (len(self._newest) + len(self._before))
        return newest + self._old.bytes_held + self._older.bytes_held

    def add(self, identifier: str) -> bool:
        """Remember an id; True if it was new, whichever came before it."""
        return self.add_each((identifier,), starts_response=True)[0]

    def add_each(self, ids: Iterable[str], *, starts_response: bool = False) -> list[bool]:
        """Remember ids in turn; for each, whether it was new.

        A server that repeats what it sent long ago does so from the begin of an answer on, and one
        line after the other. So every id is looked for among the newest hundreds, and among all
        of them the first of an answer and each that follows a copy.

        Args:
            ids: in the order in which they came.
            starts_response: they are the first of an answer of the server.
        """
        hashes = [*map(hash, ids)]
        self._wary = self._wary or starts_response
        if hashes and not (self._wary and self._knows(hashes[0])) and self._add_new(hashes):
            self._wary = False
            new = [True] * len(hashes)
        else:
            new = [*map(self._add_one, hashes)]
        if len(self._newest) >= self._generation:
            self._turn()
        return new

    def _add_new(self, hashes: list[int]) -> bool:
        """Remember them all if none is known lately and none comes twice, as it is mostly."""
        newest, before = self._newest, len(self._newest)
        if not (newest.isdisjoint(hashes) and self._before.isdisjoint(hashes)):
            return False
        newest.update(hashes)
        if len(newest) == before + len(hashes):
            return True
        newest.difference_update(hashes)
        return False

    def _add_one(self, hashed: int) -> bool:
        known = self._knows(hashed) if self._wary else self._knows_lately(hashed)
        self._wary = known
        if not known:
            self._newest.add(hashed)
        return not known

    def _knows_lately(self, hashed: int) -> bool:
        return hashed in self._newest or hashed in self._before

    def _knows(self, hashed: int) -> bool:
        return self._knows_lately(hashed) or hashed in self._old or hashed in self._older

    def _turn(self) -> None:
        self._old.take(self._before)
        self._before, self._newest = self._newest, set()
        if len(self._old) + len(self._before) >= self._half:
            self._older, self._old = self._old, _Old()


class _Block(NamedTuple):
    """Ids that stay: what was kept of them, shard after shard."""

    starts: "array[int]"
    """Where each shard begins, and where the last one ends."""
    parts: "array[int]"

    def has(self, shard: int, part: int) -> bool:
        return part in self.parts[self.starts[shard] : self.starts[shard + 1]]


class _Old:
    """Of each hash 42 bits: 10 of them choose the shard that keeps the others.

    Arrays that grow for ever would leave room unused, and holes where they were before. So these
    are laid into one block again and again.
    """

    __slots__ = ("_blocks", "_loose", "_shards")

    def __init__(self) -> None:
        self._blocks: list[_Block] = []
        self._shards: list[array[int]] = []
        self._loose = 0
        """How many are in no block yet."""

    def __len__(self) -> int:
        return self._loose + sum(len(block.parts) for block in self._blocks)

    def __contains__(self, hashed: int) -> bool:
        shard, part = hashed & _SHARD, hashed >> _KEPT
        return bool(self._shards) and (
            part in self._shards[shard] or any(block.has(shard, part) for block in self._blocks)
        )

    @property
    def bytes_held(self) -> int:
        laid = 4 * (len(self) - self._loose) + 4 * _SHARDS * len(self._blocks)
        return laid + 22 * self._loose // 5 + 84 * len(self._shards)

    def take(self, hashes: set[int]) -> None:
        if hashes and not self._shards:
            self._shards = _empty()
        shards = self._shards
        for hashed in hashes:
            shards[hashed & _SHARD].append(hashed >> _KEPT)
        self._loose += len(hashes)
        if self._loose >= _BLOCK:
            starts = array("I", accumulate(map(len, shards), initial=0))
            self._blocks.append(_Block(starts, array("i", b"".join(shards))))
            self._shards, self._loose = _empty(), 0


def _empty() -> "list[array[int]]":
    return [array("i") for _ in repeat(None, _SHARDS)]
