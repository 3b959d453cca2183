"""What a plot of durations shows: a point a run, thinned out to what can be told apart."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from nodion_tui.model.run import Run, RunStatus
from nodion_tui.monitor.timeline.time_axis import TimeAxis

_STEPS = (
    *(1, 2, 5, 10, 15, 30),
    *(60, 120, 300, 600, 900, 1800),
    *(3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800),
)
"""Seconds between the ticks of a duration axis."""
_TICK = 10
"""Seconds in which a running run rises."""
_UNITS = ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s"))


@dataclass(frozen=True, slots=True)
class PlotPoint:
    """A run in a plot of durations over time."""

    cell: int
    """Where it began, as a cell of the axis."""
    seconds: float
    """How long it took, so far if it is running."""
    status: str


@dataclass(frozen=True, slots=True)
class DurationScale:
    """A duration axis."""

    step: int
    """Seconds from tick to tick."""
    ticks: int
    """How many there are above 0."""
    rows: int
    """Rows of the screen that it takes."""
    longest_rows: float
    """Rows that the longest duration takes."""

    @property
    def top(self) -> float:
        """Seconds at the upper end."""
        return float(self.step * self.ticks)

    @property
    def tick_seconds(self) -> tuple[float, ...]:
        """Where the ticks are, in seconds."""
        return tuple(float(self.step * at) for at in range(self.ticks + 1))


def plot_points(runs: Iterable[Run], axis: TimeAxis, now: datetime) -> Iterator[PlotPoint]:
    """The runs that began on the axis, newest first; those that never started are left out.

    Args:
        runs: of one runner, newest first.
        axis: the time of the plot.
        now: the server's clock.
    """
    recent = takewhile(lambda run: _may_begin_after(run, axis.start), runs)
    for run in recent:
        duration = run.duration(now)
        if duration is not None and run.started_at is not None:
            begun = run.started_at.timestamp()
            if axis.start <= begun < axis.end:
                seconds = duration.total_seconds()
                step = 0 if run.is_final else seconds % _TICK
                yield PlotPoint(axis.cell(begun), seconds - step, run.status)


def decimate(found: Iterable[PlotPoint], top: float, rows: int) -> list[PlotPoint]:
    """One point for each cell of the screen; a failed one comes before others, then the newest.

    Args:
        found: newest first.
        top: the duration at the upper end.
        rows: how many rows there are.
    """
    kept: dict[tuple[int, int], PlotPoint] = {}
    for point in found:
        place = (point.cell, int(point.seconds / top * rows) if top else 0)
        known = kept.get(place)
        if known is None or (point.status == RunStatus.FAILED != known.status):
            kept[place] = point
    return list(kept.values())


def duration_scale(longest: float, rows: int) -> DurationScale:
    """The duration axis that makes the most of the rows, with as many between any two ticks.

    Args:
        longest: the longest duration in seconds.
        rows: rows of the screen, at least 1.
    """
    between = max(rows - 1, 1)
    apart = 2 if between >= 4 else 1
    most = max(1, between // apart)
    steps = [step for step in _STEPS if longest / step <= most] or [_beyond(longest, most)]
    scales = [_scale(step, longest, between) for step in steps]
    # One tick alone tells little.
    return max(scales, key=lambda each: (min(each.ticks, most, 2), each.longest_rows))


def _beyond(longest: float, most: int) -> int:
    """A step for durations that no run ought to take."""
    return _STEPS[-1] * math.ceil(longest / _STEPS[-1] / most)


def _scale(step: int, longest: float, between: int) -> DurationScale:
    ticks = max(1, math.ceil(longest / step))
    rows = between // ticks * ticks
    return DurationScale(step, ticks, rows + 1, longest / (step * ticks) * rows)


def tick_label(seconds: float) -> str:
    """A tick in the largest unit that makes it a whole number: `90 s`, `2 min`, `6 h`."""
    whole = round(seconds)
    size, unit = next((each for each in _UNITS if whole and whole % each[0] == 0), (1, "s"))
    return f"{whole // size} {unit}" if whole else "0"


def _may_begin_after(run: Run, start: float) -> bool:
    """Whether a run may have started on an axis, although it may have been queued before."""
    longest_queue = timedelta(days=1)
    return run.created_at is None or (run.created_at + longest_queue).timestamp() >= start
