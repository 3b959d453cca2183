"""All line patterns of the configuration, by runner."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from nodion_tui.model.line_pattern import LinePattern
from nodion_tui.model.runner import Runner, unknown_runner
from nodion_tui.monitor.log.patterns.runner_patterns import NO_PATTERNS, RunnerPatterns

if TYPE_CHECKING:
    from nodion_tui.monitor.log.patterns.compiled_pattern import CompiledPattern


class PatternBook:
    """Compiles the patterns once, when the first log is opened.

    Args:
        patterns: as configured.
        runner_of: returns what is known of a runner, by its id.
    """

    def __init__(
        self,
        patterns: Sequence[LinePattern] = (),
        runner_of: Callable[[str], Runner | None] = unknown_runner,
    ) -> None:
        self.patterns = tuple(patterns)
        self._runner_of = runner_of
        self._compiled: tuple[CompiledPattern, ...] = ()
        self._runners: dict[str, RunnerPatterns] = {}

    def of(self, runner_id: str) -> RunnerPatterns:
        """The patterns of a runner."""
        if not self.patterns:
            return NO_PATTERNS
        if not self._compiled:
            # On demand: `regex` is slow to import.
            from nodion_tui.monitor.log.patterns.compiled_pattern import CompiledPattern  # noqa: PLC0415

            self._compiled = tuple(map(CompiledPattern, self.patterns))
        if runner_id not in self._runners:
            self._runners[runner_id] = RunnerPatterns(self._compiled, runner_id, self._runner_of)
        return self._runners[runner_id]

    def take_slow(self) -> list[LinePattern]:
        """The patterns that some log has given up since the last call, each once."""
        slow = [pattern for each in self._runners.values() for pattern in each.take_slow()]
        return list(dict.fromkeys(slow))
