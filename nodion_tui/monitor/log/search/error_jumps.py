"""Finds the next or previous error of a log, off the event loop.

Most segments have no error: they are searched for a few words, one after the other, which is much
faster than searching for all at once; only lines that contain one are checked for their level.
"""

import asyncio
from collections.abc import Iterator, Sequence

import regex

from nodion_tui.monitor.log.buffer import LogBuffer
from nodion_tui.monitor.log.level import LogLevel, detect_level
from nodion_tui.monitor.log.segment import LogSegment
from nodion_tui.monitor.log.segment_text import body_text, lines_matching, searchable_lines

_ERROR_WORDS = (
    *("err", "fatal", "crit", "panic", "severe", "emerg", "alert", "goroutine ", "traceback"),
    *("exception", "interrupt", "caused by", "uncaught "),
)
_PATTERNS = (
    *(regex.compile(word.encode(), regex.IGNORECASE) for word in _ERROR_WORDS),
    regex.compile(rb'"\s*:\s*[56]0\b'),
    regex.compile(rb"^[EF]\d{4} \d\d:", regex.MULTILINE),
)


async def next_error(buffer: LogBuffer, index: int) -> int | None:
    """The first line after an entry with level error or worse; None if there is none."""
    segments = buffer.snapshot(index + 1)
    return await asyncio.to_thread(_first_error, segments, range(index + 1, buffer.end), 1)


async def previous_error(buffer: LogBuffer, index: int) -> int | None:
    """The last line before an entry with level error or worse; None if there is none."""
    segments = buffer.snapshot(buffer.first_retained, index)
    indexes = range(buffer.first_retained, index)
    return await asyncio.to_thread(_first_error, segments, indexes, -1)


def _first_error(segments: Sequence[LogSegment], indexes: range, step: int) -> int | None:
    """The first error line at one of the indexes; with step -1 the last."""
    for segment in segments[::step]:
        for index in error_lines(segment)[::step]:
            if index in indexes:
                return index
    return None


def error_lines(segment: LogSegment) -> tuple[int, ...]:
    """Indexes of a segment's lines with level error or worse, ascending; cached in the segment."""
    if segment.errors is None:
        segment.errors = tuple(_find_errors(segment))
    return segment.errors


def _find_errors(segment: LogSegment) -> Iterator[int]:
    markers = set(segment.markers)
    for position in _candidates(segment):
        level = detect_level(body_text(segment.body(position)))
        if level is not None and level >= LogLevel.ERROR and position not in markers:
            yield segment.first + position


def _candidates(segment: LogSegment) -> Sequence[int]:
    lines = searchable_lines(segment)
    return sorted(
        {
            position
            for pattern in _PATTERNS
            for position in lines_matching(lines.restarted(), pattern)
        }
    )
