"""Which lines of a log have another `log_level` than the documented one, by their indexes.

The reference knows `log_public` alone; a service may send others, such as lines of its own.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby
from sys import intern
from typing import Protocol

from nodion_tui.model.log_line import PUBLIC, LogLine, levels_of

MAX_RANGES = 50_000
"""Ranges of such lines that are kept, with some 24 bytes each; lines of later ones look public."""


class LineLevels(Protocol):
    """Which lines of a log are not public; see `ServiceLevels`."""

    @property
    def count(self) -> int:
        """Number of lines that are not public."""

    @property
    def names(self) -> tuple[str, ...]:
        """The levels. As sent: sanitize before display."""

    def at(self, index: int) -> str:
        """The level of the line at an index; empty if it is public."""

    def spans(self) -> Iterator[range]:
        """The indexes of the lines that are not public, as far as they can be hidden."""


class ServiceLevels:
    """Ranges of lines of one level that is not public, ascending. Usually there are none."""

    __slots__ = ("_names", "_starts", "_stops", "count")

    def __init__(self) -> None:
        self._starts = array("q")
        self._stops = array("q")
        self._names: list[str] = []
        self.count = 0
        """Number of lines that are not public."""

    @property
    def names(self) -> tuple[str, ...]:
        """The levels, in the order in which they came first. As sent: sanitize before display."""
        return tuple(dict.fromkeys(self._names))

    def add(self, first: int, lines: Sequence[LogLine]) -> None:
        """Lines have been added to a log, from an index on."""
        levels = levels_of(lines)
        if levels.count(PUBLIC) == len(levels):
            return
        index = first
        for level, group in groupby(levels):
            stop = index + len(list(group))
            if level != PUBLIC:
                self._add(index, stop, intern(level))
            index = stop

    def _add(self, start: int, stop: int, level: str) -> None:
        self.count += stop - start
        if self._stops and self._stops[-1] == start and self._names[-1] == level:
            self._stops[-1] = stop
        elif len(self._stops) < MAX_RANGES:
            self._starts.append(start)
            self._stops.append(stop)
            self._names.append(level)

    def at(self, index: int) -> str:
        """The level of the line at an index; empty if it is public."""
        position = bisect_right(self._starts, index) - 1
        return self._names[position] if position >= 0 and index < self._stops[position] else ""

    def spans(self) -> Iterator[range]:
        """The indexes of the lines that are not public."""
        return map(range, self._starts, self._stops)
