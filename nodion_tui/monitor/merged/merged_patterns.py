"""Which lines of a merged log match the patterns of the runner that wrote them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from nodion_tui.monitor.log.patterns.runner_patterns import RunnerPatterns
from nodion_tui.monitor.log.segment import LogSegment

if TYPE_CHECKING:
    from nodion_tui.monitor.log.patterns.compiled_pattern import CompiledPattern


class MergedPatterns:
    """The patterns of each source. See `StopPatterns`.

    Args:
        by_source: by the numbers that the segments of the log have.
    """

    def __init__(self, by_source: Mapping[int, RunnerPatterns]) -> None:
        self._by_source = by_source

    def stops(self, segment: LogSegment, *, errors_only: bool = False) -> tuple[int, ...]:
        """See `StopPatterns`; each set of patterns is searched for once, not for each run."""
        if segment.writers is None:
            return ()
        alike: dict[tuple[CompiledPattern, ...], dict[int, RunnerPatterns]] = {}
        for number in set(segment.writers):
            if patterns := self._by_source.get(number):
                alike.setdefault(patterns.applicable(), {})[number] = patterns
        stops = [
            index
            for sources in alike.values()
            for index in next(iter(sources.values())).stops(segment, errors_only=errors_only)
            if segment.writers[index - segment.first] in sources
        ]
        return tuple(sorted(stops))
