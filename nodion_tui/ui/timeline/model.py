"""View model of the timeline: rows, bars and statistics, computed on demand and cached."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from nodion_tui.model.run import Run
from nodion_tui.model.run_cause import never_known
from nodion_tui.model.runner import Runner
from nodion_tui.monitor.insight.statistics import RunStatistics, summarize
from nodion_tui.monitor.runs.time_range import MAX_RUN_DURATION, created_since
from nodion_tui.monitor.timeline.lanes import RunnerLanes, TimelineBar, VisibleLanes
from nodion_tui.monitor.timeline.time_axis import TimeAxis, TimeWindow

if TYPE_CHECKING:
    from nodion_tui.config import Profile
    from nodion_tui.monitor.insight.rhythm import Rhythm

MAX_LANES = 3
"""Maximum rows per runner, for overlapping runs."""
COST_REFRESH_SECONDS = 10
"""Interval in seconds at which the cost of running runs is updated."""


class TimelineRow(NamedTuple):
    """A row of the chart: one lane of one runner."""

    runner: Runner
    lane: int
    """From 0."""


class TimelineModel:
    """Rows, bars and statistics of the runners.

    Args:
        runs_of: returns the runs of a runner id, newest first.
    """

    def __init__(self, runs_of: Callable[[str], Sequence[Run]]) -> None:
        self._runs_of = runs_of
        self._runners: tuple[Runner, ...] = ()
        self._tracks: dict[str, RunnerLanes] = {}
        self._charts: dict[str, tuple[tuple[TimeAxis, int | None], VisibleLanes]] = {}
        self._summaries: dict[str, tuple[tuple[float, datetime], RunStatistics]] = {}
        self._heights: dict[str, int] = {}
        self.axis = TimeAxis(0.0, 1.0, 1)
        self.now = datetime.fromtimestamp(0, UTC)
        self.known_until: Callable[[str], datetime] = lambda _runner_id: self.now
        """Time until which the runs of a runner id are known; now, if its list can be read."""
        self.overdue_of: Callable[[str], Rhythm | None] = lambda _runner_id: None
        """Returns the rhythm of a runner id that did not run when it was due."""
        self.is_known: Callable[[Run], bool] = never_known
        """Whether a run failed for an acknowledged cause."""
        self.profile_of: Callable[[str], Profile | None] = lambda _runner_id: None
        """Returns the profile of a runner id, where there are several."""
        self.idle_shown = True
        """Whether runners without a run in the window have a row."""
        self._rows: tuple[TimelineRow, ...] | None = ()

    @property
    def rows(self) -> tuple[TimelineRow, ...]:
        """The rows of the chart, in order."""
        if self._rows is None:
            self._rows = tuple(self._layout_rows())
        return self._rows

    def set_runners(self, runners: Iterable[Runner]) -> None:
        """Set the runners, in the order of the rows."""
        self._runners = tuple(runners)
        runner_ids = {runner.id for runner in self._runners}
        for cached in (self._tracks, self._charts, self._summaries, self._heights):
            for runner_id in cached.keys() - runner_ids:
                del cached[runner_id]
        self._rows = None

    def invalidate(self, runner_ids: Iterable[str]) -> None:
        """Drop the cached data of runners whose runs have changed."""
        for runner_id in runner_ids:
            for cached in (self._tracks, self._charts, self._summaries, self._heights):
                cached.pop(runner_id, None)
        self._rows = None

    def set_time(self, axis: TimeAxis, now: datetime) -> None:
        """Set the time axis and the current time."""
        previous, self.axis, self.now = self.axis, axis, now
        if (previous.start, previous.end) != (axis.start, axis.end):
            self._heights.clear()
            self._rows = None

    def show_idle(self, *, shown: bool) -> None:
        """Show or hide runners without a run in the window."""
        self.idle_shown = shown
        self._rows = None

    def bars(self, row: TimelineRow) -> tuple[TimelineBar, ...]:
        """The bars of a row, left to right."""
        lanes = self.chart(row.runner.id).lanes
        return lanes[row.lane] if row.lane < len(lanes) else ()

    def missed_cells(self, row: TimelineRow) -> range:
        """The cells since a run was due that a runner misses, in its first row; else empty."""
        rhythm = None if row.lane else self.overdue_of(row.runner.id)
        if rhythm is None or not self.axis.start < self.now.timestamp() <= self.axis.end:
            return range(0)
        due_at = rhythm.due_at.timestamp()
        return range(self.axis.cell(due_at), self.axis.cell_after(self.now.timestamp()))

    def newest_run(self, runner_id: str) -> Run | None:
        """The newest run of a runner, also outside the window."""
        runs = self._runs_of(runner_id)
        return runs[0] if runs else None

    def chart(self, runner_id: str) -> VisibleLanes:
        """All lanes of a runner."""
        known_until = min(self.known_until(runner_id), self.now)
        inputs = (self.axis, self.axis.now(known_until))
        cached = self._charts.get(runner_id)
        if cached is None or cached[0] != inputs:
            chart = self._track(runner_id).visible_lanes(self.axis, known_until, lanes=MAX_LANES)
            cached = self._charts[runner_id] = (inputs, chart)
        return cached[1]

    def summary(self, runner: Runner) -> RunStatistics:
        """Statistics of the runs of a runner in the window."""
        since = datetime.fromtimestamp(self.axis.start, UTC)
        cached = self._summaries.get(runner.id)
        if cached is None or cached[0][0] != self.axis.start or self._is_outdated(cached):
            runs = self._runs_of(runner.id)
            summary = summarize(runs, runner, since=since, now=self.now)
            cached = self._summaries[runner.id] = ((self.axis.start, self.now), summary)
        return cached[1]

    def _is_outdated(self, cached: tuple[tuple[float, datetime], RunStatistics]) -> bool:
        (_, computed_at), summary = cached
        return (
            bool(summary.active)
            and (self.now - computed_at).total_seconds() >= COST_REFRESH_SECONDS
        )

    def _layout_rows(self) -> Iterator[TimelineRow]:
        for runner in self._runners:
            height = self._height(runner.id)
            # A runner that misses its run has something to show.
            is_shown = self.idle_shown or bool(self.missed_cells(TimelineRow(runner, 0)))
            for lane in range(max(height, 1) if is_shown else height):
                yield TimelineRow(runner, lane)

    def _height(self, runner_id: str) -> int:
        height = self._heights.get(runner_id)
        if height is None:
            height = min(self._track(runner_id).visible_lane_count(self.axis), MAX_LANES)
            self._heights[runner_id] = height
        return height

    def _track(self, runner_id: str) -> RunnerLanes:
        track = self._tracks.get(runner_id)
        if track is None:
            # No window starts earlier, so that the cache serves all of them.
            oldest = self.now - TimeWindow.WEEK.value - MAX_RUN_DURATION
            runs = created_since(self._runs_of(runner_id), oldest)
            track = RunnerLanes(runs, self.is_known)
            self._tracks[runner_id] = track
        return track
