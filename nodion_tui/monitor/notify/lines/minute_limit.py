"""Limits how often a pattern is told: what comes too often is told together afterwards."""

from collections import deque
from collections.abc import Callable

from msgspec.structs import replace

from nodion_tui.model.line_pattern import LinePattern
from nodion_tui.monitor.notify.lines.line_match import LineMatch

WINDOW_SECONDS = 60.0
MAX_HELD = 1000
"""Matches of a pattern that wait; of further ones nothing is told."""


class MinuteLimit:
    """Lets `per_minute` matches of each pattern pass within 60 s, and holds the others back.

    Args:
        clock: monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._told: dict[LinePattern, deque[float]] = {}
        self._held: dict[LinePattern, list[LineMatch]] = {}

    def passes(self, match: LineMatch) -> bool:
        """Whether a match is told at once; else it is held back."""
        pattern = match.pattern
        held = self._held.get(pattern)
        if held is None and self._has_room(pattern):
            self._told[pattern].append(self._clock())
            return True
        held = self._held.setdefault(pattern, [])
        if len(held) < MAX_HELD:
            held.append(match)
        return False

    def release(self) -> list[LineMatch]:
        """What was held back and may be told now: one match for each pattern, with its others."""
        due = [pattern for pattern in self._held if self._has_room(pattern)]
        released = []
        for pattern in due:
            first, *others = self._held.pop(pattern)
            released.append(replace(first, others=tuple(match.key for match in others)))
            self._told[pattern].append(self._clock())
        return released

    def seconds_until_release(self) -> float | None:
        """Seconds until `release` returns something; None if nothing is held back."""
        oldest = [self._told[pattern][0] for pattern in self._held]
        return max(0.0, min(oldest) + WINDOW_SECONDS - self._clock()) if oldest else None

    def _has_room(self, pattern: LinePattern) -> bool:
        told = self._told.setdefault(pattern, deque())
        while told and told[0] <= self._clock() - WINDOW_SECONDS:
            told.popleft()
        return len(told) < pattern.per_minute
