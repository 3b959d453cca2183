"""Runs kept newest first, where one changed run costs no sorting of the others."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import overload

from nodion_tui.model.run import Run, newest_first

_Place = tuple[float, str, str]


class SortedRuns(Sequence[Run]):
    """A sequence of runs in the order of `newest_first`, and of the runners' ids where that ties.

    Adding, replacing and removing one run takes the time of a binary search, however many there
    are; `reset` sorts once.
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

    def reset(self, runs: Iterable[Run]) -> None:
        """Hold these runs and no others."""
        self._runs = sorted(runs, key=_place)

    def add(self, run: Run) -> None:
        """Put a run where it belongs."""
        self._runs.insert(self._position(run), run)

    def remove(self, run: Run) -> None:
        """Take out a run that is in it."""
        del self._runs[self._position(run)]

    def replace(self, old: Run, new: Run) -> None:
        """Put the newer state of a run in the place of the old one."""
        if old.created_at != new.created_at:
            self.remove(old)
            self.add(new)
            return
        self._runs[self._position(old)] = new

    def _position(self, run: Run) -> int:
        return bisect_left(self._runs, _place(run), key=_place)


def _place(run: Run) -> _Place:
    return (*newest_first(run), run.runner_id)
