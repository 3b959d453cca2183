"""Finds where the words of a plain line begin: behind margins, service names and times."""

import re

_TIME = r"\d\d:\d\d:\d\d(?:[.,:]\d+)?"
_ZONE = r"(?:\s?(?:Z|UTC|GMT|[+-]\d\d:?\d\d))?"
_PREFIX = re.compile(
    rf"""(?a:\s*(?:
      \[?\d{{4}}[-/]\d\d[-/]\d\d[T_ ,]+{_TIME}{_ZONE}\]?:?(?:\s\d\d[EO]\+?)?\s  # ISO 8601; GitLab's
    | \[?{_TIME}\]?:?\s                                                   # a clock
    | [A-Z][a-z]{{2}}\s+\d{{1,2}}\s{_TIME}\s\S+\s[^\s:\[]+(?:\[\d+\])?:\s  # syslog
    | [\w./-]{{1,80}}\s*\|\s                                              # Compose, overmind
    | \[(?:pod/)?[\w./-]*[\d/][\w./-]*\]\s                                # kubectl, concurrently
    | \#\d+\s(?:\d+\.\d+\s)?                                              # BuildKit
    | [|│┃>]\s                                                            # a margin
    ))*\s*""",
    re.VERBOSE,
)


def content_start(head: str) -> int:
    """Offset of a line's first word behind what other programs have put before it."""
    match = _PREFIX.match(head)
    return match.end() if match else 0
