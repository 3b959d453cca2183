"""The time before a line: of this place, UTC, or since the run's start."""

from datetime import UTC, datetime, timedelta, tzinfo

from nodion_tui.ui.log.render.display_options import TimestampMode

_WIDTH = {
    TimestampMode.OFF: 0,
    TimestampMode.LOCAL: 8,
    TimestampMode.UTC: 9,
    TimestampMode.ELAPSED: 9,
}


def width(mode: TimestampMode) -> int:
    """Columns of a stamp, without the space after it."""
    return _WIDTH[mode]


def stamp(
    mode: TimestampMode,
    at: datetime | None,
    started_at: datetime | None,
    zone: tzinfo | None = None,
) -> str:
    """The stamp of a line, padded to the width of its mode.

    Args:
        mode: which time to show.
        at: when the line was written; aware.
        started_at: when the run was started, or its first line written; aware.
        zone: what LOCAL means; None: the zone of this machine.
    """
    if at is None or mode is TimestampMode.OFF:
        return " " * width(mode)
    if mode is TimestampMode.LOCAL:
        return f"{at.astimezone(zone):%H:%M:%S}"
    if mode is TimestampMode.UTC:
        return f"{at.astimezone(UTC):%H:%M:%S}Z"
    return elapsed(at - (started_at or at)).rjust(width(mode))


def elapsed(span: timedelta) -> str:
    """Time since the start as `+1:04:09`; a line from before it has a minus sign."""
    seconds = int(span.total_seconds())
    minutes, seconds = divmod(abs(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    sign = "-" if span < timedelta() else "+"
    return f"{sign}{hours}:{minutes:02}:{seconds:02}"
