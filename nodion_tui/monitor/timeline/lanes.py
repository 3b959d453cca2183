"""Where do runs stand on a time axis? Bars in lanes, for a chart with one row of cells a lane.

A `Track` is made once whenever a runner's runs change. It puts runs that overlap into different
lanes, each into the lowest that is free, so that a run keeps its lane while time moves on. Drawing
takes time by what is visible: runs that share cells become one bar, and where there are hundreds in
a cell they are skipped by bisection, not looked at.
"""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import heappop, heappush

from nodion_tui.model.run import Run, RunKey, RunStatus
from nodion_tui.monitor.timeline.time_axis import TimeAxis

_OPEN = float("inf")


@dataclass(frozen=True, slots=True)
class TimelineBar:
    """One run, or several that are too close together to be told apart."""

    start: int
    """First cell, from 0."""
    end: int
    """After the last cell; at least `start` + 1."""
    key: RunKey
    """The run that it opens: the newest failed one, else the newest."""
    status: str
    """Of that run."""
    runs: int = 1
    """How many it stands for."""


@dataclass(frozen=True, slots=True)
class VisibleLanes:
    """What is visible of a track."""

    lanes: tuple[tuple[TimelineBar, ...], ...]
    """The bars of each lane, left to right, none over another; at least one lane."""
    hidden: int
    """Visible runs in further lanes."""


class RunnerLanes:
    """The runs of one runner on the time line.

    Args:
        runs: in any order; those without any time are left out.
    """

    __slots__ = ("_lanes",)

    def __init__(self, runs: Iterable[Run]) -> None:
        self._lanes: list[Lane] = []
        busy: list[tuple[float, int]] = []
        free: list[int] = []
        for start, end, run in sorted(_placed(runs), key=lambda placed: placed[:2]):
            while busy and busy[0][0] <= start:
                heappush(free, heappop(busy)[1])
            lane = heappop(free) if free else self._new_lane()
            heappush(busy, (end, lane))
            self._lanes[lane].append(start, end, run)

    @property
    def lane_count(self) -> int:
        """How many there are: the most runs that were ever alive at once."""
        return len(self._lanes)

    def visible_lane_count(self, axis: TimeAxis) -> int:
        """How many lanes have a run on an axis; told without laying them out."""
        return sum(1 for lane in self._lanes if lane.visible(axis))

    def visible_lanes(self, axis: TimeAxis, now: datetime, *, lanes: int = 1) -> VisibleLanes:
        """What is visible on an axis.

        Args:
            axis: where and when.
            now: the server's clock; runs that have not ended end there.
            lanes: how many rows there are for it. Lanes without a visible run take none.
        """
        visible = [lane for lane in self._lanes if lane.visible(axis)]
        rows = tuple(tuple(lane.bars(axis, now.timestamp())) for lane in visible[:lanes])
        hidden = sum(len(lane.visible(axis)) for lane in visible[lanes:])
        return VisibleLanes(rows or ((),), hidden)

    def _new_lane(self) -> int:
        self._lanes.append(Lane())
        return len(self._lanes) - 1


class Lane:
    """Runs one after the other, none before the one before it has ended."""

    __slots__ = ("_ends", "_failed", "_runs", "_starts")

    def __init__(self) -> None:
        self._runs: list[Run] = []
        self._starts = array("d")
        self._ends = array("d")
        self._failed = array("L")  # indexes, ascending

    def append(self, start: float, end: float, run: Run) -> None:
        """Add the next run; times in seconds since the epoch, the end infinite while it goes on."""
        if run.status == RunStatus.FAILED:
            self._failed.append(len(self._runs))
        self._runs.append(run)
        self._starts.append(start)
        self._ends.append(end)

    def visible(self, axis: TimeAxis) -> range:
        """The indexes of the runs on the axis."""
        return range(bisect_right(self._ends, axis.start), bisect_left(self._starts, axis.end))

    def bars(self, axis: TimeAxis, now: float) -> Iterator[TimelineBar]:
        """The visible runs as bars."""
        shown = self.visible(axis)
        first, free = shown.start, 0
        while first < shown.stop and free < axis.cells:
            start = max(axis.cell(self._starts[first]), free)
            end = max(self._end_cell(first, axis, now), start + 1)
            after = bisect_left(self._starts, axis.seconds(end), first + 1, shown.stop)
            if after > first + 1 and self._end_cell(after - 1, axis, now) > end:
                # The last one that begins under this bar goes on beyond it, as a bar of its own.
                after -= 1
            yield self._bar(start, end, first, after)
            first, free = after, end

    def _end_cell(self, index: int, axis: TimeAxis, now: float) -> int:
        end = self._ends[index]
        return axis.cell_after(now if end == _OPEN else end)

    def _bar(self, start: int, end: int, first: int, after: int) -> TimelineBar:
        failed = bisect_left(self._failed, after) - 1
        has_failed = failed >= 0 and self._failed[failed] >= first
        run = self._runs[self._failed[failed] if has_failed else after - 1]
        return TimelineBar(start, end, run.key, run.status, after - first)


def _placed(runs: Iterable[Run]) -> Iterator[tuple[float, float, Run]]:
    """Start and end in seconds since the epoch; runs that have no times are left out."""
    for run in runs:
        begun = run.started_at or run.created_at
        if begun is None:
            continue
        start = begun.timestamp()
        ended = (run.completed_at or run.updated_at or begun) if run.is_final else None
        yield start, _OPEN if ended is None else max(ended.timestamp(), start), run
