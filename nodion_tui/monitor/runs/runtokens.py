"""A typed filter cut into tokens with their positions; nothing typed is an error here."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nodion_tui.monitor.runs.filter_terms import TERMS

_HEAD = re.compile(rf"(!*)(?:({'|'.join(TERMS)}):(!*))?", re.IGNORECASE)
_QUOTES = "\"'"


@dataclass(frozen=True, slots=True)
class Token:
    """One word or `key:value` of a typed filter."""

    start: int
    """Offset in the typed text, from 0."""
    end: int
    value_start: int
    raw: str
    """As typed, without the `!` before it."""
    key: str | None
    """A key of the filter language in lower case; None for a plain word."""
    value: str
    """Without its quotation marks."""
    negated: bool
    """An odd number of `!` stands before the token."""
    value_negated: bool
    """An odd number of `!` stands between key and value."""
    quoted: bool
    unclosed: bool
    """Quoted, and the second quotation mark is missing: the rest of the text is the value."""


def split(text: str) -> Iterator[Token]:
    """The tokens of a filter, leftmost first."""
    position = 0
    while position < len(text):
        if text[position].isspace():
            position += 1
            continue
        token = _token(text, position)
        yield token
        position = token.end


def _token(text: str, start: int) -> Token:
    head = _HEAD.match(text, start)
    bangs, key, inner = head.groups() if head else ("", None, None)
    at = head.end() if head else start
    end, value, quoted, unclosed = _value(text, at)
    return Token(
        start=start,
        end=end,
        value_start=at,
        raw=text[start + len(bangs) : end],
        key=key.lower() if key else None,
        value=value,
        negated=len(bangs) % 2 == 1,
        value_negated=len(inner or "") % 2 == 1,
        quoted=quoted,
        unclosed=unclosed,
    )


def _value(text: str, at: int) -> tuple[int, str, bool, bool]:
    """End, value, whether it is quoted, and whether its quotation is left open."""
    if at < len(text) and text[at] in _QUOTES:
        close = text.find(text[at], at + 1)
        if close < 0:
            return len(text), text[at + 1 :], True, True
        return close + 1, text[at + 1 : close], True, False
    end = at
    while end < len(text) and not text[end].isspace():
        end += 1
    return end, text[at:end], False, False
