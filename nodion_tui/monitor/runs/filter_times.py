"""Parses the times of filters: `2h` (ago), `14:05`, `today`, `2026-01-15`, `2026-01-15T14:05`."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta, tzinfo

from nodion_tui.model.text.durations import parse_duration

FilterTime = Callable[[datetime, tzinfo | None], datetime]
"""Resolves a typed time: (current time, zone or None for local time) → aware datetime."""


def parse_filter_time(text: str) -> FilterTime:
    """Parse a typed time into a function that resolves it against the current time.

    Raises:
        ValueError: it is not a time; the message names valid examples.
    """
    normalized = text.strip().lower()
    if normalized == "today":
        return lambda now, zone: _same_day(now, time(), zone)
    try:
        if "-" in normalized:
            return _at(datetime.fromisoformat(normalized.upper()))
        if ":" in normalized:
            return _clock(time.fromisoformat(normalized))
        duration = parse_duration(normalized)
    except ValueError:
        examples = "2h, 1d12h, 14:05, today or 2026-01-15"
        raise ValueError(f"{text!r} is not a time: use {examples}") from None
    return lambda now, _zone: _subtract(now, duration)


def _at(date: datetime) -> FilterTime:
    return lambda _now, zone: date if date.tzinfo else _localize(date, zone)


def _clock(clock: time) -> FilterTime:
    return lambda now, zone: _same_day(now, clock.replace(tzinfo=None), zone)


def _same_day(now: datetime, clock: time, zone: tzinfo | None) -> datetime:
    return _localize(datetime.combine(now.astimezone(zone).date(), clock), zone)


def _subtract(now: datetime, duration: timedelta) -> datetime:
    try:
        return now - duration
    except OverflowError:
        return datetime.min.replace(tzinfo=now.tzinfo)


def _localize(naive: datetime, zone: tzinfo | None) -> datetime:
    try:
        # astimezone() of a naive time takes it as local time, daylight saving included.
        return naive.astimezone() if zone is None else naive.replace(tzinfo=zone)
    except (OverflowError, ValueError, OSError):
        # Year 1 or 9999, out of range for local time: the zone makes no difference there.
        return naive.replace(tzinfo=UTC)
