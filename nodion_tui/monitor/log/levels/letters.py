"""Reads levels that logging formats write as one letter, digit or sign."""

import re

from nodion_tui.monitor.log.level import LogLevel, NumberScale, parse_level_number

_LETTERS = {
    "V": LogLevel.TRACE,
    "D": LogLevel.DEBUG,
    "I": LogLevel.INFO,
    "W": LogLevel.WARN,
    "E": LogLevel.ERROR,
    "F": LogLevel.FATAL,
}
_FORMATS = re.compile(
    r"""(?a:
      (?P<klog>[IWEF])\d{4}(?:\d{4})?\s\d\d:\d\d:\d\d                       # klog, Abseil
    | (?P<logcat>[VDIWEF])/[^()]{1,60}\(\s*\d+\):\s
    | \d\d-\d\d\s\d\d:\d\d:\d\d\.\d+\s+(?:\d+\s+\d+\s+)?                  # logcat
        (?P<threads>[VDIWEF])[ /][\w.(\[-][^:]{0,60}:\s
    | (?P<ruby>[DIWEF]),\s\[\d{4}-
    | (?P<apt>[EW]):\s\S
    | \[(?P<bracket>[DIWEF])(?:\]\s|\s\d)                                  # Tornado, lager
    | (?P<kotlin>[ew]):\s(?:file:|/|\S+\.kts?\b)
    | (?P<pytest>E)\s{3,}\S
    | (?P<tensorflow>[IWEF])\s[\w./-]+\.(?:cc|h|cpp|cu|go|py):\d+\]
    | \S+:\d+:\d+:\s(?P<lint>[EFW])\d{3,4}:?\s                            # pylint, flake8, Ruff
    | \[?(?:[\d/-]+[\sT])?\d\d:\d\d:\d\d\S*\s                              # %(levelname).1s
        (?P<single>[VDIWEF])\s[\w./(\[-]\S*:
    | <(?P<priority>[0-7])>                                               # systemd
    | <(?P<syslog>\d{1,3})>(?=[A-Z][a-z][a-z]\s|1\s\d{4}-)                # RFC 3164, 5424
    )""",
    re.VERBOSE,
)
_REDIS = re.compile(r"\d+:[MSCX]\s(?:\d+\s)?\S+(?:\s\d{4})?\s[\d:.]+\s([.*#-])\s", re.ASCII)
_REDIS_FAILURE = re.compile("fatal|error|fail", re.IGNORECASE | re.ASCII)
_REDIS_SIGNS = {
    ".": LogLevel.DEBUG,
    "-": LogLevel.INFO,
    "*": LogLevel.INFO,
    "#": LogLevel.WARN,
}


def level_of_letter(head: str, content: int) -> LogLevel | None:
    """The level of a line whose words begin at offset `content` and that has such a format."""
    for start in {0, content}:
        if match := _FORMATS.match(head, start):
            if digits := match["priority"] or match["syslog"]:
                return parse_level_number(str(int(digits) % 8), NumberScale.SYSLOG)
            level = _LETTERS[next(filter(None, match.groups())).upper()]
            return min(level, LogLevel.ERROR) if match["lint"] else level
    if match := _REDIS.match(head, content):
        is_failure = match[1] == "#" and _REDIS_FAILURE.search(head, match.end())
        return LogLevel.ERROR if is_failure else _REDIS_SIGNS[match[1]]
    return None
