"""Timestamp column: local time, UTC, or time since the start of the run."""

from datetime import UTC, datetime, timedelta, tzinfo

from nodion_tui.ui.log.render.display_options import TimestampMode

WIDTHS = {
    TimestampMode.OFF: 0,
    TimestampMode.LOCAL: 8,
    TimestampMode.UTC: 9,
    TimestampMode.ELAPSED: 9,
}
"""Columns of a timestamp, without the space after it."""


def timestamp(
    mode: TimestampMode,
    at: datetime | None,
    started_at: datetime | None,
    zone: tzinfo | None = None,
) -> str:
    """The timestamp of a line, padded to the width of its mode.

    Args:
        mode: format.
        at: time of the line; aware.
        started_at: start of the run or time of its first line; aware.
        zone: time zone for LOCAL; None: the zone of this machine.
    """
    if at is None or mode is TimestampMode.OFF:
        return " " * WIDTHS[mode]
    if mode is TimestampMode.LOCAL:
        return f"{at.astimezone(zone):%H:%M:%S}"
    if mode is TimestampMode.UTC:
        return f"{at.astimezone(UTC):%H:%M:%S}Z"
    return since_start(at - (started_at or at)).rjust(WIDTHS[mode])


def since_start(span: timedelta) -> str:
    """Time since the start as `+1:04:09`; negative for lines before the start."""
    seconds = int(span.total_seconds())
    minutes, seconds = divmod(abs(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    sign = "-" if span < timedelta() else "+"
    return f"{sign}{hours}:{minutes:02}:{seconds:02}"
