"""Formats a log as a text file."""

import re
from collections.abc import Container, Iterator, Sequence
from datetime import UTC, datetime
from enum import StrEnum

from nodion_tui.model.sanitize import HIDDEN_CHARACTERS, visible_form
from nodion_tui.monitor.log.segment import LogSegment
from nodion_tui.monitor.log.segment_text import body_text

_UNSAFE = re.compile(f"(?!\t)[{HIDDEN_CHARACTERS}]")


class TextFormat(StrEnum):
    """Format of a saved log."""

    PLAIN = "plain"
    """Plain text: color escapes removed, other control characters made visible."""
    TIMED = "timed"
    """Plain text with the UTC time of each line in front."""
    RAW = "raw"
    """Raw bytes, escape sequences included."""


def format_log(
    segments: Sequence[LogSegment],
    form: TextFormat = TextFormat.PLAIN,
    only: Container[int] | None = None,
) -> Iterator[bytes]:
    """The lines of a log without markers, or those at the indexes in `only`, as chunks of UTF-8."""
    for segment in segments:
        markers = set(segment.markers)
        lines = (
            position
            for position in range(len(segment))
            if position not in markers and (only is None or segment.first + position in only)
        )
        yield b"".join(_format_line(segment, position, form) for position in lines)


def format_iso(time: datetime | None) -> str:
    """A time as ISO 8601 in UTC with milliseconds; as many spaces if there is none."""
    if time is None:
        return " " * 24
    utc = time.astimezone(UTC).isoformat(timespec="milliseconds")
    return utc.replace("+00:00", "Z")


def _format_line(segment: LogSegment, position: int, form: TextFormat) -> bytes:
    body = segment.body(position)
    if form is TextFormat.RAW:
        return body + b"\n"
    text = escape_controls(body_text(body))
    if form is TextFormat.TIMED:
        text = f"{format_iso(segment.times[position])} {text}"
    return text.encode() + b"\n"


def escape_controls(text: str) -> str:
    """Text for a file: control and hidden characters except tabs are made visible."""
    if text.isascii() and text.isprintable():
        return text
    return _UNSAFE.sub(lambda match: visible_form(match.group()), text)
