"""Splits a JSON object into its members, each value as it was written.

Accepts what loggers write although JSON forbids it: NaN, Infinity, raw tabs, lone halves of
surrogate pairs, a byte order mark, and a key that occurs twice. msgspec and orjson refuse all but
the last, of which they keep one, so the scanner of the standard library reads each value.
"""

import json
import re
from typing import NamedTuple

from nodion_tui.monitor.log.line_start import content_start

MAX_LENGTH = 262_144
"""Maximum characters of a line that is parsed as JSON."""

_MAX_PREFIX = 400
"""Characters among which an object begins."""
_SPACE = " \t\r\n\ufeff"
_SCANNER = json.JSONDecoder(strict=False, parse_int=str, parse_float=str, parse_constant=str)
_START = re.compile(r"[\s\ufeff]*\{\s*")
_COLON = re.compile(r"\s*:\s*")
_COMMA = re.compile(r"\s*(?:,\s*|(\}))")


class Member(NamedTuple):
    """A member of an object."""

    key: str
    value: object
    """Decoded; a number as the text it was written as, in a list or an object too."""
    raw: str
    """As written."""

    @property
    def is_number(self) -> bool:
        """Whether the value is a number, NaN and Infinity included."""
        return isinstance(self.value, str) and not self.raw.startswith('"')


def looks_like_json(body: str) -> bool:
    """Whether a line may be a JSON object; cheap enough for every line on the screen."""
    return (
        len(body) <= MAX_LENGTH
        and body.lstrip(_SPACE)[:1] == "{"
        and body.rstrip(_SPACE)[-1:] == "}"
    )


def split_prefix(text: str) -> tuple[str, str]:
    """What other programs have put before an object, such as a time or `web-1 | `, and the rest.

    Of a line that is no object, or has nothing before it, the prefix is empty.
    """
    if text.lstrip(_SPACE)[:1] == "{" or text.rstrip(_SPACE)[-1:] != "}":
        return "", text
    start = content_start(text[:_MAX_PREFIX])
    return (text[:start], text[start:]) if text[start : start + 1] == "{" else ("", text)


def split_members(body: str) -> list[Member] | None:
    """The members of an object in order; None if the line is no object, or too long."""
    if not looks_like_json(body) or not (start := _START.match(body)):
        return None
    try:
        return _scan(body.rstrip(_SPACE), start.end())
    except (ValueError, RecursionError):
        return None


def _scan(text: str, position: int) -> list[Member] | None:
    members: list[Member] = []
    if text[position:] == "}":
        return members
    while text[position : position + 1] == '"':
        key, position = _SCANNER.raw_decode(text, position)
        if not (colon := _COLON.match(text, position)):
            return None
        value, position = _SCANNER.raw_decode(text, colon.end())
        members.append(Member(key, value, text[colon.end() : position]))
        if not (comma := _COMMA.match(text, position)):
            return None
        position = comma.end()
        if comma[1]:
            return members if position == len(text) else None
    return None
