"""Decides which lines are between two moments, while the lines come.

A time is compared at once. Where a moment counts from the end, or is a share of the lines, what is
not decided yet is held back, and nothing else: the last ten minutes for `-10m`.
"""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Generic, TypeVar

from nodion_tui.model.text.typed_time import shifted
from nodion_tui.monitor.log.moments.moment import BeforeEnd, LineShare

LineT = TypeVar("LineT")
Bound = datetime | BeforeEnd | LineShare | None
"""A moment that is a time, or counts from the lines written so far; None: no bound."""


class LineBounds(Generic[LineT]):
    """The lines of one log from one moment on, and up to another.

    Args:
        since: lines of this moment and later.
        until: lines of this moment and earlier.
        time_of: returns the time of a line; one without a time is between all times.
    """

    def __init__(
        self, since: Bound, until: Bound, time_of: Callable[[LineT], datetime | None]
    ) -> None:
        self._since = since
        self._until = until
        self._time_of = time_of
        self._count = 0
        self._newest: datetime | None = None
        self._held: deque[tuple[int, LineT]] = deque()
        self._settled_count: int | None = None
        """Number of lines that moments count from; None: not yet known."""

    def add(self, lines: Iterable[LineT]) -> Iterator[tuple[LineT, bool]]:
        """Take the next lines.

        Yields:
            Lines in their order, these or earlier ones, and whether they are between the moments.
        """
        for line in lines:
            time = self._time_of(line)
            if self._settled_count is None and time is not None:
                self._newest = time if self._newest is None else max(time, self._newest)
            self._held.append((self._count, line))
            self._count += 1
            yield from self._decided()

    def settle(self) -> Iterator[tuple[LineT, bool]]:
        """The lines so far are all that moments count from; yields those that were held back."""
        if self._settled_count is None:
            self._settled_count = self._count
            yield from self._decided()

    def _decided(self) -> Iterator[tuple[LineT, bool]]:
        while self._held:
            number, line = self._held[0]
            is_in = self._is_between(number, self._time_of(line))
            if is_in is None:
                return
            self._held.popleft()
            yield line, is_in

    def _is_between(self, number: int, time: datetime | None) -> bool | None:
        """Whether a line is between the moments; None if that depends on later lines."""
        is_late, is_early = self._is_late(number, time), self._is_early(number, time)
        if is_late is False or is_early is False:
            return False
        return True if is_late and is_early else None

    def _is_late(self, number: int, time: datetime | None) -> bool | None:
        """Whether a line is late enough."""
        if self._since is None or isinstance(self._since, datetime):
            return self._since is None or time is None or time >= self._since
        if isinstance(self._since, LineShare):
            is_before = number < self._since.index(self._count_so_far)
        else:
            end = self._end(self._since)
            is_before = time is not None and end is not None and time < end
        return False if is_before else self._if_settled(is_in=True)

    def _is_early(self, number: int, time: datetime | None) -> bool | None:
        """Whether a line is early enough."""
        if self._until is None or isinstance(self._until, datetime):
            return self._until is None or time is None or time <= self._until
        if isinstance(self._until, LineShare):
            is_before = number < self._until.index(self._count_so_far)
        else:
            end = self._end(self._until)
            is_before = time is None or (end is not None and time <= end)
        return True if is_before else self._if_settled(is_in=False)

    def _if_settled(self, *, is_in: bool) -> bool | None:
        """What is decided when all lines are known; until then nothing is."""
        return None if self._settled_count is None else is_in

    @property
    def _count_so_far(self) -> int:
        return self._count if self._settled_count is None else self._settled_count

    def _end(self, before_end: BeforeEnd) -> datetime | None:
        return None if self._newest is None else shifted(self._newest, -before_end.duration)
