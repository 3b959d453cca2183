"""Moments as people type them: `2h` (ago), `14:05`, `today`, `2026-01-15`, `2026-01-15T14:05`."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta, tzinfo

from nodion_tui.model.durations import parse_duration

FilterTime = Callable[[datetime, tzinfo | None], datetime]
"""The present, aware, and whose clock was meant (None: the local one) → the moment, aware."""


def parse_filter_time(text: str) -> FilterTime:
    """What a typed moment means, once the present is known.

    Raises:
        ValueError: it is none; the message says what would be one.
    """
    typed = text.strip().lower()
    if typed == "today":
        return lambda now, zone: _on_its_day(now, time(), zone)
    try:
        if "-" in typed:
            return _at(datetime.fromisoformat(typed.upper()))
        if ":" in typed:
            return _clock(time.fromisoformat(typed))
        span = parse_duration(typed)
    except ValueError:
        example = "2h, 1d12h, 14:05, today or 2026-01-15"
        raise ValueError(f"{text!r} is no time, such as {example}") from None
    return lambda now, _zone: _ago(now, span)


def _at(date: datetime) -> FilterTime:
    return lambda _now, zone: date if date.tzinfo else _local(date, zone)


def _clock(clock: time) -> FilterTime:
    return lambda now, zone: _on_its_day(now, clock.replace(tzinfo=None), zone)


def _on_its_day(now: datetime, clock: time, zone: tzinfo | None) -> datetime:
    return _local(datetime.combine(now.astimezone(zone).date(), clock), zone)


def _ago(now: datetime, span: timedelta) -> datetime:
    try:
        return now - span
    except OverflowError:
        return datetime.min.replace(tzinfo=now.tzinfo)


def _local(naive: datetime, zone: tzinfo | None) -> datetime:
    try:
        # astimezone() of a naive time takes it as local time, daylight saving included.
        return naive.astimezone() if zone is None else naive.replace(tzinfo=zone)
    except (OverflowError, ValueError, OSError):
        # Year 1 or 9999, where no local time is known: a zone makes no difference there.
        return naive.replace(tzinfo=UTC)
