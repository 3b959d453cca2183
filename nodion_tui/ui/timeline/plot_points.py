"""Data of the duration plot: one point per run, and the duration axis."""

import math
from collections.abc import Iterable, Iterator, Sized
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from msgspec.structs import replace

from nodion_tui.model.run import CREATED, MICROS, STARTED, Run
from nodion_tui.monitor.timeline.time_axis import TimeAxis

HALVES = 2
"""Points that fit side by side in a cell."""
LEVELS = 4
"""Heights at which a point can stand in a row."""
_STEPS = (
    *(1, 2, 5, 10, 15, 30),
    *(60, 120, 300, 600, 900, 1800),
    *(3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800),
)
"""Seconds between the ticks of a duration axis."""
_RISE_SECONDS = 10
"""Step, in seconds, in which the point of a running run rises."""
_LONGEST_QUEUE = 86_400
"""Longest time in the queue, in seconds."""


@dataclass(frozen=True, slots=True)
class PlotPoint:
    """A run in a plot of durations over time."""

    half_cell: int
    """Start of the run, in halves of the cells of the axis."""
    seconds: float
    """Duration, so far if the run is running."""
    status: str


@dataclass(frozen=True, slots=True)
class DurationScale:
    """A duration axis."""

    step: int
    """Seconds between two ticks."""
    ticks: int
    """Number of ticks above 0."""
    rows: int
    """Rows of the screen; the ticks at both ends stand in the middle of the outermost ones."""
    longest_rows: float
    """Rows up to the longest duration."""

    @property
    def top(self) -> float:
        """Seconds at the upper end."""
        return float(self.step * self.ticks)

    @property
    def tick_seconds(self) -> tuple[float, ...]:
        """Values of the ticks, in seconds."""
        return tuple(float(self.step * tick) for tick in range(self.ticks + 1))

    def level(self, seconds: float) -> int:
        """Height of a duration up to `top`, in quarters of a row from the lower edge."""
        return math.floor((seconds / self.top * (self.rows - 1) + 0.5) * LEVELS)

    def row(self, seconds: float) -> int:
        """The row of a duration up to `top`, from 0 upwards."""
        return self.level(seconds) // LEVELS


def plot_points(runs: Iterable[Run], axis: TimeAxis, now: datetime) -> Iterator[PlotPoint]:
    """Points of the runs that started on the axis, newest first.

    Args:
        runs: the runs of one runner, newest first.
        axis: the time axis of the plot.
        now: the server's clock.
    """
    halves = replace(axis, cells=axis.cells * HALVES)
    recent = takewhile(lambda run: _may_begin_after(run, axis.start), runs)
    for run in recent:
        started_at = run.micros(STARTED) / MICROS
        if started_at and axis.start <= started_at < axis.end:
            seconds = (run.duration(now) or timedelta()).total_seconds()
            step = 0 if run.is_final else seconds % _RISE_SECONDS
            yield PlotPoint(halves.cell(started_at), seconds - step, run.status)


def is_crowded(points: Sized, axis: TimeAxis) -> bool:
    """Whether there is more than one run for every two cells of the axis."""
    return len(points) * 2 > axis.cells


def duration_scale(longest: float, rows: int) -> DurationScale:
    """The duration axis that uses the rows best, with equal distances between its ticks.

    Args:
        longest: the longest duration in seconds.
        rows: rows of the screen, at least 1.
    """
    interval_rows = max(rows - 1, 1)
    min_distance = 2 if interval_rows >= 4 else 1
    max_ticks = max(1, interval_rows // min_distance)
    steps = [step for step in _STEPS if longest / step <= max_ticks] or [
        _largest_step(longest, max_ticks)
    ]
    scales = [_scale(step, longest, interval_rows) for step in steps]
    # A single tick says little.
    return max(scales, key=lambda scale: (min(scale.ticks, max_ticks, 2), scale.longest_rows))


def _largest_step(longest: float, max_ticks: int) -> int:
    """The step for durations beyond the largest regular step."""
    return _STEPS[-1] * math.ceil(longest / _STEPS[-1] / max_ticks)


def _scale(step: int, longest: float, interval_rows: int) -> DurationScale:
    ticks = max(1, math.ceil(longest / step))
    rows = interval_rows // ticks * ticks
    return DurationScale(step, ticks, rows + 1, longest / (step * ticks) * rows)


def _may_begin_after(run: Run, start: float) -> bool:
    """Whether a run may have started after this time, given the longest time in the queue."""
    created_at = run.micros(CREATED) / MICROS
    return not created_at or created_at + _LONGEST_QUEUE >= start
