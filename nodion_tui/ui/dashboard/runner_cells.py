"""The cells of a runner: status of the last run, name, active runs or a sparkline."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from nodion_tui.model.run import Run, RunStatus
from nodion_tui.model.runner import Runner
from nodion_tui.model.sanitize import sanitize
from nodion_tui.ui.paint.styled_row import StyledRow, StyledText, pad, row_width
from nodion_tui.ui.paint.theme import Glyphs, status_style

if TYPE_CHECKING:
    from nodion_tui.monitor.insight.statistics import SparkBar

SPARKLINE_RUNS = 5
"""Number of runs in the sparkline."""


class RunnerCells:
    """Paints runners.

    Args:
        glyphs: the glyph set to draw with.
    """

    def __init__(self, glyphs: Glyphs) -> None:
        self._glyphs = glyphs

    def row(
        self, runner: Runner, runs: Sequence[Run], active: int, now: datetime, width: int
    ) -> StyledRow:
        """Status glyph, name, and number of active runs or sparkline of a runner.

        Args:
            runner: the runner; without an id, it stands for all runners and has no status.
            runs: its runs, newest first.
            active: number of its active runs.
            now: the server's clock.
            width: columns of the row.
        """
        sign = self._status_glyph(runs, active) if runner.id else StyledText(" ")
        summary = self._summary(runs, active, now)
        name_width = max(0, width - 2 - row_width(summary) - 1)
        name = pad(sanitize(runner.label), name_width, ellipsis=self._glyphs.ellipsis)
        return (sign, StyledText(" "), StyledText(name), StyledText(" "), *summary)

    def _status_glyph(self, runs: Sequence[Run], active: int) -> StyledText:
        if not runs:
            return StyledText(self._glyphs.never_run, "dim")
        return self._status(RunStatus.RUNNING if active else runs[0].status)

    def _summary(self, runs: Sequence[Run], active: int, now: datetime) -> StyledRow:
        if active:
            return (StyledText(f"{active} ", status_style(RunStatus.RUNNING)),)
        if not runs:
            return ()
        from nodion_tui.monitor.insight.statistics import sparkline  # noqa: PLC0415 - after the first paint

        bars = sparkline(runs[:SPARKLINE_RUNS], SPARKLINE_RUNS, now)
        return (*map(self._spark_glyph, bars), StyledText(" "))

    def _spark_glyph(self, spark: "SparkBar") -> StyledText:
        if spark.status == RunStatus.SUCCEEDED:
            return StyledText(self._glyphs.levels[spark.level], "dim")
        return self._status(spark.status)

    def _status(self, status: str) -> StyledText:
        return StyledText(self._glyphs.status(status), status_style(status))
