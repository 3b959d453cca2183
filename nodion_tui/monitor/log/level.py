"""Levels of log lines, and the names and numbers that loggers write for them."""

import re
from bisect import bisect_right
from enum import IntEnum, StrEnum


class LogLevel(IntEnum):
    """Severity of a line; the numbers are those of Python's logging."""

    TRACE = 5
    DEBUG = 10
    INFO = 20
    WARN = 30
    ERROR = 40
    FATAL = 50


_NAMES = (
    (LogLevel.TRACE, "trace trc trce verbose vrb finest finer silly"),
    (LogLevel.DEBUG, "debug debu dbg dbug fine"),
    (LogLevel.INFO, "info inf information informational notice success config default http"),
    (LogLevel.WARN, "warn wrn warning"),
    (LogLevel.ERROR, "error err eror erro severe fail"),
    (LogLevel.FATAL, "fatal fata ftl crit critical panic dpanic emerg emergency alert"),
)
WORDS = {name: level for level, names in _NAMES for name in names.split()}
"""Lower-case names: of syslog, .NET, Java, zap, winston, Serilog, log15, Charm and others."""

ERROR_WORDS = tuple(word for word, level in WORDS.items() if level >= LogLevel.ERROR)

_NUMBER = re.compile("0|[1-9][0-9]{0,4}")
_OFFSET = re.compile(r"[+-]\d+$")


class NumberScale(StrEnum):
    """A meaning of a level's number."""

    GENERAL = "general"
    """Told by its size: syslog, pino, Monolog, `java.util.logging`, Logback."""
    PYTHON = "python"
    SYSLOG = "syslog"
    GOOGLE = "google"
    OPEN_TELEMETRY = "open-telemetry"


_Steps = tuple[tuple[int, LogLevel | None], ...]
_SYSLOG: _Steps = (
    (0, LogLevel.FATAL),
    (3, LogLevel.ERROR),
    (4, LogLevel.WARN),
    (5, LogLevel.INFO),
    (7, LogLevel.DEBUG),
    (8, None),
)
_PYTHON: _Steps = (
    (1, LogLevel.TRACE),
    (10, LogLevel.DEBUG),
    (20, LogLevel.INFO),
    (30, LogLevel.WARN),
    (40, LogLevel.ERROR),
    (50, LogLevel.FATAL),
    (100, None),
)
_STEPS: dict[NumberScale, _Steps] = {
    NumberScale.SYSLOG: _SYSLOG,
    NumberScale.PYTHON: _PYTHON,
    NumberScale.OPEN_TELEMETRY: (
        (1, LogLevel.TRACE),
        (5, LogLevel.DEBUG),
        (9, LogLevel.INFO),
        (13, LogLevel.WARN),
        (17, LogLevel.ERROR),
        (21, LogLevel.FATAL),
        (25, None),
    ),
    NumberScale.GOOGLE: (
        *_SYSLOG,
        (100, LogLevel.DEBUG),
        (200, LogLevel.INFO),
        (400, LogLevel.WARN),
        (500, LogLevel.ERROR),
        (600, LogLevel.FATAL),
        (900, None),
    ),
    NumberScale.GENERAL: (
        *_SYSLOG,
        (10, LogLevel.TRACE),  # pino and bunyan, to 60
        (20, LogLevel.DEBUG),
        (30, LogLevel.INFO),
        (40, LogLevel.WARN),
        (50, LogLevel.ERROR),
        (60, LogLevel.FATAL),
        (70, None),
        (100, LogLevel.DEBUG),  # Monolog, to 600
        (200, LogLevel.INFO),
        (300, LogLevel.WARN),
        (400, LogLevel.ERROR),
        (500, LogLevel.FATAL),
        (700, LogLevel.INFO),  # java.util.logging, from CONFIG to SEVERE
        (900, LogLevel.WARN),
        (1000, LogLevel.ERROR),
        (1001, None),
        (5000, LogLevel.TRACE),  # Logback's level_value
        (10000, LogLevel.DEBUG),
        (20000, LogLevel.INFO),
        (30000, LogLevel.WARN),
        (40000, LogLevel.ERROR),
        (40001, None),
    ),
}


def parse_level(word: str) -> LogLevel | None:
    """The level of a name such as `warning`, or such as slog's `ERROR+2`."""
    name = word.strip().lower()
    return WORDS.get(name) or WORDS.get(_OFFSET.sub("", name))


def parse_level_number(digits: str, scale: NumberScale = NumberScale.GENERAL) -> LogLevel | None:
    """The level of a number; None if it is outside the scale, or no number."""
    if not _NUMBER.fullmatch(digits):
        return None
    steps = _STEPS[scale]
    position = bisect_right([first for first, _ in steps], int(digits))
    return steps[position - 1][1] if position else None
