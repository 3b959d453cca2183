"""The next or the previous error of a log, found off the event loop.

Most segments have no error: they are gone through for a few words, one after the other, which takes
a fraction of the time of looking for all at once; only lines that have one are looked at for their
level.
"""

import asyncio
from collections.abc import Iterator, Sequence

import regex

from nodion_tui.monitor.log.buffer import LogBuffer
from nodion_tui.monitor.log.level import Level, level_of
from nodion_tui.monitor.log.segment import Segment
from nodion_tui.monitor.log.segment_text import having, lines_of, shown

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
    segments = buffer.snapshot(buffer.held_from, index)
    return await asyncio.to_thread(_last, segments, buffer.held_from, index)


def _first(segments: Sequence[Segment], start: int, stop: int) -> int | None:
    for segment in segments:
        for index in errors(segment):
            if start <= index < stop:
                return index
    return None


def _last(segments: Sequence[Segment], start: int, stop: int) -> int | None:
    for segment in reversed(segments):
        found = [index for index in errors(segment) if start <= index < stop]
        if found:
            return found[-1]
    return None


def errors(segment: Segment) -> tuple[int, ...]:
    """Indexes of the lines of a segment that are errors or worse, ascending; looked for once."""
    if segment.errors is None:
        segment.errors = tuple(_errors(segment))
    return segment.errors


def _errors(segment: Segment) -> Iterator[int]:
    marks = set(segment.marks)
    for position in _candidates(segment):
        level = level_of(shown(segment.body(position)))
        if level is not None and level >= Level.ERROR and position not in marks:
            yield segment.first + position


def _candidates(segment: Segment) -> Sequence[int]:
    lines = lines_of(segment)
    if lines is None:
        return range(len(segment))
    return sorted({position for sign in _SIGNS for position in having(lines.again(), sign)})
