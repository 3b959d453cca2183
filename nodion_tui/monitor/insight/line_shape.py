"""Shape of a log line: equal for lines that differ only by when and where they were written.

Times, ids, addresses, paths and numbers are replaced by placeholders in the text that is shown.
For comparing logs and grouping failures, not for display.
"""

import re
from collections.abc import Mapping

from nodion_tui.monitor.log.line.reader import shown_text

MAX_CHARACTERS = 500
"""Of a line; the rest is ignored."""

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
_DATE = rf"\d{{4}}[-/.]\d\d?[-/.]\d\d?|\d\d?[/.]\d\d?[/.]\d{{4}}|\d\d?[ /-]{_MONTH}[ /-]\d{{4}}"
_CLOCK = r"\d\d?:\d\d(?::\d\d(?:[.,]\d+)?)?(?: ?[AP]M\b)?"
_ZONE = r"(?:Z\b| ?[+-]\d\d:?\d\d\b| UTC\b| GMT\b)"
_UNIT = r"(?: ?(?:[nµu]?s|ms?|secs?|seconds?|min|minutes?|h|hours?|[kKMGT]?i?B|bytes|%)(?!\w))"
_NUMBER = rf"\d+(?:[.,_]\d+)*(?:e[+-]?\d+)?{_UNIT}?"
_PARTS: Mapping[str, str] = {
    # A status or an error number distinguishes causes, unlike other numbers.
    "kept": r"\b(?:(?:HTTP(?:/\d(?:\.\d)?)?|status|code|errno|exit|signal)[ :=#(]{1,3}|error )"
    r"\d{1,3}\b",
    "id": r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b",
    "url": r"\b(?P<scheme>[a-z][a-z0-9+.-]{1,15}://)(?:[^\s/@]*@)?(?P<host>[^\s/:?#'\"<>)]+)"
    r"[^\s'\"<>)\]]*",
    "time": rf"(?<![\w.])(?:(?:{_DATE}|{_MONTH} +\d\d?)(?:[T ,_-]+{_CLOCK})?|{_CLOCK}){_ZONE}?",
    "ip": r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?(?![\w.])",
    "path": r"(?<![\w<>/\\])(?:~|\.{1,2}|[A-Za-z]:)?(?:[/\\][\w.@%+=~-]+)+[/\\]?",
    "hex": r"\b(?:0x[0-9a-f]+|(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,64})\b",
    "token": r"\b(?=[A-Za-z_-]{0,40}\d)(?=[\d_-]{0,40}[A-Za-z])[A-Za-z0-9_-]{20,200}\b",
    "number": rf"(?:(?<![\w.])[+-])?{_NUMBER}",
}
_VARYING = re.compile(
    "|".join(f"(?P<{name}>{pattern})" for name, pattern in _PARTS.items()), re.IGNORECASE
)
_DIGITS = re.compile(r"\d+")
_REPEATED = re.compile(r"<n>(?: <n>)+")
_PLACEHOLDERS: Mapping[str, str] = {
    "id": "<id>",
    "time": "<time>",
    "ip": "<ip>",
    "path": "<path>",
    "hex": "<id>",
    "token": "<id>",
}


def line_shape(body: str) -> str:
    """The line with everything that varies between runs replaced, and single spaces.

    Two lines of the same shape have the same meaning.
    """
    text = shown_text(body, MAX_CHARACTERS)[:MAX_CHARACTERS]
    masked = _VARYING.sub(_placeholder, text)
    return _REPEATED.sub("<n>", " ".join(masked.split()))


def _placeholder(match: re.Match[str]) -> str:
    name = match.lastgroup or ""
    if name == "kept":
        return match.group()
    if name == "number":
        return "<n>"
    if name == "url":
        return f"{match['scheme']}{_DIGITS.sub('<n>', match['host'])}<path>"
    return _PLACEHOLDERS[name]
