"""Timestamp column: local time, UTC, or time since the start of the run."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from nodion_tui.ui.log.render.display_options import TimestampMode

MILLISECOND_COLUMNS = 140
"""Columns of a log from which its timestamps have milliseconds."""

_CLOCKS = frozenset({TimestampMode.LOCAL, TimestampMode.UTC})
_CLOCK_WIDTH = len("14:05:31")
_MIN_ELAPSED_WIDTH = len("+10:00:00")
_MILLISECONDS_WIDTH = len(".000")


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeColumn:
    """How the time of each line is written, and in how many columns."""

    mode: TimestampMode = TimestampMode.OFF
    zone: tzinfo | None = None
    """Time zone of the mode LOCAL; None: the zone of this machine."""
    started_at: datetime | None = None
    """Start of the run by its own clock, or the time of its first line; aware."""
    newest_at: datetime | None = None
    """Time of the newest line; the column is wide enough for it."""
    milliseconds: bool = False

    @property
    def width(self) -> int:
        """Columns of a timestamp, without the space after it."""
        if self.mode is TimestampMode.OFF:
            return 0
        fraction = _MILLISECONDS_WIDTH if self.milliseconds else 0
        if self.mode in _CLOCKS:
            return _CLOCK_WIDTH + fraction + (self.mode is TimestampMode.UTC)
        newest = self._since_start(self.newest_at) if self.newest_at else ""
        return max(_MIN_ELAPSED_WIDTH + fraction, len(newest))

    def text(self, at: datetime | None) -> str:
        """The timestamp of a line, padded to `width`; blank without a time."""
        if at is None or self.mode is TimestampMode.OFF:
            return " " * self.width
        if self.mode in _CLOCKS:
            return self._clock(at)
        return self._since_start(at).rjust(self.width)

    def day(self, at: datetime | None) -> date | None:
        """The date of a time as the column shows it; None where it does not show times of day."""
        if at is None or self.mode not in _CLOCKS:
            return None
        return self._in_zone(at).date()

    def _clock(self, at: datetime) -> str:
        time = self._in_zone(at).time()
        text = time.isoformat(timespec="milliseconds" if self.milliseconds else "seconds")
        return f"{text}Z" if self.mode is TimestampMode.UTC else text

    def _in_zone(self, at: datetime) -> datetime:
        return at.astimezone(UTC if self.mode is TimestampMode.UTC else self.zone)

    def _since_start(self, at: datetime) -> str:
        return since_start(at - (self.started_at or at), milliseconds=self.milliseconds)


def since_start(span: timedelta, *, milliseconds: bool = False) -> str:
    """Time since the start as `+1:04:09` or `+100d 01:04:09`; negative before the start."""
    total = abs(span) // timedelta(milliseconds=1)
    seconds, fraction = divmod(total, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    clock = f"{days}d {hours:02}" if days else f"{hours}"
    sign = "-" if span < timedelta() and total else "+"
    text = f"{sign}{clock}:{minutes:02}:{seconds:02}"
    return f"{text}.{fraction:03}" if milliseconds else text
