"""Timestamp column: local time, UTC, or time since the start, the line before or a mark."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from nodion_tui.model.text.format import short_duration
from nodion_tui.ui.log.render.display_options import TimestampMode

MILLISECOND_COLUMNS = 140
"""Columns of a log from which its timestamps have milliseconds."""

_CLOCKS = frozenset({TimestampMode.LOCAL, TimestampMode.UTC})
_CLOCK_WIDTH = len("14:05:31")
_MIN_ELAPSED_WIDTH = len("+10:00:00")
_MILLISECONDS_WIDTH = len(".000")
_GAP_WIDTH = len("+23:59:59")
_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)


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
        if self.mode is TimestampMode.BEFORE:
            return _GAP_WIDTH
        fraction = _MILLISECONDS_WIDTH if self.milliseconds else 0
        if self.mode in _CLOCKS:
            return _CLOCK_WIDTH + fraction + (self.mode is TimestampMode.UTC)
        newest = self._since_start(self.newest_at) if self.newest_at else ""
        return max(_MIN_ELAPSED_WIDTH + fraction, len(newest))

    def text(self, at: datetime | None, reference: datetime | None = None) -> str:
        """The timestamp of a line, padded to `width`; blank without a time.

        Args:
            at: time of the line.
            reference: time of the line before, or of the mark, in the modes that count from there.
        """
        if at is None or self.mode is TimestampMode.OFF:
            return " " * self.width
        if self.mode in _CLOCKS:
            return self._clock(at)
        if self.mode is TimestampMode.BEFORE:
            gap = "" if reference is None else since_line(at - reference)
            return gap.rjust(self.width)
        if self.mode is TimestampMode.MARK and reference is not None:
            return since_start(at - reference, milliseconds=self.milliseconds).rjust(self.width)
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


def since_line(span: timedelta) -> str:
    """Time since the line before: `+0.042`, `+4:12.5`, `+1:04:09`, `+3d 04h`."""
    size = abs(span)
    sign = "-" if span <= timedelta(milliseconds=-1) else "+"
    if size < _MINUTE:
        milliseconds = size // timedelta(milliseconds=1)
        return f"{sign}{milliseconds // 1000}.{milliseconds % 1000:03}"
    if size < _HOUR:
        tenths = size // timedelta(milliseconds=100)
        return f"{sign}{tenths // 600}:{tenths % 600 // 10:02}.{tenths % 10}"
    return f"{sign}{short_duration(size)}"
