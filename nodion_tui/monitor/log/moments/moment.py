"""Parses a moment of a log, as it is typed on the screen and on the command line.

14:05   2026-01-15 14:05   today      by the clock; a time of day is one within the log
10m                                   ten minutes ago
-10m                                  ten minutes before the last line
+30s                                  thirty seconds after the start of the run
50%                                   at half of the lines
"""

import re
from datetime import datetime, timedelta, tzinfo

import msgspec

from nodion_tui.model.text.durations import parse_duration
from nodion_tui.model.text.typed_time import (
    ClockTime,
    Today,
    TypedTime,
    localize,
    parse_typed_time,
    shifted,
)

EXAMPLES = "14:05, 2026-01-15 14:05, 10m (ago), -10m (from the end), +30s (from the start) or 50%"
_PERCENT = re.compile(r"(\d{1,3}(?:\.\d{1,6})?)\s*%", re.ASCII)
_MAX_DAYS = 400
"""Days of a log among which a time of day is looked for."""


class SinceStart(msgspec.Struct, frozen=True):
    """Some time after the start of the run."""

    duration: timedelta


class BeforeEnd(msgspec.Struct, frozen=True):
    """Some time before the last line written so far."""

    duration: timedelta


class LineShare(msgspec.Struct, frozen=True):
    """After a share of the lines written so far."""

    share: float
    """0 to 1."""

    def index(self, count: int) -> int:
        """Number of lines before the moment, of so many lines."""
        return int(self.share * count)


Moment = TypedTime | SinceStart | BeforeEnd | LineShare


class LogSpan(msgspec.Struct, frozen=True):
    """From when to when a log was written, aware."""

    start: datetime
    """Start of the run, or time of its first line."""
    end: datetime
    """Time of the last line, or until when there may be lines."""


def parse_moment(text: str) -> Moment:
    """Parse a typed moment.

    Raises:
        ValueError: it is not a moment; the message names valid examples.
    """
    typed = text.strip()
    try:
        if percent := _PERCENT.fullmatch(typed):
            return _line_share(float(percent[1]))
        if typed.startswith("+"):
            return SinceStart(parse_duration(typed[1:]))
        if typed.startswith("-"):
            return BeforeEnd(parse_duration(typed[1:]))
        return parse_typed_time(typed)
    except ValueError:
        raise ValueError(f"{text!r} is not a time: use {EXAMPLES}") from None


def needs_span(moment: Moment | None) -> bool:
    """Whether the time of a moment depends on when the run was."""
    is_clock = isinstance(moment, ClockTime) and not isinstance(moment, Today)
    return is_clock or isinstance(moment, SinceStart)


def moment_time(
    moment: TypedTime | SinceStart | BeforeEnd,
    span: LogSpan,
    now: datetime,
    zone: tzinfo | None,
    near: datetime | None = None,
) -> datetime:
    """The aware time of a moment.

    Args:
        moment: what is typed; `LineShare` has no time.
        span: of the log.
        now: the service's time.
        zone: of what is typed; None: local time.
        near: a time of day that is more than once in the log is the one nearest to this time;
            None: the first one.
    """
    match moment:
        case SinceStart(duration):
            return shifted(span.start, duration)
        case BeforeEnd(duration):
            return shifted(span.end, -duration)
        case Today():
            return moment.at(now, zone)
        case ClockTime():
            return _within(moment, span, zone, near or span.start)
    return moment.at(now, zone)


def _line_share(percent: float) -> LineShare:
    if percent > 100:
        raise ValueError(percent)
    return LineShare(percent / 100)


def _within(clock: ClockTime, span: LogSpan, zone: tzinfo | None, near: datetime) -> datetime:
    """The time of day on a day of the log, if possible at a time that the log has."""
    first, last = (time.astimezone(zone).date() for time in (span.start, span.end))
    days = range(min(max((last - first).days, 0), _MAX_DAYS) + 1)
    times = [
        localize(datetime.combine(first + timedelta(days=day), clock.clock), zone) for day in days
    ]
    # 14:05 is in a log that begins at 14:05:31.
    begin = span.start.replace(second=0, microsecond=0)
    within = [time for time in times if begin <= time <= span.end]
    if within:
        return min(within, key=lambda time: abs(time - near))
    return min(times, key=lambda time: max(begin - time, time - span.end))
