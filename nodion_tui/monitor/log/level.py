"""Detects the level of a log line, in JSON and in plain text."""

import re
from enum import IntEnum

_EXAMINED_CHARACTERS = 400
"""Characters examined: a level stands near the beginning of a line."""


class LogLevel(IntEnum):
    """Severity of a line; the numbers are those of Python's logging."""

    TRACE = 5
    DEBUG = 10
    INFO = 20
    WARN = 30
    ERROR = 40
    FATAL = 50


_NAMES = (
    (LogLevel.TRACE, "trace trc"),
    (LogLevel.DEBUG, "debug dbg"),
    (LogLevel.INFO, "info inf information notice"),
    (LogLevel.WARN, "warn wrn warning"),
    (LogLevel.ERROR, "error err severe"),
    (LogLevel.FATAL, "fatal crit critical panic emerg emergency alert"),
)
_WORDS = {name: level for level, names in _NAMES for name in names.split()}
_NUMBERS = {str(10 * number): level for number, level in enumerate(LogLevel, 1)}
"""pino and bunyan: 10 trace, 20 debug, 30 info, 40 warn, 50 error, 60 fatal."""
_ANY_WORD = "|".join(sorted(_WORDS, key=len, reverse=True))
_FAILURE = re.compile(
    r"Traceback \(most recent call last\)|^\s*(?:Caused by: |panic: |fatal error: |npm ERR!)"
    r"|^thread '.*' panicked at |^Exception in thread |^Uncaught |^goroutine \d+ \["
    r"|^(?:[\w$]+\.)*[\w$]*(?:Error|Exception|Interrupt)(?::|$)"
)
_IN_JSON = re.compile(
    r'"(?:level|lvl|severity|log_?level|levelname|log\.level|@level|severity_text)"\s*:\s*'
    r'(?:"([A-Za-z]+)"|([1-6]0)\b)'
)
_CAPITALS = re.compile(rf"(?<![\w/.-])(?:{_ANY_WORD.upper()})(?![\w/.-])")
_KEY_VALUE = re.compile(rf"\b(?:level|lvl|severity)=\"?({_ANY_WORD})\b", re.IGNORECASE)
_LABELED = re.compile(
    rf"(?:^|[\s:])(?:fatal )?({_ANY_WORD})(?:\[\w+\])?: |[\[<(]({_ANY_WORD})[\])>]"
    rf"|^[\d:.,TZ/+ -]{{8,40}}({_ANY_WORD})\b",
    re.IGNORECASE,
)
_KLOG = re.compile(r"^([IWEF])\d{4} \d\d:\d\d:\d\d")
_KLOG_LEVELS = {"I": LogLevel.INFO, "W": LogLevel.WARN, "E": LogLevel.ERROR, "F": LogLevel.FATAL}


def parse_level(word: str) -> LogLevel | None:
    """The level of a name such as `warning` or of a number such as 50 (pino, bunyan)."""
    return _WORDS.get(word.lower()) or _NUMBERS.get(word)


def detect_level(text: str) -> LogLevel | None:
    """The level of a line.

    Args:
        text: the line without color escapes (`segment_text.body_text`).

    Returns:
        None if no level is recognized.
    """
    # The patterns also match "ı" and "ſ", as other cases of "i" and "s"; no name has these.
    head = text[:_EXAMINED_CHARACTERS]
    if head.lstrip().startswith("{"):
        match = _IN_JSON.search(text)
        if match:
            return parse_level(match[1] or match[2])
    if _FAILURE.search(head):
        return LogLevel.ERROR
    if match := _KLOG.match(head):
        return _KLOG_LEVELS[match[1]]
    if match := _KEY_VALUE.search(head):
        return _WORDS.get(match[1].lower())
    label = _LABELED.search(head)
    capitals = _CAPITALS.search(head)
    if label and (not capitals or label.start() < capitals.start()):
        return _WORDS.get(next(filter(None, label.groups())).lower())
    return _WORDS[capitals.group().lower()] if capitals else None
