"""Runs sorted newest first, updated one at a time without sorting all of them again."""

from bisect import bisect_left
from collections.abc import Collection, Sequence
from itertools import chain
from typing import overload

from nodion_tui.model.run import Run, newest_first

_SortKey = tuple[float, str, str]


class SortedRuns(Sequence[Run]):
    """A sequence of runs in the order of `newest_first`; ties are ordered by runner id.

    Adding or removing a run takes a binary search.
    """

    __slots__ = ("_runs",)

    def __init__(self) -> None:
        self._runs: list[Run] = []

    def __len__(self) -> int:
        return len(self._runs)

    @overload
    def __getitem__(self, index: int) -> Run: ...
    @overload
    def __getitem__(self, index: slice) -> list[Run]: ...
    def __getitem__(self, index: int | slice) -> Run | list[Run]:
        return self._runs[index]

    def index(self, value: Run, start: int = 0, stop: int | None = None) -> int:
        """Index of a run, by binary search.

        Raises:
            ValueError: the sequence does not contain it.
        """
        position = self._position(value)
        end = len(self._runs) if stop is None else min(stop, len(self._runs))
        if start <= position < end and self._runs[position].key == value.key:
            return position
        raise ValueError(value.id)

    def add(self, run: Run) -> None:
        """Insert a run at its position."""
        self._runs.insert(self._position(run), run)

    def remove(self, run: Run) -> None:
        """Remove a run that is in the sequence."""
        del self._runs[self._position(run)]

    def replace(self, old: Collection[Run], new: Collection[Run]) -> None:
        """Remove runs that are in the sequence and insert others, by whatever takes fewer keys.

        The list of one runner among a hundred is inserted run by run: sorting all runs again would
        take seconds, and the keys as much memory, in holes, as a quarter of the runs.
        """
        changes, count = len(old) + len(new), len(self._runs)
        if changes * count.bit_length() < count + len(new):
            for run in old:
                self.remove(run)
            for run in new:
                self.add(run)
            return
        gone = {run.key for run in old}
        kept = (run for run in self._runs if run.key not in gone)
        self._runs = sorted(chain(kept, new), key=_sort_key)

    def _position(self, run: Run) -> int:
        return bisect_left(self._runs, _sort_key(run), key=_sort_key)


def _sort_key(run: Run) -> _SortKey:
    return (*newest_first(run), run.runner_id)
