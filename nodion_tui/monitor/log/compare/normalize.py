"""What of a log differs from run to run and means nothing: times, ids, numbers.

Made for long logs: one pass over a whole segment. `model.lineshape` tells more finely what a single
line is about, at ten times the price.
"""

import regex

from nodion_tui.monitor.log.segment import LogSegment
from nodion_tui.monitor.log.segment_text import body_text, has_one_line_per_entry

PLACEHOLDER = "#"
_KEPT = r'(?<!(?:status|code|errno|exit|signal|")[ =:]\d)'
"""A status or an error number tells causes apart, unlike other numbers."""
_PASSES = (
    regex.compile(rf"\d(?<!\d\d){_KEPT}[0-9A-Za-z]*(?:[-.:,/+_]\d[0-9A-Za-z]*)*"),
    regex.compile(r"\b[a-f]{1,7}#"),
    regex.compile(r"#(?:-(?:#|[a-f]{4}\b))+"),
)
"""Words from their first digit on; the letters with which a hexadecimal id may begin; the groups of
a UUID. Three simple passes take a third of the time of one that does it all."""
_SGR = regex.compile(r"\x1b\[[0-9;:]*m")


def normalize(text: str) -> str:
    """The text with `#` for numbers, times and ids (but `status 500` stays)."""
    for varying in _PASSES:
        text = varying.sub(PLACEHOLDER, text, concurrent=True)
    return text


def normalized_lines(segment: LogSegment) -> list[str]:
    """Every body of a segment, masked and without colour escapes."""
    if has_one_line_per_entry(segment):
        text = segment.data[:-1].decode("utf-8", "surrogatepass")
        return normalize(_SGR.sub("", text, concurrent=True)).split("\n")
    return [normalize(body_text(segment.body(position))) for position in range(len(segment))]
