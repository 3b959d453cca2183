"""Finds the next or previous error of a log, off the event loop.

Only lines that may be errors are judged, by the judge that also gives a line its colour.
"""

import asyncio
from collections.abc import Iterator, Sequence

from nodion_tui.monitor.log.buffer import LogBuffer
from nodion_tui.monitor.log.level import LogLevel
from nodion_tui.monitor.log.levels.candidates import error_candidates, may_be_error
from nodion_tui.monitor.log.levels.judge import detect_level
from nodion_tui.monitor.log.segment import LogSegment
from nodion_tui.monitor.log.segment_text import body_text, searchable_lines


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
        if position in markers or not may_be_error(body := segment.body(position)):
            continue
        level = detect_level(body_text(body))
        if level is not None and level >= LogLevel.ERROR:
            yield segment.first + position


def _candidates(segment: LogSegment) -> Sequence[int]:
    lines = searchable_lines(segment)
    return sorted(error_candidates(lines))
