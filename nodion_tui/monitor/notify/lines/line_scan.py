"""Finds the first lines that match patterns in lines that were read together. Runs in a thread."""

from collections.abc import Sequence
from typing import NamedTuple

from nodion_tui.model.log_line import LogLine, text_of
from nodion_tui.model.run import RunKey
from nodion_tui.monitor.log.line.reader import shown_text
from nodion_tui.monitor.log.patterns.compiled_pattern import CompiledPattern
from nodion_tui.monitor.log.patterns.line_batch import LineBatch
from nodion_tui.monitor.log.search.query import PatternTooSlow
from nodion_tui.monitor.log.search.scan import scan_segment
from nodion_tui.monitor.log.segment import pack_segment

MAX_LINE = 65_536
"""Characters of a line that are told; it is matched as a whole."""


class Candidates(NamedTuple):
    """Lines of a run of which some may match."""

    key: RunKey
    lines: Sequence[LogLine]
    size: int
    """Characters of the lines."""
    patterns: tuple[CompiledPattern, ...]


class ScanResult(NamedTuple):
    """The outcome for one pattern."""

    pattern: CompiledPattern
    line: LogLine | None
    """The first line that matches; None if none does."""
    is_slow: bool = False
    """Whether the pattern was given up, as it takes too long."""


def scan_candidates(candidates: Candidates) -> list[ScanResult]:
    """The outcome for each pattern that matches or takes too long."""
    batch = LineBatch(text_of(candidates.lines))
    patterns = [pattern for pattern in candidates.patterns if pattern.occurs(batch)]
    if not patterns:
        return []
    segment = pack_segment(0, candidates.lines, (), None)
    results = []
    for pattern in patterns:
        try:
            positions = scan_segment(segment, (pattern.matcher,))
        except PatternTooSlow:
            results.append(ScanResult(pattern, None, is_slow=True))
        else:
            first = candidates.lines[positions[0]] if positions else None
            results.append(ScanResult(pattern, first))
    return results


def told_text(line: LogLine) -> str:
    """The shown text of a line, as far as it is told."""
    return shown_text(line.body[: 2 * MAX_LINE])[:MAX_LINE]
