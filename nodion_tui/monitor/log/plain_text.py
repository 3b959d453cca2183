"""Formats a log as a text file."""

from collections.abc import Container, Iterator, Sequence
from datetime import UTC, datetime
from enum import StrEnum

from nodion_tui.monitor.log.segment import LogSegment
from nodion_tui.monitor.log.segment_text import searchable_lines


class TextFormat(StrEnum):
    """Format of a saved log."""

    PLAIN = "plain"
    """The lines as they are shown: no colours, progress bars in their last state."""
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
        texts = _texts(segment, form)
        lines = (
            _stamp(segment, position, form) + texts[position] + b"\n"
            for position in range(len(segment))
            if position not in markers and (only is None or segment.first + position in only)
        )
        yield b"".join(lines)


def format_iso(time: datetime | None) -> str:
    """A time as ISO 8601 in UTC with milliseconds; as many spaces if there is none."""
    if time is None:
        return " " * 24
    utc = time.astimezone(UTC).isoformat(timespec="milliseconds")
    return utc.replace("+00:00", "Z")


def _texts(segment: LogSegment, form: TextFormat) -> Sequence[bytes]:
    """The entries of a segment as sent, or as they are shown."""
    if form is TextFormat.RAW:
        return [segment.body(position) for position in range(len(segment))]
    return searchable_lines(segment).text.split(b"\n")


def _stamp(segment: LogSegment, position: int, form: TextFormat) -> bytes:
    """What stands in front of a line."""
    label = segment.labels[position] if segment.labels else b""
    if form is not TextFormat.TIMED:
        return label
    return f"{format_iso(segment.times[position])} ".encode() + label
