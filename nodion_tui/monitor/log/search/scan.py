"""Which lines of a segment match. Runs in a thread; looks at sealed segments only.

Whole segments are searched where the pattern allows it, line by line where it does not. Colour
escapes are left out first, so that what is found is what is seen.
"""

from array import array
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from nodion_tui.monitor.log.search.background_scan import Stopped
from nodion_tui.monitor.log.search.query import Matcher
from nodion_tui.monitor.log.segment import Segment
from nodion_tui.monitor.log.segment_text import Lines, Text, having, lines_of, one_each, shown

if TYPE_CHECKING:
    import regex

WHOLE_SECONDS = 1.0
"""How long a pattern may take on a segment before it is tried line by line."""
_CHECK_EVERY = 128
_FEW = 500
"""Lines of a segment that are looked at one by one rather than all at once, or come to so."""


def scan(
    segment: Segment, matchers: Sequence[Matcher], stopped: Callable[[], bool] = lambda: False
) -> "array[int]":
    """Positions in the segment of the lines that match all of the matchers, ascending.

    Raises:
        PatternTooSlow: a pattern takes too long on one line.
        Stopped: `stopped()` was true.
    """
    kept: Sequence[int] | None = None
    for matcher in matchers:
        if stopped():
            raise Stopped
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
    segment: Segment,
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
    segment: Segment, matcher: Matcher, within: Sequence[int], stopped: Callable[[], bool]
) -> Iterator[int]:
    for count, position in enumerate(within):
        if count % _CHECK_EVERY == 0 and stopped():
            raise Stopped
        if matcher.matches(shown(segment.body(position))):
            yield position


def _whole(segment: Segment, matcher: Matcher) -> list[int] | None:
    """Matching positions by a search over the whole segment; None where that cannot be done."""
    lines = lines_of(segment)
    if lines is None:
        return None
    if (found := _by_signs(segment, lines, matcher)) is not None:
        return found
    try:
        if matcher.in_bytes and (not matcher.only_ascii or lines.text.isascii()):
            return _in_bytes(segment, lines, matcher, matcher.in_bytes)
        if matcher.in_text is not None and one_each(segment):
            text = lines.text.decode("utf-8", "surrogatepass")
            return list(_by_pattern(Lines(text, "\n"), matcher.in_text, matcher))
    except TimeoutError:
        pass
    return None


def _in_bytes(
    segment: Segment, lines: Lines[bytes], matcher: Matcher, pattern: "regex.Pattern[bytes]"
) -> list[int]:
    """From match to match; where many lines match, it is faster to look at each line."""
    found = _by_pattern(lines, pattern, matcher)
    few = list(islice(found, _FEW))
    if len(few) < _FEW or not matcher.needle or not one_each(segment):
        return few + list(found)
    text = lines.text.lower() if matcher.query.ignores_case else lines.text
    needle = matcher.needle
    return [position for position, line in enumerate(text.split(b"\n")) if needle in line]


def _by_signs(segment: Segment, lines: Lines[bytes], matcher: Matcher) -> list[int] | None:
    """Look at the lines that have what every match has; None if those are many, or not known."""
    candidates: set[int] = set()
    for signs in matcher.signs:
        found = (list(islice(having(lines.again(), sign), _FEW)) for sign in signs)
        few = next((positions for positions in found if len(positions) < _FEW), None)
        if few is None:
            return None
        candidates.update(few)
    if not matcher.signs:
        return None
    return [
        position
        for position in sorted(candidates)
        if matcher.matches(shown(segment.body(position)))
    ]


def _by_pattern(
    lines: Lines[Text], pattern: "regex.Pattern[Text]", matcher: Matcher
) -> Iterator[int]:
    """Lines with a match; one that crosses lines is looked for again in its first line alone."""
    offset, length = 0, len(lines.text)
    while offset < length:
        found = pattern.search(lines.text, offset, timeout=WHOLE_SECONDS, concurrent=True)
        if found is None or found.start() >= length:
            return
        line = lines.line_of(found.start())
        start, end = lines.bounds(line, found.start())
        if found.end() <= end or _alone(lines.text[start:end], matcher):
            yield line
        offset = end + 1


def _alone(line: str | bytes, matcher: Matcher) -> bool:
    return matcher.matches(line.decode() if isinstance(line, bytes) else line)
