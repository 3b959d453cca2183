"""Finds where the words of a line begin: behind margins, service names and times."""

import re

_TIME = r"\d\d:\d\d:\d\d(?:[.,:]\d+)?"
_ZONE = r"(?:\s?(?:Z|UTC|GMT|[+-]\d\d:?\d\d))?"
_PREFIX = rf"""
      \[?\d{{4}}[-/]\d\d[-/]\d\d[T_ ,]+{_TIME}{_ZONE}\]?:?(?:\s\d\d[EO]\+?)?(?:\s|$)  # ISO; GitLab
    | \[?{_TIME}\]?:?\s                                                   # a clock
    | [A-Z][a-z]{{2}}\s+\d{{1,2}}\s{_TIME}\s\S+\s[^\s:\[]+(?:\[\d+\])?:\s  # syslog
    | [\w./-]{{1,80}}\s*\|(?:\s|$)                                        # Compose, overmind
    | \[(?:pod/)?[\w./-]*[\d/][\w./-]*\]\s                                # kubectl, concurrently
    | [|│┃>](?:\s|$)                                                      # a margin
"""
_BUILDKIT = r"\#\d+\s(?:\d+\.\d+\s)?"
_JULIA_FRAME = r"\s+\[\d+\]\s"
_PREFIXES = re.compile(rf"(?!{_JULIA_FRAME})(?:\s*(?:{_PREFIX}))*", re.VERBOSE | re.ASCII)
_CONTENT = re.compile(rf"\s*(?:(?:{_PREFIX}|{_BUILDKIT})\s*)*", re.VERBOSE | re.ASCII)


def content_start(text: str) -> int:
    """Offset of a line's first word behind what other programs have put before it."""
    match = _CONTENT.match(text)
    return match.end() if match else 0


def after_prefixes(text: str) -> str:
    """A line without what other programs have put before it, with its own indent."""
    match = _PREFIXES.match(text)
    return text[match.end() :] if match else text
