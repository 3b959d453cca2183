"""The cursor of the timeline: on a bar of a row, and there while time moves on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from nodion_tui.model.run import RunKey
from nodion_tui.monitor.timeline.lanes import TimelineBar
from nodion_tui.monitor.timeline.time_axis import TimeAxis
from nodion_tui.ui.timeline.model import TimelineRow

Bars = Callable[[TimelineRow], tuple[TimelineBar, ...]]


@dataclass(frozen=True, slots=True)
class TimelineCursor:
    """Where it stands; another value for each move."""

    row: int = 0
    """Index of the row."""
    runner_id: str = ""
    lane: int = 0
    key: RunKey | None = None
    """The run that the bar under it opens; None where the row has no bar."""
    seconds: float = float("inf")
    """The moment that it keeps to when it goes to another row, since the epoch."""

    def to_row(
        self, row: int, rows: Sequence[TimelineRow], bars: Bars, axis: TimeAxis
    ) -> "TimelineCursor":
        """On another row, as near as there is one: on the bar that is nearest in time."""
        if not rows:
            return TimelineCursor(seconds=self.seconds)
        row = min(max(row, 0), len(rows) - 1)
        there = rows[row]
        bar = _nearest(bars(there), axis.cell(min(self.seconds, axis.end)))
        return TimelineCursor(
            row, there.runner.id, there.lane, bar.key if bar else None, self.seconds
        )

    def to_bar(
        self, by: int, rows: Sequence[TimelineRow], bars: Bars, axis: TimeAxis
    ) -> "TimelineCursor":
        """On another bar of the row, so many to the right."""
        shown = bars(rows[self.row]) if rows else ()
        if not shown:
            return self
        place = next((at for at, bar in enumerate(shown) if bar.key == self.key), 0)
        bar = shown[min(max(place + by, 0), len(shown) - 1)]
        return replace(self, key=bar.key, seconds=_middle(bar, axis))

    def to_key(
        self, row: int, bar: TimelineBar, rows: Sequence[TimelineRow], axis: TimeAxis
    ) -> "TimelineCursor":
        """On this bar of this row."""
        there = rows[row]
        return TimelineCursor(row, there.runner.id, there.lane, bar.key, _middle(bar, axis))

    def updated(self, rows: Sequence[TimelineRow], bars: Bars, axis: TimeAxis) -> "TimelineCursor":
        """The same after rows or bars have changed: on its run, else where it was in time."""
        own = [at for at, row in enumerate(rows) if row.runner.id == self.runner_id]
        for at in own:
            if any(bar.key == self.key for bar in bars(rows[at])):
                return replace(self, row=at, lane=rows[at].lane)
        at = next((at for at in own if rows[at].lane == self.lane), own[0] if own else self.row)
        return self.to_row(at, rows, bars, axis)


def _middle(bar: TimelineBar, axis: TimeAxis) -> float:
    return (axis.seconds(bar.start) + axis.seconds(bar.end)) / 2


def _nearest(bars: Sequence[TimelineBar], cell: int) -> TimelineBar | None:
    """The bar over a cell, else the one that is the fewest cells away."""
    return min(bars, key=lambda bar: max(bar.start - cell, cell - bar.end + 1, 0), default=None)
