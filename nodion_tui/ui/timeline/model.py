"""What the timeline shows of all runners, worked out for what is looked at and kept while true."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from nodion_tui.model.run import Run
from nodion_tui.model.runner import Runner
from nodion_tui.monitor.insight.statistics import RunStatistics, summarize
from nodion_tui.monitor.runs.time_range import MAX_RUN_DURATION, created_since
from nodion_tui.monitor.timeline.lanes import RunnerLanes, TimelineBar, VisibleLanes
from nodion_tui.monitor.timeline.time_axis import TimeAxis, TimeWindow

MAX_LANES = 3
"""Rows that a runner may take, for runs that overlap."""
COST_REFRESH_SECONDS = 10
"""What is still running costs more each time so much has passed."""


class TimelineRow(NamedTuple):
    """A row of the screen: one lane of one runner."""

    runner: Runner
    lane: int
    """From 0."""


class TimelineModel:
    """Rows, bars and figures of the runners.

    Args:
        runs_of: the runs of a runner by its id, newest first.
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
        self.idle_shown = True
        """Whether runners without a visible run have a row."""
        self.rows: tuple[TimelineRow, ...] = ()

    def set_runners(self, runners: Iterable[Runner]) -> None:
        """Show these runners, in their order."""
        self._runners = tuple(runners)
        known = {runner.id for runner in self._runners}
        for kept in (self._tracks, self._charts, self._summaries, self._heights):
            for runner_id in kept.keys() - known:
                del kept[runner_id]
        self._arrange()

    def invalidate(self, runner_ids: Iterable[str]) -> None:
        """The runs of these runners are different now."""
        for runner_id in runner_ids:
            for kept in (self._tracks, self._charts, self._summaries, self._heights):
                kept.pop(runner_id, None)
        self._arrange()

    def set_time(self, axis: TimeAxis, now: datetime) -> None:
        """Show another stretch of time, or the same a moment later."""
        before, self.axis, self.now = self.axis, axis, now
        if (before.start, before.end) != (axis.start, axis.end):
            self._heights.clear()
            self._arrange()

    def show_idle(self, *, shown: bool) -> None:
        """Show runners without a visible run, or leave them out."""
        self.idle_shown = shown
        self._arrange()

    def bars(self, row: TimelineRow) -> tuple[TimelineBar, ...]:
        """The bars of a row, left to right."""
        lanes = self.chart(row.runner.id).lanes
        return lanes[row.lane] if row.lane < len(lanes) else ()

    def newest_run(self, runner_id: str) -> Run | None:
        """A runner's newest run, however long ago."""
        runs = self._runs_of(runner_id)
        return runs[0] if runs else None

    def chart(self, runner_id: str) -> VisibleLanes:
        """All lanes of a runner."""
        wanted = (self.axis, self.axis.now(self.now))
        kept = self._charts.get(runner_id)
        if kept is None or kept[0] != wanted:
            chart = self._track(runner_id).visible_lanes(self.axis, self.now, lanes=MAX_LANES)
            kept = self._charts[runner_id] = (wanted, chart)
        return kept[1]

    def summary(self, runner: Runner) -> RunStatistics:
        """How a runner's runs fared in the time that is shown."""
        at = datetime.fromtimestamp(self.axis.start, UTC)
        kept = self._summaries.get(runner.id)
        if kept is None or kept[0][0] != self.axis.start or self._is_dearer(kept):
            runs = self._runs_of(runner.id)
            summary = summarize(runs, runner, since=at, now=self.now)
            kept = self._summaries[runner.id] = ((self.axis.start, self.now), summary)
        return kept[1]

    def _is_dearer(self, kept: tuple[tuple[float, datetime], RunStatistics]) -> bool:
        (_, made_at), summary = kept
        return bool(summary.active) and (self.now - made_at).total_seconds() >= COST_REFRESH_SECONDS

    def _arrange(self) -> None:
        self.rows = tuple(self._laid())

    def _laid(self) -> Iterator[TimelineRow]:
        for runner in self._runners:
            height = self._height(runner.id)
            for lane in range(max(height, 1) if self.idle_shown else height):
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
            # No window begins earlier, whichever is chosen next.
            oldest = self.now - TimeWindow.WEEK.value - MAX_RUN_DURATION
            track = RunnerLanes(created_since(self._runs_of(runner_id), oldest))
            self._tracks[runner_id] = track
        return track
