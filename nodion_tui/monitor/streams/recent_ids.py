"""The ids of the last lines of a run, in sets that are made when an id is looked for.

`model.line_ids.LineIdSet` takes a fifth of a microsecond for each line, a sixth of what a line
takes from the socket to the screen; here it is a fifteenth of that while nothing is looked for.
"""

from collections.abc import Collection

_SEPARATOR = "\0"


class _Generation:
    """Some ids; batches until one is looked for.

    A batch is one text: a third of the memory, and what the ids took is free for the next lines. An
    id that contains the separator counts as known where its parts are.
    """

    __slots__ = ("_batches", "_ids", "count")

    def __init__(self) -> None:
        self._batches: list[str] = []
        self._ids: set[str] = set()
        self.count = 0

    def add(self, ids: Collection[str]) -> None:
        self._batches.append(_SEPARATOR.join(ids))
        self.count += len(ids)

    def __contains__(self, identifier: str) -> bool:
        if self._batches:
            self._ids.update(_SEPARATOR.join(self._batches).split(_SEPARATOR))
            self._batches.clear()
        return self._ids.issuperset(identifier.split(_SEPARATOR))


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
