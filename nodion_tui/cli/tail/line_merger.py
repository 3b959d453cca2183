"""Merges the lines of several runs by time, with a bounded memory, as they are printed."""

import asyncio
import heapq
import itertools
import math
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import NamedTuple

HOLD_BACK = 0.5
"""Seconds that a line waits for older ones of other runs."""
PATIENCE = 2.0
"""Seconds without a line after which nobody waits for what a run wrote before."""
MAX_HELD = 2_000
"""Lines of a run that are held; then they go on, or their stream waits (back-pressure)."""
MAX_HELD_BYTES = 4 * 1024 * 1024
"""The same in bytes."""
_INTERVAL = 0.05


class HeldLine(NamedTuple):
    """A line to print, or a notice in its place."""

    time: float | None
    """Seconds since 1970; None: right after the line before."""
    text: bytes = b""
    notice: str = ""


class _Batch(NamedTuple):
    came: float
    newest: float
    source: "LineSource"


class LineSource:
    """The lines of one run."""

    def __init__(self, now: float) -> None:
        self.newest = -math.inf
        """Time of its last line: no later one is before it."""
        self.is_loading = True
        """Whether lines that were written before are still being read."""
        self.progress_at = now
        self.lines = self.size = 0
        self.has_room = asyncio.Event()
        self.has_room.set()

    @property
    def is_full(self) -> bool:
        """Whether no more lines are held."""
        return self.lines >= MAX_HELD or self.size >= MAX_HELD_BYTES

    def take(self, lines: int, size: int) -> None:
        """Count lines that are held, or with negative numbers printed."""
        self.lines, self.size = self.lines + lines, self.size + size
        (self.has_room.clear if self.is_full else self.has_room.set)()


class LineMerger:
    """Holds lines back, and prints them by time; each run's own lines stay in order.

    Args:
        write: prints lines in this order.
        clock: monotonic seconds.
    """

    def __init__(
        self,
        write: Callable[[Sequence[HeldLine]], None],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._write = write
        self._clock = clock
        self._held: list[tuple[float, int, LineSource, HeldLine]] = []
        self._numbers = itertools.count()
        self._batches: deque[_Batch] = deque()
        self._sources: list[LineSource] = []
        self._changed = asyncio.Event()

    def open_source(self) -> LineSource:
        """A further run."""
        source = LineSource(self._clock())
        self._sources.append(source)
        return source

    def loaded(self, source: LineSource) -> None:
        """Note that what a run wrote before has been read."""
        if source.is_loading:
            source.is_loading = False
            self._changed.set()

    def close_source(self, source: LineSource) -> None:
        """Note that no more lines come."""
        self.loaded(source)
        with suppress(ValueError):
            self._sources.remove(source)

    async def put(self, source: LineSource, lines: Sequence[HeldLine]) -> None:
        """Print lines when it is their turn; waits while too many of the run are held."""
        now = self._clock()
        for line in lines:
            if line.time is not None:
                source.newest = max(source.newest, line.time)
            heapq.heappush(self._held, (source.newest, next(self._numbers), source, line))
        source.progress_at = now
        source.take(len(lines), sum(len(line.text) for line in lines))
        self._batches.append(_Batch(now, source.newest, source))
        self._changed.set()
        await source.has_room.wait()

    async def run(self) -> None:
        """Print until cancelled.

        Raises:
            BrokenPipeError: the reader of stdout has closed it.
        """
        while True:
            self._changed.clear()
            self.release()
            with suppress(TimeoutError):
                async with asyncio.timeout(_INTERVAL if self._held else None):
                    await self._changed.wait()
            await asyncio.sleep(0)

    def release(self) -> None:
        """Print what has waited enough, or cannot be held any longer."""
        now = self._clock()
        due = [
            batch.newest
            for batch in self._batches
            if batch.came <= now - HOLD_BACK or batch.source.is_full
        ]
        if not due:
            return
        newest = max(due)
        for source in self._sources:
            if source.is_loading and now - source.progress_at < PATIENCE:
                newest = min(newest, source.newest)
        printed: list[HeldLine] = []
        freed: dict[LineSource, tuple[int, int]] = {}
        while self._held and self._held[0][0] <= newest:
            _, _, source, line = heapq.heappop(self._held)
            printed.append(line)
            count, size = freed.get(source, (0, 0))
            freed[source] = count + 1, size + len(line.text)
        self._batches = deque(batch for batch in self._batches if batch.newest > newest)
        if printed:
            self._write(printed)
        for source, (count, size) in freed.items():
            source.take(-count, -size)
