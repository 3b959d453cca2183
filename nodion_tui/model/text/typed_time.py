"""Parses typed times: `2h` (ago), `14:05`, `today`, `2026-01-15`, `2026-01-15 14:05`."""

from datetime import UTC, datetime, time, timedelta, tzinfo

import msgspec

from nodion_tui.model.text.durations import parse_duration


class TimeAgo(msgspec.Struct, frozen=True):
    """A duration before now."""

    duration: timedelta

    def at(self, now: datetime, _zone: tzinfo | None) -> datetime:
        """The aware time."""
        return shifted(now, -self.duration)


class ClockTime(msgspec.Struct, frozen=True):
    """A time of day, in the zone that is given."""

    clock: time

    def at(self, now: datetime, zone: tzinfo | None) -> datetime:
        """The aware time on the day of another one; zone None: local time."""
        return localize(datetime.combine(now.astimezone(zone).date(), self.clock), zone)


class Today(ClockTime, frozen=True):
    """The begin of the day that it is now."""


class DateTime(msgspec.Struct, frozen=True):
    """A date, or a date with a time of day."""

    date: datetime

    def at(self, _now: datetime, zone: tzinfo | None) -> datetime:
        """The aware time; zone None: local time."""
        return self.date if self.date.tzinfo else localize(self.date, zone)


TypedTime = TimeAgo | ClockTime | DateTime


def parse_typed_time(text: str) -> TypedTime:
    """Parse a typed time.

    Raises:
        ValueError: it is not a time.
    """
    normalized = text.strip().lower()
    if normalized == "today":
        return Today(time())
    if "-" in normalized:
        return DateTime(datetime.fromisoformat(normalized.upper()))
    if ":" in normalized:
        return ClockTime(time.fromisoformat(normalized).replace(tzinfo=None))
    return TimeAgo(parse_duration(normalized))


def localize(naive: datetime, zone: tzinfo | None) -> datetime:
    """A time without a zone as one of a zone; None: local time, daylight saving included."""
    try:
        # astimezone() of a naive time takes it as local time, daylight saving included.
        return naive.astimezone() if zone is None else naive.replace(tzinfo=zone)
    except (OverflowError, ValueError, OSError):
        # Year 1 or 9999, out of range for local time: the zone makes no difference there.
        return naive.replace(tzinfo=UTC)


def shifted(moment: datetime, span: timedelta) -> datetime:
    """A time plus a duration, at most the first or last one that there is."""
    try:
        return moment + span
    except OverflowError:
        zone = moment.tzinfo
        early, late = datetime.min.replace(tzinfo=zone), datetime.max.replace(tzinfo=zone)
        return early if span < timedelta() else late
