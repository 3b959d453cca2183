"""The cursor of the timeline: it stays on its bar while time moves on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from nodion_tui.model.run import RunKey
from nodion_tui.monitor.timeline.lanes import TimelineBar
from nodion_tui.monitor.timeline.time_axis import TimeAxis
from nodion_tui.ui.timeline.model import TimelineModel


@dataclass(frozen=True, slots=True)
class TimelineCursor:
    """Position of the cursor; immutable, each move returns a new one."""

    row: int = 0
    """Index of the row."""
    runner_id: str = ""
    lane: int = 0
    key: RunKey | None = None
    """The run of the bar under the cursor; None if the row has no bar."""
    seconds: float = float("inf")
    """The time that is kept when moving to another row, in seconds since the epoch."""

    def to_row(self, row: int, board: TimelineModel) -> "TimelineCursor":
        """Moved to another row, clamped: to the bar that is nearest in time."""
        if not board.rows:
            return TimelineCursor(seconds=self.seconds)
        row = min(max(row, 0), len(board.rows) - 1)
        target, axis = board.rows[row], board.axis
        bar = _nearest(board.bars(target), axis.cell(min(self.seconds, axis.end)))
        return TimelineCursor(
            row, target.runner.id, target.lane, bar.key if bar else None, self.seconds
        )

    def to_bar(self, by: int, board: TimelineModel) -> "TimelineCursor":
        """Moved to the right by some bars."""
        bars = board.bars(board.rows[self.row]) if board.rows else ()
        if not bars:
            return self
        index = next((index for index, bar in enumerate(bars) if bar.key == self.key), 0)
        bar = bars[min(max(index + by, 0), len(bars) - 1)]
        return replace(self, key=bar.key, seconds=_middle(bar, board.axis))

    def to_key(self, row: int, bar: TimelineBar, board: TimelineModel) -> "TimelineCursor":
        """Moved to this bar of this row."""
        runner, lane = board.rows[row]
        return TimelineCursor(row, runner.id, lane, bar.key, _middle(bar, board.axis))

    def updated(self, board: TimelineModel) -> "TimelineCursor":
        """Adjusted to changed rows or bars: on the same run, or else the same time."""
        rows = board.rows
        runner_rows = [index for index, row in enumerate(rows) if row.runner.id == self.runner_id]
        for index in runner_rows:
            if any(bar.key == self.key for bar in board.bars(rows[index])):
                return replace(self, row=index, lane=rows[index].lane)
        index = next(
            (index for index in runner_rows if rows[index].lane == self.lane),
            runner_rows[0] if runner_rows else self.row,
        )
        return self.to_row(index, board)


def _middle(bar: TimelineBar, axis: TimeAxis) -> float:
    return (axis.seconds(bar.start) + axis.seconds(bar.end)) / 2


def _nearest(bars: Sequence[TimelineBar], cell: int) -> TimelineBar | None:
    """The bar over a cell, or else the nearest one."""
    return min(bars, key=lambda bar: max(bar.start - cell, cell - bar.end + 1, 0), default=None)
