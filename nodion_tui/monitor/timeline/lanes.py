"""Lays out runs as bars in lanes on a time axis; each lane is one row of cells.

`RunnerLanes` is created whenever a runner's runs change. Overlapping runs are put into different
lanes, each into the lowest free one, so that a run keeps its lane while time moves on. The cost of
drawing depends on what is visible: runs that share cells are merged into one bar, and hundreds in a
cell are skipped by bisection.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from heapq import heappop, heappush

import msgspec

from nodion_tui.model.run import (
    COMPLETED,
    CREATED,
    MICROS,
    STARTED,
    UPDATED,
    Run,
    RunKey,
    RunStatus,
)
from nodion_tui.model.run_cause import never_known
from nodion_tui.monitor.timeline.time_axis import TimeAxis

_NOT_ENDED = float("inf")


class TimelineBar(msgspec.Struct, frozen=True):
    """One run, or several that are too close together to be drawn separately."""

    start: int
    """First cell, from 0."""
    end: int
    """Cell after the last one; at least `start` + 1."""
    key: RunKey
    """The run to open: the newest new failure, else the newest known one, else the newest."""
    status: str
    """Of that run."""
    runs: int = 1
    """Number of runs merged into it."""
    is_known: bool = False
    """Whether that run failed for an acknowledged cause, and none of the runs for another."""


class VisibleLanes(msgspec.Struct, frozen=True):
    """The visible part of a runner's lanes."""

    lanes: tuple[tuple[TimelineBar, ...], ...]
    """The bars of each lane, left to right, without overlap; at least one lane."""
    hidden: int
    """Number of visible runs in further lanes."""


class RunnerLanes:
    """The runs of one runner, laid out in lanes.

    Args:
        runs: in any order; those without any time are ignored.
        is_known: whether a run failed for an acknowledged cause.
    """

    __slots__ = ("_is_known", "_lanes")

    def __init__(self, runs: Iterable[Run], is_known: Callable[[Run], bool] = never_known) -> None:
        self._is_known = is_known
        self._lanes: list[Lane] = []
        busy: list[tuple[float, int]] = []
        free: list[int] = []
        for start, end, run in sorted(_with_times(runs), key=lambda placed: placed[:2]):
            while busy and busy[0][0] <= start:
                heappush(free, heappop(busy)[1])
            lane = heappop(free) if free else self._new_lane()
            heappush(busy, (end, lane))
            self._lanes[lane].append(start, end, run)

    def visible_lane_count(self, axis: TimeAxis) -> int:
        """Number of lanes with a run on an axis, without laying them out."""
        return sum(1 for lane in self._lanes if lane.visible(axis))

    def visible_lanes(self, axis: TimeAxis, now: datetime, *, lanes: int = 1) -> VisibleLanes:
        """The visible bars on an axis.

        Args:
            axis: the visible time range.
            now: the server's clock; runs that have not ended end there.
            lanes: maximum number of lanes. Lanes without a visible run are skipped.
        """
        visible = [lane for lane in self._lanes if lane.visible(axis)]
        rows = tuple(tuple(lane.bars(axis, now.timestamp())) for lane in visible[:lanes])
        hidden = sum(len(lane.visible(axis)) for lane in visible[lanes:])
        return VisibleLanes(rows or ((),), hidden)

    def _new_lane(self) -> int:
        self._lanes.append(Lane(self._is_known))
        return len(self._lanes) - 1


class Lane:
    """Runs one after the other, without overlap.

    Args:
        is_known: whether a run failed for an acknowledged cause.
    """

    __slots__ = ("_ends", "_failed", "_is_known", "_known", "_runs", "_starts")

    def __init__(self, is_known: Callable[[Run], bool] = never_known) -> None:
        self._is_known = is_known
        self._runs: list[Run] = []
        self._starts = array("d")
        self._ends = array("d")
        self._failed = array("L")  # indexes of new failures, ascending
        self._known = array("L")  # indexes of known failures, ascending

    def append(self, start: float, end: float, run: Run) -> None:
        """Add the next run; times in seconds since the epoch, end infinite while it is running."""
        if run.status == RunStatus.FAILED:
            indexes = self._known if self._is_known(run) else self._failed
            indexes.append(len(self._runs))
        self._runs.append(run)
        self._starts.append(start)
        self._ends.append(end)

    def visible(self, axis: TimeAxis) -> range:
        """The indexes of the runs on the axis."""
        return range(bisect_right(self._ends, axis.start), bisect_left(self._starts, axis.end))

    def bars(self, axis: TimeAxis, now: float) -> Iterator[TimelineBar]:
        """The visible runs as bars."""
        visible = self.visible(axis)
        first, next_free = visible.start, 0
        while first < visible.stop and next_free < axis.cells:
            start = max(axis.cell(self._starts[first]), next_free)
            end = max(self._end_cell(first, axis, now), start + 1)
            next_run = bisect_left(self._starts, axis.seconds(end), first + 1, visible.stop)
            if next_run > first + 1 and self._end_cell(next_run - 1, axis, now) > end:
                # The last run that begins under this bar extends beyond it: it gets its own bar.
                next_run -= 1
            yield self._bar(start, end, first, next_run)
            first, next_free = next_run, end

    def _end_cell(self, index: int, axis: TimeAxis, now: float) -> int:
        end = self._ends[index]
        return axis.cell_after(now if end == _NOT_ENDED else end)

    def _bar(self, start: int, end: int, first: int, next_run: int) -> TimelineBar:
        failed = _last_within(self._failed, first, next_run)
        known = _last_within(self._known, first, next_run) if failed is None else None
        shown = failed if failed is not None else known
        run = self._runs[next_run - 1 if shown is None else shown]
        is_known = known is not None
        return TimelineBar(start, end, run.key, run.status, next_run - first, is_known=is_known)


def _last_within(indexes: "array[int]", first: int, end: int) -> int | None:
    """The last of ascending indexes from `first` on, before `end`; None: there is none."""
    position = bisect_left(indexes, end) - 1
    return indexes[position] if position >= 0 and indexes[position] >= first else None


def _with_times(runs: Iterable[Run]) -> Iterator[tuple[float, float, Run]]:
    """Start and end in seconds since the epoch; runs without times are skipped."""
    for run in runs:
        start = run.micros(STARTED) or run.micros(CREATED)
        if not start:
            continue
        end = run.micros(COMPLETED) or run.micros(UPDATED)
        yield start / MICROS, max(start, end) / MICROS if run.is_final else _NOT_ENDED, run
