"""The runners: status of the last run, number of active runs, sparkline of the last runs."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from nodion_tui.model.run import RunStatus
from nodion_tui.model.runner import Runner
from nodion_tui.model.sanitize import sanitize
from nodion_tui.ui.dashboard.cursor_list import CursorList
from nodion_tui.ui.paint import styled_row as rows
from nodion_tui.ui.paint.styled_row import StyledRow, StyledText, pad
from nodion_tui.ui.paint.theme import Glyphs, status_style

if TYPE_CHECKING:
    from nodion_tui.monitor.insight.statistics import SparkBar
    from nodion_tui.monitor.runs.store import RunStore

ALL = Runner(id="", name="All runners")
"""First item of the list, for all runners together."""
SPARKLINE_RUNS = 5
"""Number of runs in the sparkline."""


class RunnerList(CursorList[Runner]):
    """Runners by name, with `ALL` first.

    Args:
        glyphs: the glyph set to draw with.
        clock: the server's clock, time-zone aware.
        id: Textual's widget id.
    """

    def __init__(
        self,
        glyphs: Glyphs,
        clock: Callable[[], datetime],
        *,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(glyphs, id=id)
        self._clock = clock
        self._active_counts: Counter[str] = Counter()
        self.store: RunStore | None = None
        """Source of the runs of each runner."""

    def key_of(self, item: Runner) -> str:
        """The id of a runner; empty for `ALL`."""
        return item.id

    def update(self) -> None:
        """Repaint the changed columns."""
        active = self.store.active if self.store else ()
        self._active_counts = Counter(key.runner_id for key in active)
        super().update()

    def item_row(self, item: Runner, width: int) -> StyledRow:
        """Status glyph, name, and number of active runs or sparkline of a runner."""
        summary = self._summary(item)
        name_width = width - 2 - rows.row_width(summary) - 1
        name = StyledText(
            pad(sanitize(item.label), max(0, name_width), ellipsis=self._glyphs.ellipsis)
        )
        return (self._status_glyph(item), StyledText(" "), name, StyledText(" "), *summary)

    def _status_glyph(self, item: Runner) -> StyledText:
        if item is ALL:
            return StyledText(" ")
        runs = self.store.runs_of(item.id) if self.store else ()
        if not runs:
            return StyledText(self._glyphs.never_run, "dim")
        if self._active_counts[item.id]:
            return StyledText(
                self._glyphs.status(RunStatus.RUNNING), status_style(RunStatus.RUNNING)
            )
        return StyledText(self._glyphs.status(runs[0].status), status_style(runs[0].status))

    def _summary(self, item: Runner) -> StyledRow:
        active = self._active_counts.total() if item is ALL else self._active_counts[item.id]
        if active:
            return (StyledText(f"{active} ", status_style(RunStatus.RUNNING)),)
        runs = self.store.runs_of(item.id) if self.store and item is not ALL else ()
        if not runs:
            return ()
        from nodion_tui.monitor.insight.statistics import sparkline  # noqa: PLC0415 - after the first paint

        marks = [
            self._spark_glyph(spark)
            for spark in sparkline(runs[:SPARKLINE_RUNS], SPARKLINE_RUNS, self._clock())
        ]
        return (*marks, StyledText(" "))

    def _spark_glyph(self, spark: "SparkBar") -> StyledText:
        if spark.status == RunStatus.SUCCEEDED:
            return StyledText(self._glyphs.levels[spark.level], "dim")
        return StyledText(self._glyphs.status(spark.status), status_style(spark.status))
