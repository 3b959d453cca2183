"""Formats JSON as it was written: on one row, or over several with texts of several lines as such.

msgspec and the standard library refuse or change NaN, raw tabs and equal keys.
"""

import json
import re
from collections.abc import Iterator
from itertools import pairwise

import msgspec

from nodion_tui.monitor.log.structured.members import split_members

_INDENT = "  "
_TAB_SIZE = 4
_PART = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
_SPACE = re.compile(r"\s")
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)"
)
_OPENING, _CLOSING = ("{", "["), ("}", "]")
_BEFORE_A_ROW = (*_OPENING, ",")


def compact(raw: str) -> str:
    """JSON on one row, without spaces between its parts."""
    if raw[:1] in "{[" and _SPACE.search(raw):
        raw = "".join(_PART.findall(raw))
    return unescape(raw)


def pretty(body: str) -> list[str]:
    """A JSON line over several rows, indented by two; unchanged if it is not JSON.

    A text of several lines, such as a stack trace, follows its key line by line and unquoted.
    """
    return [body] if split_members(body) is None else [*_rows(body.strip(" \t\r\n\ufeff"))]


def unescape(text: str) -> str:
    """JSON with letters instead of escapes; required and hidden escapes stay."""
    return _ESCAPE.sub(lambda match: _unescape_one(match.group()), text) if "\\u" in text else text


def _rows(text: str) -> Iterator[str]:
    row, depth, previous, is_text = "", 0, "", False
    for part, following in pairwise([*_PART.findall(text), ""]):
        closes = part in _CLOSING
        depth -= closes
        if previous not in _OPENING if closes else previous in _BEFORE_A_ROW:
            yield row
            row = _INDENT * depth
        depth += part in _OPENING
        previous = part
        lines = _text_lines(part) if following != ":" else []
        if lines:
            yield row.rstrip()
            *others, row = (_INDENT * (depth + 1) + line for line in lines)
            yield from others
        elif not (is_text and part == ","):
            row += ": " if part == ":" else unescape(part)
        is_text = bool(lines)
    yield row


def _text_lines(part: str) -> list[str]:
    """The lines of a text with line breaks; empty if it has none."""
    if not part.startswith('"') or not ("\\n" in part or "\n" in part):
        return []
    text = str(json.loads(part, strict=False)).rstrip("\r\n")
    lines = [line.rstrip("\r").expandtabs(_TAB_SIZE) for line in text.split("\n")]
    return lines if len(lines) > 1 else []


def _unescape_one(escape: str) -> str:
    if escape[1] != "u":
        return escape
    try:
        letter = msgspec.json.decode(f'"{escape}"', type=str)
    except msgspec.DecodeError:  # half of a pair
        return escape
    return letter if letter.isprintable() and letter not in '"\\' else escape
