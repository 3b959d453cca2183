"""How serious a log line is, recognised in JSON and in plain text."""

import re
from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType

_LOOKED_AT = 400
"""Characters of a line that are looked at: a level stands near its beginning."""


class LogLevel(IntEnum):
    """How serious a line is; the numbers are those of Python's logging."""

    TRACE = 5
    DEBUG = 10
    INFO = 20
    WARN = 30
    ERROR = 40
    FATAL = 50


_WORDS: Mapping[str, LogLevel] = MappingProxyType(
    {
        "trace": LogLevel.TRACE,
        "trc": LogLevel.TRACE,
        "debug": LogLevel.DEBUG,
        "dbg": LogLevel.DEBUG,
        "info": LogLevel.INFO,
        "inf": LogLevel.INFO,
        "information": LogLevel.INFO,
        "notice": LogLevel.INFO,
        "warn": LogLevel.WARN,
        "wrn": LogLevel.WARN,
        "warning": LogLevel.WARN,
        "error": LogLevel.ERROR,
        "err": LogLevel.ERROR,
        "severe": LogLevel.ERROR,
        "fatal": LogLevel.FATAL,
        "crit": LogLevel.FATAL,
        "critical": LogLevel.FATAL,
        "panic": LogLevel.FATAL,
        "emerg": LogLevel.FATAL,
        "emergency": LogLevel.FATAL,
        "alert": LogLevel.FATAL,
    }
)
_ANY = "|".join(sorted(_WORDS, key=len, reverse=True))
_FAILURE = re.compile(
    r"Traceback \(most recent call last\)|^\s*(?:Caused by: |panic: |fatal error: |npm ERR!)"
    r"|^thread '.*' panicked at |^Exception in thread |^Uncaught |^goroutine \d+ \["
    r"|^(?:[\w$]+\.)*[\w$]*(?:Error|Exception|Interrupt)(?::|$)"
)
_IN_JSON = re.compile(
    r'"(?:level|lvl|severity|log_?level|levelname|log\.level|@level|severity_text)"\s*:\s*'
    r'(?:"([A-Za-z]+)"|([1-6]0)\b)'
)
_CAPITALS = re.compile(rf"(?<![\w/.-])(?:{_ANY.upper()})(?![\w/.-])")
_KEYED = re.compile(rf"\b(?:level|lvl|severity)=\"?({_ANY})\b", re.IGNORECASE)
_NAMED = re.compile(
    rf"(?:^|[\s:])(?:fatal )?({_ANY})(?:\[\w+\])?: |[\[<(]({_ANY})[\])>]"
    rf"|^[\d:.,TZ/+ -]{{8,40}}({_ANY})\b",
    re.IGNORECASE,
)
_KLOG = re.compile(r"^([IWEF])\d{4} \d\d:\d\d:\d\d")
_KLOG_LEVELS: Mapping[str, LogLevel] = MappingProxyType(
    {"I": LogLevel.INFO, "W": LogLevel.WARN, "E": LogLevel.ERROR, "F": LogLevel.FATAL}
)


def parse_level(word: str) -> LogLevel | None:
    """The level of a name such as `warning` or of a number such as 50 (pino, bunyan)."""
    return _WORDS.get(word.lower()) or _numbered(word)


def detect_level(text: str) -> LogLevel | None:
    """The level of a line.

    Args:
        text: the line without colour escapes (`logscan.shown`).

    Returns:
        None where it names none.
    """
    head = text[:_LOOKED_AT]
    if head.lstrip().startswith("{"):
        found = _IN_JSON.search(text)
        if found:
            return parse_level(found[1] or found[2])
    if _FAILURE.search(head):
        return LogLevel.ERROR
    if found := _KLOG.match(head):
        return _KLOG_LEVELS[found[1]]
    if found := _KEYED.search(head):
        return _WORDS[found[1].lower()]
    named = _NAMED.search(head)
    capitals = _CAPITALS.search(head)
    if named and (not capitals or named.start() < capitals.start()):
        return _WORDS[next(filter(None, named.groups())).lower()]
    return _WORDS[capitals.group().lower()] if capitals else None


def _numbered(word: str) -> LogLevel | None:
    if not word.isdecimal():
        return None
    number = int(word)
    # pino and bunyan: 10 trace, 20 debug, 30 info, 40 warn, 50 error, 60 fatal.
    by_number = (
        LogLevel.TRACE,
        LogLevel.DEBUG,
        LogLevel.INFO,
        LogLevel.WARN,
        LogLevel.ERROR,
        LogLevel.FATAL,
    )
    return by_number[number // 10 - 1] if number % 10 == 0 and 10 <= number <= 60 else None
