"""Replaces what differs between runs without meaning: times, ids, numbers.

Made for long logs: one pass over a whole segment. `insight.line_shape` normalizes a single line
more precisely, at ten times the cost.
"""

import regex

from nodion_tui.monitor.log.segment import LogSegment
from nodion_tui.monitor.log.segment_text import searchable_lines

PLACEHOLDER = "#"
_KEPT = r'(?<!(?:status|code|errno|exit|signal|")[ =:]\d)'
"""A status or an error number distinguishes causes, unlike other numbers."""
_PASSES = (
    regex.compile(rf"\d(?<!\d\d){_KEPT}[0-9A-Za-z]*(?:[-.:,/+_]\d[0-9A-Za-z]*)*"),
    regex.compile(r"\b[a-f]{1,7}#"),
    regex.compile(r"#(?:-(?:#|[a-f]{4}\b))+"),
)
"""Words from their first digit on; the letters that a hexadecimal id may begin with; the groups of
a UUID. Three simple passes take a third of the time of one combined pattern.
"""


def normalize(text: str) -> str:
    """The text with `#` for numbers, times and ids (but `status 500` stays)."""
    for pattern in _PASSES:
        text = pattern.sub(PLACEHOLDER, text, concurrent=True)
    return text


def normalized_lines(segment: LogSegment) -> list[str]:
    """The shown text of every line of a segment, normalized."""
    return normalize(searchable_lines(segment).text[:-1].decode()).split("\n")
