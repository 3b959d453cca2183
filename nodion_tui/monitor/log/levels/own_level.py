"""Reads the level that a plain line's logger wrote, such as `ERROR`, `[warn]` or `level=info`.

A name of a level is one only where loggers write it: behind a time, in brackets, before a colon.
The word in a sentence, in a file's name or in a setting is none.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from nodion_tui.monitor.log.level import WORDS, LogLevel

_HEADER_LENGTH = 160
"""Characters before a level: time, host, thread and logger."""
_PLAIN_WORDS = 1
"""Words of letters only that may stand before a level, such as a host or a thread."""

_NAMES = "|".join(
    sorted(WORDS.keys() - {"default", "success", "config", "fine", "http", "silly"}, key=len)[::-1]
)
_FIRST_WORDS = frozenset(
    (
        *("ERROR", "WARN", "WARNING", "INFO", "DEBUG", "TRACE"),
        *("FATAL", "CRITICAL", "SEVERE", "ERRO", "DEBU", "FATA", "CRIT"),
    )
)
"""Names that may begin a sentence in capitals without being one of its words."""
_NOTHING = re.compile(
    r"\s*(?:none|null|nil|<nil>|no(?: errors?)?|0|false|undefined|n/?a|-|ok|\d*\.\d+%?"
    r"|''|\"\"|\[\]|\{\})"
    r"[\s,;.)}\]]*(?:$|[,;]\s)",
    re.IGNORECASE,
)
_TOKEN = rf"""
      (?:^|(?<=[\s{{,;|(\[]))@?
        (?-i:[Ll]evel|lvl|[Ss]everity|[Ll]og_?[Ll]evel|levelname|sev|at)=["']?
        (?P<key>{_NAMES})(?:[+-]\d+)?(?![\w.-])
    | "[^"\\]*(?:\\.[^"\\]*)*(?:"|$)  # a level in quotes is a quotation
    | (?<![\w'"`$=])(?:\[\s*(?:\w+[:.])?(?P<square>{_NAMES})\s*\]|<(?P<angle>{_NAMES})>
        |\(\s*(?P<round>{_NAMES})\s*\))(?!=)
    | (?<=\w\.)(?-i:(?P<channel>{_NAMES.upper()})):\s    # Monolog
    | (?:^|(?<=[\s\[\])|:>]))(?:fatal\s(?=error))?(?P<name>{_NAMES})(?![ ]0[ ]\|)
        (?:(?P<label>(?:\[\w+\]|\s[A-Z]{{1,10}}-?\d+)?\s?:(?=\s|$|[A-Z0-9]))
          |(?P<end>(?![\w.='"`)*-]|\s*=(?!=)|/)|(?=/[\w.-]+\])|(?=\[\d+\])))
    """
_IN_BRACKETS = ("square", "angle", "round")
_TIME_BEFORE = re.compile(r"[\[(]?[\d:.,TZ/+ -]{8,40}[\])]?\s", re.ASCII)
_HEADER_ENDS = ":])>|-"
"""One of these ends a beginning of plain words, such as a logger's name."""
_BULLETS = frozenset("-*•✓✔√$+%")
"""Begin an item of a list, the name of a test that passes, or a command."""
_CALENDAR = frozenset(
    (
        *("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "Jan", "Feb", "Mar"),
        *("Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "AM", "PM"),
    )
)


class OwnLevel(NamedTuple):
    """A level, and where it is written."""

    start: int
    level: LogLevel


def find_own_level(head: str, content: int) -> OwnLevel | None:
    """The first level in the beginning of a line whose words begin at offset `content`."""
    for match in _token().finditer(head):
        name = next(filter(None, match.group("key", *_IN_BRACKETS, "channel", "name")), None)
        if name is None:
            continue
        if match["key"] or _is_level(head, match, content):
            return OwnLevel(match.start(), WORDS[name.lower()])
    return None


@cache
def _token() -> re.Pattern[str]:
    """A name of a level; compiled by the first line, not at the start (7 ms)."""
    return re.compile(_TOKEN, re.VERBOSE | re.IGNORECASE | re.ASCII)


def _is_level(head: str, match: re.Match[str], content: int) -> bool:
    """Whether a name of a level stands where loggers write it."""
    start = match.start()
    if not (start in (0, content) or is_header(head[:start])):
        return False
    name = match["name"]
    if name is None:
        return True
    if match["label"]:
        return not is_nothing(head[match.end() :])
    if name.isupper():
        is_behind_time = any(map(str.isdigit, head[:start]))
        is_column = head[match.end() :][:2].isspace()
        return start != content or is_behind_time or is_column or name in _FIRST_WORDS
    return start == content and _TIME_BEFORE.fullmatch(head[:start]) is not None


def is_header(before: str) -> bool:
    """Whether a text has the form of a log line's beginning, not of a sentence."""
    words = before[: _HEADER_LENGTH + 1].split()
    if len(before) > _HEADER_LENGTH or not words or words[0] in _BULLETS:
        return False
    is_marked = (
        not words[0].isalpha() or words[0] in _CALENDAR or before.strip()[-1] in _HEADER_ENDS
    )
    return is_marked and sum(1 for _ in _plain_words(words)) <= _PLAIN_WORDS


def _plain_words(words: list[str]) -> Iterator[str]:
    for word in words:
        if word.isalpha() and not word.isupper() and word not in _CALENDAR:
            yield word


def is_nothing(value: str) -> bool:
    """Whether the text after `error:` says that there is none."""
    return _NOTHING.match(value) is not None
