"""The next or the previous error of a log, found off the event loop.

Most segments have no error: they are gone through for a few words, one after the other, which takes
a fraction of the time of looking for all at once; only lines that have one are looked at for their
level.
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
_SIGNS = (
    *(regex.compile(word.encode(), regex.IGNORECASE) for word in _ERROR_WORDS),
    regex.compile(rb'"\s*:\s*[56]0\b'),
    regex.compile(rb"^[EF]\d{4} \d\d:", regex.MULTILINE),
)


async def next_error(buffer: LogBuffer, index: int) -> int | None:
    """The first line after an entry that is an error or worse; None if there is none."""
    segments = buffer.snapshot(index + 1)
    return await asyncio.to_thread(_first, segments, index + 1, buffer.end)


async def previous_error(buffer: LogBuffer, index: int) -> int | None:
    """The last line before an entry that is an error or worse; None if there is none."""
    segments = buffer.snapshot(buffer.first_retained, index)
    return await asyncio.to_thread(_last, segments, buffer.first_retained, index)


def _first(segments: Sequence[LogSegment], start: int, stop: int) -> int | None:
    for segment in segments:
        for index in error_lines(segment):
            if start <= index < stop:
                return index
    return None


def _last(segments: Sequence[LogSegment], start: int, stop: int) -> int | None:
    for segment in reversed(segments):
        found = [index for index in error_lines(segment) if start <= index < stop]
        if found:
            return found[-1]
    return None


def error_lines(segment: LogSegment) -> tuple[int, ...]:
    """Indexes of the lines of a segment that are errors or worse, ascending; looked for once."""
    if segment.errors is None:
        segment.errors = tuple(_errors(segment))
    return segment.errors


def _errors(segment: LogSegment) -> Iterator[int]:
    marks = set(segment.marks)
    for position in _candidates(segment):
        level = detect_level(body_text(segment.body(position)))
        if level is not None and level >= LogLevel.ERROR and position not in marks:
            yield segment.first + position


def _candidates(segment: LogSegment) -> Sequence[int]:
    lines = searchable_lines(segment)
    if lines is None:
        return range(len(segment))
    return sorted(
        {position for sign in _SIGNS for position in lines_matching(lines.restarted(), sign)}
    )
