"""Finds the first line of a log from a time on, off the event loop.

Lines may be out of order by some milliseconds, so that every time is looked at.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from nodion_tui.monitor.log.segment import LogSegment
from nodion_tui.monitor.log.shown_log import LogEntries
from nodion_tui.monitor.log.timestamps import to_micros


async def first_line_from(buffer: LogEntries, at: datetime) -> int | None:
    """Index of the first line in memory of a time or later; None if there is none."""
    segments = buffer.snapshot(buffer.first_retained)
    (micros,) = to_micros([at])
    return await asyncio.to_thread(_first_from, segments, micros)


def _first_from(segments: Sequence[LogSegment], micros: int) -> int | None:
    for segment in segments:
        position = segment.times.first_from(micros)
        if position is not None:
            return segment.first + position
    return None
