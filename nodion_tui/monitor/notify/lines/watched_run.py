"""Which patterns a run has not matched yet."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from nodion_tui.model.log_line import LogLine, text_of
from nodion_tui.monitor.log.patterns.line_batch import LineBatch

if TYPE_CHECKING:
    from nodion_tui.monitor.log.patterns.compiled_pattern import CompiledPattern

CLOCK_SLACK = timedelta(seconds=2)
"""A line that is this much older than the first reading is no past: the service's clock is known to
the second."""


class WatchedRun:
    """One run: the patterns that it has still to match, and since when it is read.

    Args:
        patterns: those of its runner that tell.
    """

    __slots__ = ("_pending", "read_since")

    def __init__(self, patterns: "Iterable[CompiledPattern]") -> None:
        self._pending = list(patterns)
        self.read_since: datetime | None = None
        """When a view began to read its log, by the service's clock; None: none did."""

    def has(self, pattern: "CompiledPattern") -> bool:
        """Whether the run has still to match a pattern."""
        return pattern in self._pending

    def drop(self, pattern: "CompiledPattern") -> bool:
        """The pattern is done with; returns whether it was not before."""
        if pattern not in self._pending:
            return False
        self._pending.remove(pattern)
        return True

    def candidates(
        self, lines: Sequence[LogLine], *, is_read: bool
    ) -> "Iterable[tuple[Sequence[LogLine], int, tuple[CompiledPattern, ...]]]":
        """Lines that may match, with their characters and the patterns to hold against them.

        Args:
            lines: live lines, at least one.
            is_read: whether a view reads the log; else only patterns with `watch` are meant.
        """
        watched = [each for each in self._pending if each.pattern.watch]
        others = [each for each in self._pending if not each.pattern.watch] if is_read else []
        read_lines = self._since_read(lines) if others else lines
        if read_lines is lines:
            groups = [(lines, watched + others)]
        else:
            groups = [(lines, watched), (read_lines, others)]
        for group, patterns in groups:
            if group and patterns:
                batch = LineBatch(text_of(group))
                if possible := tuple(each for each in patterns if each.may_match(batch)):
                    yield group, len(batch.text), possible

    def _since_read(self, lines: Sequence[LogLine]) -> Sequence[LogLine]:
        """The lines that were written since a view reads the log; the same if all were."""
        since, first = self.read_since, lines[0].created_at
        if since is None or first is None or first >= since - CLOCK_SLACK:
            return lines
        since -= CLOCK_SLACK
        return [line for line in lines if line.created_at is None or line.created_at >= since]
