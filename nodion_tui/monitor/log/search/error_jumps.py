"""Finds the next or previous error of a log, off the event loop.

Only lines that may be errors are judged, by the judge that also gives a line its colour. An
exception is one stop: the line that names it, not the head of its trace as well.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from nodion_tui.monitor.log.level import LogLevel
from nodion_tui.monitor.log.levels.candidates import error_candidates, may_be_error
from nodion_tui.monitor.log.levels.judge import detect_level
from nodion_tui.monitor.log.line_start import after_prefixes
from nodion_tui.monitor.log.patterns.runner_patterns import NO_PATTERNS, StopPatterns
from nodion_tui.monitor.log.segment import LogSegment
from nodion_tui.monitor.log.segment_text import body_text, searchable_lines
from nodion_tui.monitor.log.shown_log import LogEntries

_TRACE_HEAD = b"Traceback (most recent call last)"
_MAX_FRAMES = 400
"""Lines of a trace; Python cuts one after 1,000 frames, and repeated frames before that."""
_INDENTS = frozenset({"", " ", "\t", "|", "+"})
"""Beginnings of lines within a trace; groups of exceptions have a margin."""


async def next_error(
    buffer: LogEntries,
    index: int,
    patterns: StopPatterns = NO_PATTERNS,
    *,
    errors_only: bool = False,
) -> int | None:
    """The first stop after an entry; None if there is none.

    A stop is a line with level error or worse, or one that matches a pattern of config.toml.

    Args:
        buffer: the log.
        index: of the entry; -1: from the start.
        patterns: of the log.
        errors_only: whether a pattern counts only if it shows its lines as errors.
    """
    segments = buffer.snapshot(index + 1)
    indexes = range(index + 1, buffer.end)
    stops = partial(patterns.stops, errors_only=errors_only)
    return await asyncio.to_thread(_first_stop, segments, indexes, 1, stops)


async def previous_error(
    buffer: LogEntries, index: int, patterns: StopPatterns = NO_PATTERNS
) -> int | None:
    """The last stop before an entry, as of `next_error`; None if there is none."""
    segments = buffer.snapshot(buffer.first_retained, index)
    indexes = range(buffer.first_retained, index)
    return await asyncio.to_thread(_first_stop, segments, indexes, -1, patterns.stops)


def _first_stop(
    segments: Sequence[LogSegment],
    indexes: range,
    step: int,
    pattern_stops: Callable[[LogSegment], tuple[int, ...]],
) -> int | None:
    """The first stop at one of the indexes; with step -1 the last."""
    for segment in segments[::step]:
        stops = sorted({*error_stops(segment), *pattern_stops(segment)})
        for index in stops[::step]:
            if index in indexes:
                return index
    return None


def error_stops(segment: LogSegment) -> list[int]:
    """The error lines of a segment, without heads of traces whose exception is among them."""
    lines = error_lines(segment)
    following = (*lines[1:], *(segment.stop for _ in lines[:1]))
    return [
        index
        for index, after in zip(lines, following, strict=True)
        if not _heads_trace_to(segment, index, after)
    ]


def _heads_trace_to(segment: LogSegment, index: int, after: int) -> bool:
    """Whether a line is the head of a trace that leads to the error line `after`."""
    if _TRACE_HEAD not in segment.body(index - segment.first) or after == segment.stop:
        return False
    between = range(index + 1, min(after, index + 1 + _MAX_FRAMES))
    frames = (after_prefixes(body_text(segment.body(each - segment.first))) for each in between)
    return after - index <= _MAX_FRAMES and all(text[:1] in _INDENTS for text in frames)


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
