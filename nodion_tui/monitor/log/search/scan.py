"""Which lines of a segment match. Runs in a thread; looks at sealed segments only.

Whole segments are searched where the pattern allows it, line by line where it does not. Colour
escapes are left out first, so that what is found is what is seen.
"""

from array import array
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from nodion_tui.monitor.log.search.background_scan import WorkStopped
from nodion_tui.monitor.log.search.query import Matcher
from nodion_tui.monitor.log.segment import LogSegment
from nodion_tui.monitor.log.segment_text import (
    LineIndex,
    TextT,
    body_text,
    has_one_line_per_entry,
    lines_matching,
    searchable_lines,
)

if TYPE_CHECKING:
    import regex

SEGMENT_TIMEOUT_SECONDS = 1.0
"""How long a pattern may take on a segment before it is tried line by line."""
_CHECK_EVERY = 128
_FEW = 500
"""Lines of a segment that are looked at one by one rather than all at once, or come to so."""


def scan_segment(
    segment: LogSegment, matchers: Sequence[Matcher], stopped: Callable[[], bool] = lambda: False
) -> "array[int]":
    """Positions in the segment of the lines that match all of the matchers, ascending.

    Raises:
        PatternTooSlow: a pattern takes too long on one line.
        Stopped: `stopped()` was true.
    """
    kept: Sequence[int] | None = None
    for matcher in matchers:
        if stopped():
            raise WorkStopped
        found = _matching(segment, matcher, kept, stopped)
        if matcher.negated:
            matched = set(found)
            every = range(len(segment)) if kept is None else kept
            kept = [position for position in every if position not in matched]
        else:
            kept = found
    marks = set(segment.marks)
    return array("I", [position for position in kept or () if position not in marks])


def _matching(
    segment: LogSegment,
    matcher: Matcher,
    within: Sequence[int] | None,
    stopped: Callable[[], bool],
) -> Sequence[int]:
    found = _whole(segment, matcher)
    if found is None:
        every = range(len(segment)) if within is None else within
        return list(_line_by_line(segment, matcher, every, stopped))
    if within is None:
        return found
    allowed = set(within)
    return [position for position in found if position in allowed]


def _line_by_line(
    segment: LogSegment, matcher: Matcher, within: Sequence[int], stopped: Callable[[], bool]
) -> Iterator[int]:
    for count, position in enumerate(within):
        if count % _CHECK_EVERY == 0 and stopped():
            raise WorkStopped
        if matcher.matches(body_text(segment.body(position))):
            yield position


def _whole(segment: LogSegment, matcher: Matcher) -> list[int] | None:
    """Matching positions by a search over the whole segment; None where that cannot be done."""
    lines = searchable_lines(segment)
    if lines is None:
        return None
    if (found := _by_signs(segment, lines, matcher)) is not None:
        return found
    try:
        if matcher.bytes_pattern and (not matcher.ascii_only or lines.text.isascii()):
            return _in_bytes(segment, lines, matcher, matcher.bytes_pattern)
        if matcher.text_pattern is not None and has_one_line_per_entry(segment):
            text = lines.text.decode("utf-8", "surrogatepass")
            return list(_by_pattern(LineIndex(text, "\n"), matcher.text_pattern, matcher))
    except TimeoutError:
        pass
    return None


def _in_bytes(
    segment: LogSegment, lines: LineIndex[bytes], matcher: Matcher, pattern: "regex.Pattern[bytes]"
) -> list[int]:
    """From match to match; where many lines match, it is faster to look at each line."""
    found = _by_pattern(lines, pattern, matcher)
    few = list(islice(found, _FEW))
    if len(few) < _FEW or not matcher.needle or not has_one_line_per_entry(segment):
        return few + list(found)
    text = lines.text.lower() if matcher.query.ignores_case else lines.text
    needle = matcher.needle
    return [position for position, line in enumerate(text.split(b"\n")) if needle in line]


def _by_signs(segment: LogSegment, lines: LineIndex[bytes], matcher: Matcher) -> list[int] | None:
    """Look at the lines that have what every match has; None if those are many, or not known."""
    candidates: set[int] = set()
    for signs in matcher.required_literals:
        found = (list(islice(lines_matching(lines.restarted(), sign), _FEW)) for sign in signs)
        few = next((positions for positions in found if len(positions) < _FEW), None)
        if few is None:
            return None
        candidates.update(few)
    if not matcher.required_literals:
        return None
    return [
        position
        for position in sorted(candidates)
        if matcher.matches(body_text(segment.body(position)))
    ]


def _by_pattern(
    lines: LineIndex[TextT], pattern: "regex.Pattern[TextT]", matcher: Matcher
) -> Iterator[int]:
    """Lines with a match; one that crosses lines is looked for again in its first line alone."""
    offset, length = 0, len(lines.text)
    while offset < length:
        found = pattern.search(lines.text, offset, timeout=SEGMENT_TIMEOUT_SECONDS, concurrent=True)
        if found is None or found.start() >= length:
            return
        line = lines.line_of(found.start())
        start, end = lines.line_bounds(line, found.start())
        if found.end() <= end or _alone(lines.text[start:end], matcher):
            yield line
        offset = end + 1


def _alone(line: str | bytes, matcher: Matcher) -> bool:
    return matcher.matches(line.decode() if isinstance(line, bytes) else line)
