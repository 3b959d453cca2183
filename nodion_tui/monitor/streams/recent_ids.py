"""The ids of the last lines of a run, in sets that are made when an id is looked for.

`model.line_ids.LineIdSet` takes a fifth of a microsecond for each line, a sixth of what a line
takes from the socket to the screen; here it is a hundredth as long as nothing is looked for.
"""

from collections.abc import Collection


class _Generation:
    """Some ids; a list of batches until one is looked for."""

    __slots__ = ("_batches", "_ids", "count")

    def __init__(self) -> None:
        self._batches: list[Collection[str]] = []
        self._ids: set[str] = set()
        self.count = 0

    def add(self, ids: Collection[str]) -> None:
        self._batches.append(ids)
        self.count += len(ids)

    def __contains__(self, identifier: str) -> bool:
        if self._batches:
            self._ids.update(*self._batches)
            self._batches.clear()
        return identifier in self._ids


class RecentIds:
    """Remembers at least the last `limit` ids, and at most twice as many and a batch.

    Args:
        limit: number of ids.
    """

    __slots__ = ("_limit", "_newer", "_older")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._newer, self._older = _Generation(), _Generation()

    def add(self, ids: Collection[str]) -> None:
        """Remember these ids."""
        if self._newer.count >= self._limit:
            self._newer, self._older = _Generation(), self._newer
        self._newer.add(ids)

    def __contains__(self, identifier: str) -> bool:
        return identifier in self._newer or identifier in self._older
