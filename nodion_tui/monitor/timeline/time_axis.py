"""A stretch of time laid over a row of cells: positions, and ticks with labels in local time."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import Enum

_STEPS = tuple(
    timedelta(minutes=minutes)
    for minutes in (1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720, 1440, 2880, 10080)
)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)
_SLIDES = 12  # the axis moves on by this part of its span, so that bars stand still meanwhile
_LABEL_GAP = 2
_ROUNDING = 1e-6  # of a cell: what floats make of a moment between two cells


class TimeWindow(Enum):
    """How much time a timeline shows."""

    HOUR = timedelta(hours=1)
    SIX_HOURS = timedelta(hours=6)
    DAY = timedelta(hours=24)
    WEEK = timedelta(days=7)

    @property
    def label(self) -> str:
        """As it is shown: `1 h`."""
        return {"HOUR": "1 h", "SIX_HOURS": "6 h", "DAY": "24 h", "WEEK": "7 d"}[self.name]


@dataclass(frozen=True, slots=True)
class AxisTick:
    """A moment with a name."""

    cell: int
    """From 0; where its label begins."""
    label: str


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """From when to when, and over how many cells. Seconds are those since the epoch."""

    start: float
    end: float
    cells: int

    def cell(self, seconds: float) -> int:
        """The cell of a moment, clamped to the axis."""
        return min(max(self._position(seconds), 0), self.cells - 1)

    def cell_after(self, seconds: float) -> int:
        """The cell after the last one that lies, in part, before a moment; clamped to the axis."""
        return min(max(math.ceil(self._share(seconds) - _ROUNDING), 0), self.cells)

    def seconds(self, cell: int) -> float:
        """When a cell begins."""
        return self.start + (self.end - self.start) * cell / self.cells

    def now(self, now: datetime) -> int | None:
        """The cell of the present moment; None where it is not on the axis."""
        position = self._position(now.timestamp())
        return position if 0 <= position < self.cells else None

    def ticks(self, zone: tzinfo | None = None) -> tuple[AxisTick, ...]:
        """Round local times whose labels fit beside each other.

        Args:
            zone: None is the local one.
        """
        step = self._step()
        labelled = (
            AxisTick(self._position(moment.timestamp()), _label(moment.astimezone(zone), step))
            for moment in _round_times(self._moment(self.start), step, zone)
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

    def _moment(self, seconds: float) -> datetime:
        return datetime.fromtimestamp(seconds, UTC)

    def _step(self) -> timedelta:
        """The smallest one whose labels do not touch."""
        for step in _STEPS:
            width = len(_label(datetime(2026, 1, 15, 12, tzinfo=UTC), step)) + _LABEL_GAP
            if step.total_seconds() / (self.end - self.start) * self.cells >= width:
                return step
        return _STEPS[-1]


def time_axis(window: TimeWindow, now: datetime, cells: int) -> TimeAxis:
    """The axis that shows a window up to now.

    It ends at the next round moment after now and moves on in steps of a twelfth of its span:
    the now line walks, the bars stand still, and a terminal has little to repaint.

    Args:
        window: how much to show.
        now: the server's clock.
        cells: at least 1.
    """
    span = window.value.total_seconds()
    slide = span / _SLIDES
    end = (math.floor(now.timestamp() / slide) + 1) * slide
    return TimeAxis(end - span, end, max(cells, 1))


def _label(moment: datetime, step: timedelta) -> str:
    if step >= _DAY or (moment.hour, moment.minute) == (0, 0):
        return f"{moment:%a %d}"
    return f"{moment:%H:%M}"


def _round_times(start: datetime, step: timedelta, zone: tzinfo | None) -> Iterator[datetime]:
    """Local times that are multiples of the step, from the first one after `start`; endless."""
    if step <= _HOUR:
        # Zones differ from UTC by quarters of an hour; an hour that is skipped or repeated leaves
        # these where they are.
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
    """The day that steps are counted from: the same days are named however far the axis moved."""
    days = max(step // _DAY, 1)
    return day - timedelta(days=day.toordinal() % days)
