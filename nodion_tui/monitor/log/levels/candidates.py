"""Finds the lines of a segment that may be errors, much faster than each is judged.

Every line that `judge.detect_level` calls an error is among them. Literals are searched one after
the other in the text in lower case: that is faster than any pattern that searches for all at once.
"""

import re
from collections.abc import Iterator
from functools import cache

import regex

from nodion_tui.monitor.log.level import ERROR_WORDS
from nodion_tui.monitor.log.levels.failures import FAILURE_LITERALS
from nodion_tui.monitor.log.segment_text import LineIndex, lines_matching

_ALL_LITERALS = FAILURE_LITERALS.union(ERROR_WORDS)
_LITERALS = tuple(
    literal.encode()
    for literal in sorted(_ALL_LITERALS)
    if not any(other != literal and other in literal for other in _ALL_LITERALS)
)
_NUMBER = rb"(?:[0-3]|1[7-9]|2[0-4]|[4-6]\d|[4-8]\d\d|1000|40000)\b"
_JSON_VALUE = rb'"\s*:\s*(?:"[EF]"|"?%b)' % _NUMBER
"""MongoDB's letters, and the numbers of an error on any scale."""
_PATTERNS = (
    rb"E(?:[/,:\]]|\d{3}|RR\b|\s{3}|\s[\w./+'\"(\[-])",
    rb"F(?:[/,:\]]|\d{3}|\s[\w./+'\"(\[-])",
    rb"\be:\s",
    rb"<\d{1,3}>",
    _JSON_VALUE,
)
"""Formats of `letters` and of structured lines. A search for one first letter is the fastest."""
_JSON_START = re.compile(rb"\s*\{\s*\"")
_CONTROL = re.compile(rb"[^\t -\xff]")
_JSON_ERROR = rb"%b|:\s*\"\s*(?i:%b)(?:[+-]\d+)?\s*\"" % (
    _JSON_VALUE,
    "|".join(ERROR_WORDS).encode(),
)


def error_candidates(lines: LineIndex[bytes]) -> set[int]:
    """Positions of the lines that may be errors."""
    candidates: set[int] = set()
    lower = lines.lowered()
    for literal in _LITERALS:
        candidates.update(_lines_containing(lower.restarted(), literal))
    for pattern in _PATTERNS:
        candidates.update(lines_matching(lines.restarted(), _compiled(pattern)))
    return candidates


def may_be_error(body: bytes) -> bool:
    """Whether a candidate is worth a judgement: a structured line needs the value of an error.

    What is edited by control characters may say something else than its bytes.
    """
    if not _JSON_START.match(body) or _CONTROL.search(body):
        return True
    return _json_error().search(body) is not None


@cache
def _json_error() -> re.Pattern[bytes]:
    return re.compile(_JSON_ERROR)


@cache
def _compiled(pattern: bytes) -> "regex.Pattern[bytes]":
    """A pattern, compiled by the first search: all would delay the start by 5 ms."""
    return regex.compile(pattern)


def _lines_containing(lines: LineIndex[bytes], literal: bytes) -> Iterator[int]:
    offset = lines.text.find(literal)
    while offset >= 0:
        position = lines.line_of(offset)
        yield position
        offset = lines.text.find(literal, lines.line_bounds(position, offset)[1])
