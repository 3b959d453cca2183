"""Maps a time range to a row of cells: positions, and ticks with labels in local time."""

import math
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import Enum

import msgspec

_STEPS = tuple(
    timedelta(minutes=minutes)
    for minutes in (1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720, 1440, 2880, 10080)
)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_SLIDES_PER_SPAN = 12  # the axis moves on by this part of its span; bars stay in between
_LABEL_GAP = 2
_ROUNDING = 1e-6  # of a cell: tolerance for float rounding between two cells


class TimeWindow(Enum):
    """Duration shown by a timeline."""

    HOUR = timedelta(hours=1)
    SIX_HOURS = timedelta(hours=6)
    DAY = timedelta(hours=24)
    WEEK = timedelta(days=7)

    @property
    def label(self) -> str:
        """The displayed text: `1 h`."""
        return {"HOUR": "1 h", "SIX_HOURS": "6 h", "DAY": "24 h", "WEEK": "7 d"}[self.name]


class AxisTick(msgspec.Struct, frozen=True):
    """A labelled moment."""

    cell: int
    """From 0; first cell of its label."""
    label: str


class TimeAxis(msgspec.Struct, frozen=True):
    """A time range over a number of cells. Seconds are those since the epoch."""

    start: float
    end: float
    cells: int

    def cell(self, seconds: float) -> int:
        """The cell of a moment, clamped to the axis."""
        return min(max(self._position(seconds), 0), self.cells - 1)

    def cell_after(self, seconds: float) -> int:
        """The cell after the last one that begins before a moment; clamped to the axis."""
        return min(max(math.ceil(self._share(seconds) - _ROUNDING), 0), self.cells)

    def seconds(self, cell: int) -> float:
        """Start time of a cell."""
        return self.start + (self.end - self.start) * cell / self.cells

    def now(self, now: datetime) -> int | None:
        """The cell of the current time; None if it is not on the axis."""
        position = self._position(now.timestamp())
        return position if 0 <= position < self.cells else None

    def ticks(self, zone: tzinfo | None = None) -> tuple[AxisTick, ...]:
        """Round times of a zone (None: the local one) whose labels fit side by side."""
        step = self._step()
        labelled = (
            AxisTick(self._position(moment.timestamp()), _label(moment.astimezone(zone), step))
            for moment in _round_times(datetime.fromtimestamp(self.start, UTC), step, zone)
        )
        ticks: list[AxisTick] = []
        for tick in labelled:
            if tick.cell + len(tick.label) > self.cells:
                break
            if tick.cell >= (ticks[-1].cell + len(ticks[-1].label) + 1 if ticks else 0):
                ticks.append(tick)
        return tuple(ticks)

    def _share(self, seconds: float) -> float:
        return (seconds - self.start) / (self.end - self.start) * self.cells

    def _position(self, seconds: float) -> int:
        return math.floor(self._share(seconds) + _ROUNDING)

    def _step(self) -> timedelta:
        """The smallest step whose labels do not touch."""
        for step in _STEPS:
            width = len(_label(datetime(2026, 1, 15, 12, tzinfo=UTC), step)) + _LABEL_GAP
            if step.total_seconds() / (self.end - self.start) * self.cells >= width:
                return step
        return _STEPS[-1]


def time_axis(window: TimeWindow, now: datetime, cells: int) -> TimeAxis:
    """The axis that shows a window up to now, by the server's clock.

    It ends at the next round time after now and moves on in steps of a twelfth of its duration:
    the now line moves, the bars stay, and the terminal has little to redraw.
    """
    duration = window.value.total_seconds()
    slide = duration / _SLIDES_PER_SPAN
    end = (math.floor(now.timestamp() / slide) + 1) * slide
    return TimeAxis(end - duration, end, max(cells, 1))


def _label(moment: datetime, step: timedelta) -> str:
    if step >= _DAY or (moment.hour, moment.minute) == (0, 0):
        return f"{moment:%a %d}"
    return f"{moment:%H:%M}"


def _round_times(start: datetime, step: timedelta, zone: tzinfo | None) -> Iterator[datetime]:
    """Local times that are multiples of the step, from the first after `start` on; infinite."""
    if step <= _HOUR:
        # Zones differ from UTC by multiples of 15 minutes; a skipped or repeated hour does not
        # move these.
        offset = start.astimezone(zone).utcoffset() or timedelta()
        local = start.timestamp() + offset.total_seconds()
        seconds = math.ceil(local / step.total_seconds()) * step.total_seconds()
        moment = datetime.fromtimestamp(seconds - offset.total_seconds(), UTC)
        while True:
            yield moment
            moment += step
    wall = datetime.combine(_first_day(start.astimezone(zone).date(), step), time())
    while True:
        moment = wall.astimezone() if zone is None else wall.replace(tzinfo=zone)
        if moment >= start:
            yield moment
        wall += step


def _first_day(day: date, step: timedelta) -> date:
    """The day that steps are counted from, so that labels stay the same when the axis moves."""
    days = max(step // _DAY, 1)
    return day - timedelta(days=day.toordinal() % days)
