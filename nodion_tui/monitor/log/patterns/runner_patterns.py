"""The line patterns that apply to the logs of one runner."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

from nodion_tui.model.line_pattern import LinePattern
from nodion_tui.model.runner import Runner, matches_runner, unknown_runner
from nodion_tui.monitor.log.patterns.line_batch import LineBatch

if TYPE_CHECKING:
    from nodion_tui.monitor.log.patterns.compiled_pattern import CompiledPattern
    from nodion_tui.monitor.log.segment import LogSegment

LOOK_CHARACTERS = 16_384
"""Characters of a line that decide how it looks; whether it is told or a stop, all of it."""
LOOK_SECONDS = 0.02
"""Time limit of a pattern on a line of the screen."""
_MAX_TIMEOUTS = 3
"""Time-outs after which a pattern does not apply to the runner any more."""
_NO_LOOK: frozenset[str] = frozenset()


class StopPatterns(Protocol):
    """Patterns at whose lines a jump to an error stops."""

    def stops(self, segment: "LogSegment", *, errors_only: bool = False) -> tuple[int, ...]:
        """Indexes of a segment's lines that are stops, ascending.

        Args:
            segment: of the log.
            errors_only: whether only those count that a pattern shows as errors.
        """


class RunnerPatterns:
    """Patterns by the name and id of a runner; the name may become known later.

    Args:
        patterns: all patterns.
        runner_id: of the runner.
        runner_of: returns what is known of a runner, by its id.
    """

    def __init__(
        self,
        patterns: "Sequence[CompiledPattern]" = (),
        runner_id: str = "",
        runner_of: Callable[[str], Runner | None] = unknown_runner,
    ) -> None:
        self._patterns = tuple(patterns)
        self._runner_id = runner_id
        self._runner_of = runner_of
        self._name: str | None = None
        self._applicable: tuple[CompiledPattern, ...] = ()
        self._timeouts: dict[int, int] = {}
        self._slow: list[LinePattern] = []

    def applicable(self) -> "tuple[CompiledPattern, ...]":
        """The patterns of the runner, in the order of the file."""
        if not self._patterns:
            return ()
        runner = self._runner_of(self._runner_id)
        name = runner.name if runner else ""
        if name != self._name:
            self._name = name
            self._applicable = tuple(
                each
                for each in self._patterns
                if matches_runner(each.pattern.runner, self._runner_id, name)
            )
        return self._applicable

    def __bool__(self) -> bool:
        return bool(self.applicable())

    def look(self, text: str) -> frozenset[str]:
        """The look of a line: that of the first pattern with one that matches its shown text."""
        head = LineBatch(text[:LOOK_CHARACTERS])
        for each in self.applicable():
            # An expression lets other threads run meanwhile, and may wait for them afterwards.
            if each.pattern.look and each.may_match(head) and self._matches(each, head.text):
                return each.pattern.look
        return _NO_LOOK

    def stops(self, segment: "LogSegment", *, errors_only: bool = False) -> tuple[int, ...]:
        """See `StopPatterns`; the last answer is cached in the segment."""
        patterns = [
            each
            for each in self.applicable()
            if (each.pattern.is_error if errors_only else each.pattern.is_stop)
        ]
        key = tuple(each.pattern for each in patterns)
        if segment.stops is None or segment.stops[0] != key:
            positions = {
                position for each in patterns for position in self._positions(each, segment)
            }
            segment.stops = key, tuple(segment.first + position for position in sorted(positions))
        return segment.stops[1]

    def take_slow(self) -> list[LinePattern]:
        """The patterns that were given up since the last call, as they take too long."""
        slow, self._slow = self._slow, []
        return slow

    def _matches(self, each: "CompiledPattern", text: str) -> bool:
        # On demand, as below: `regex` is slow to import, and many have no patterns.
        from nodion_tui.monitor.log.search.query import PatternTooSlow  # noqa: PLC0415

        if self._timeouts.get(id(each), 0) >= _MAX_TIMEOUTS:
            return False
        try:
            return each.matcher.matches(text, LOOK_SECONDS)
        except PatternTooSlow:
            self._note_timeout(each)
            return False

    def _positions(self, each: "CompiledPattern", segment: "LogSegment") -> Iterable[int]:
        from nodion_tui.monitor.log.search.query import PatternTooSlow  # noqa: PLC0415
        from nodion_tui.monitor.log.search.scan import scan_segment  # noqa: PLC0415

        if self._timeouts.get(id(each), 0) >= _MAX_TIMEOUTS:
            return ()
        try:
            return scan_segment(segment, (each.matcher,))
        except PatternTooSlow:
            self._note_timeout(each, _MAX_TIMEOUTS)
            return ()

    def _note_timeout(self, each: "CompiledPattern", count: int = 1) -> None:
        before = self._timeouts.get(id(each), 0)
        self._timeouts[id(each)] = before + count
        if before < _MAX_TIMEOUTS <= before + count:
            self._slow.append(each.pattern)


NO_PATTERNS = RunnerPatterns()
PatternsAt = Callable[[int], RunnerPatterns]
"""Returns the patterns that apply to an entry of a log, by its index."""


def no_patterns(_index: int) -> RunnerPatterns:
    """No pattern applies to any entry."""
    return NO_PATTERNS
