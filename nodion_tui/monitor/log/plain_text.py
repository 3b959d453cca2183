"""A log as a text file: what is written when it is saved."""

import re
from collections.abc import Container, Iterator, Sequence
from datetime import UTC, datetime
from enum import StrEnum

from nodion_tui.model.sanitize import HIDDEN_CHARACTERS, visible_form
from nodion_tui.monitor.log.segment import LogSegment
from nodion_tui.monitor.log.segment_text import body_text

_UNSAFE = re.compile(f"(?!\t)[{HIDDEN_CHARACTERS}]")


class TextFormat(StrEnum):
    """How a log is written to a file."""

    PLAIN = "plain"
    """Each line as it reads: colours left out, other controls as visible marks."""
    TIMED = "timed"
    """The same, with the time of each line in UTC in front."""
    RAW = "raw"
    """Each line's bytes as the run wrote them: a terminal would obey what is in them."""


def format_log(
    segments: Sequence[LogSegment],
    form: TextFormat = TextFormat.PLAIN,
    only: Container[int] | None = None,
) -> Iterator[bytes]:
    """The lines of a log, without our marks, in pieces of UTF-8.

    Args:
        segments: what of the log is held.
        form: how each line is written.
        only: the indexes of the lines that are wanted; None: all.
    """
    for segment in segments:
        marks = set(segment.marks)
        lines = (
            position
            for position in range(len(segment))
            if position not in marks and (only is None or segment.first + position in only)
        )
        yield b"".join(_line(segment, position, form) for position in lines)


def format_iso(moment: datetime | None) -> str:
    """A time as ISO 8601 in UTC with milliseconds; blanks of the same width where there is none."""
    if moment is None:
        return " " * 24
    utc = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return utc.replace("+00:00", "Z")


def _line(segment: LogSegment, position: int, form: TextFormat) -> bytes:
    body = segment.body(position)
    if form is TextFormat.RAW:
        return body + b"\n"
    text = escape_controls(body_text(body))
    if form is TextFormat.TIMED:
        text = f"{format_iso(segment.times[position])} {text}"
    return text.encode() + b"\n"


def escape_controls(text: str) -> str:
    """Text for a file: every control and hidden character but the tab as a visible mark."""
    if text.isascii() and text.isprintable():
        return text
    return _UNSAFE.sub(lambda found: visible_form(found.group()), text)
