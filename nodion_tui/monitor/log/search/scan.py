"""Finds the matching lines of a segment. Runs in a thread, on sealed segments only.

Whole segments are searched if the pattern allows it, else line by line. What is searched is the
text that is shown (`segment_text`).
"""

from array import array
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from nodion_tui.monitor.log.search.query import Matcher
from nodion_tui.monitor.log.segment import LogSegment
from nodion_tui.monitor.log.segment_text import (
    LineIndex,
    TextT,
    body_text,
    lines_matching,
    searchable_lines,
)
from nodion_tui.monitor.log.work_stopped import WorkStopped

if TYPE_CHECKING:
    import regex

SEGMENT_TIMEOUT_SECONDS = 1.0
"""Time limit of a pattern on a segment before it is tried line by line."""
_STOP_CHECK_LINES = 128
_MAX_CANDIDATES = 500
"""Up to this many candidate lines of a segment are matched one by one instead of all at once."""


def scan_segment(
    segment: LogSegment, matchers: Sequence[Matcher], stopped: Callable[[], bool] = lambda: False
) -> "array[int]":
    """Positions of the segment's lines that match all of the matchers, ascending.

    Raises:
        PatternTooSlow: a pattern takes too long on one line.
        WorkStopped: `stopped()` was true.
    """
    matching: Sequence[int] | None = None
    for matcher in matchers:
        if stopped():
            raise WorkStopped
        positions = _matching(segment, matcher, matching, stopped)
        if matcher.negated:
            matched = set(positions)
            candidates = range(len(segment)) if matching is None else matching
            matching = [position for position in candidates if position not in matched]
        else:
            matching = positions
    markers = set(segment.markers)
    return array("I", [position for position in matching or () if position not in markers])


def _matching(
    segment: LogSegment,
    matcher: Matcher,
    within: Sequence[int] | None,
    stopped: Callable[[], bool],
) -> Sequence[int]:
    positions = _search_whole(segment, matcher)
    if positions is None:
        candidates = range(len(segment)) if within is None else within
        return list(_line_by_line(segment, matcher, candidates, stopped))
    if within is None:
        return positions
    allowed = set(within)
    return [position for position in positions if position in allowed]


def _line_by_line(
    segment: LogSegment, matcher: Matcher, within: Sequence[int], stopped: Callable[[], bool]
) -> Iterator[int]:
    for count, position in enumerate(within):
        if count % _STOP_CHECK_LINES == 0 and stopped():
            raise WorkStopped
        if matcher.matches(body_text(segment.body(position))):
            yield position


def _search_whole(segment: LogSegment, matcher: Matcher) -> list[int] | None:
    """Positions matched by searching the whole segment; None if that is not possible."""
    lines = searchable_lines(segment)
    if (positions := _search_literals(segment, lines, matcher)) is not None:
        return positions
    try:
        if matcher.bytes_pattern and (not matcher.ascii_only or lines.text.isascii()):
            return _search_bytes(lines, matcher, matcher.bytes_pattern)
        if matcher.text_pattern is not None:
            text = lines.text.decode("utf-8", "surrogatepass")
            return list(_search_pattern(LineIndex(text, "\n"), matcher.text_pattern, matcher))
    except TimeoutError:
        pass
    return None


def _search_bytes(
    lines: LineIndex[bytes], matcher: Matcher, pattern: "regex.Pattern[bytes]"
) -> list[int]:
    """Search from match to match; if many lines match, checking each line is faster."""
    positions = _search_pattern(lines, pattern, matcher)
    first_positions = list(islice(positions, _MAX_CANDIDATES))
    if len(first_positions) < _MAX_CANDIDATES or not matcher.needle:
        return first_positions + list(positions)
    text = lines.text.lower() if matcher.query.ignores_case else lines.text
    needle = matcher.needle
    return [position for position, line in enumerate(text.split(b"\n")) if needle in line]


def _search_literals(
    segment: LogSegment, lines: LineIndex[bytes], matcher: Matcher
) -> list[int] | None:
    """Match the lines that contain the required literals; None if those are many, or unknown."""
    candidates: set[int] = set()
    for literals in matcher.required_literals:
        searches = (
            list(islice(lines_matching(lines.restarted(), literal), _MAX_CANDIDATES))
            for literal in literals
        )
        line_positions = next(
            (positions for positions in searches if len(positions) < _MAX_CANDIDATES), None
        )
        if line_positions is None:
            return None
        candidates.update(line_positions)
    if not matcher.required_literals:
        return None
    return [
        position
        for position in sorted(candidates)
        if matcher.matches(body_text(segment.body(position)))
    ]


def _search_pattern(
    lines: LineIndex[TextT], pattern: "regex.Pattern[TextT]", matcher: Matcher
) -> Iterator[int]:
    """Lines with a match; a match that crosses lines is repeated in its first line alone."""
    offset, length = 0, len(lines.text)
    while offset < length:
        match = pattern.search(lines.text, offset, timeout=SEGMENT_TIMEOUT_SECONDS, concurrent=True)
        if match is None or match.start() >= length:
            return
        line = lines.line_of(match.start())
        start, end = lines.line_bounds(line, match.start())
        if match.end() <= end or _matches_alone(lines.text[start:end], matcher):
            yield line
        offset = end + 1


def _matches_alone(line: str | bytes, matcher: Matcher) -> bool:
    return matcher.matches(line.decode() if isinstance(line, bytes) else line)
