"""The runners, with those of all together first."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from operator import attrgetter
from typing import TYPE_CHECKING

from nodion_tui.model.runner import Runner
from nodion_tui.ui.dashboard.cursor_list import CursorList
from nodion_tui.ui.dashboard.runner_cells import RunnerCells
from nodion_tui.ui.paint.styled_row import StyledRow
from nodion_tui.ui.paint.theme import Glyphs

if TYPE_CHECKING:
    from nodion_tui.monitor.runs.known_runs import KnownRuns

ALL = Runner(id="", name="All runners")
"""First item of the list, for all runners together."""


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
        super().__init__(glyphs, attrgetter("id"), self._cells_of, id=id)
        self._clock = clock
        self._cells = RunnerCells(glyphs)
        self._active_counts: Counter[str] = Counter()
        self.store: KnownRuns | None = None
        """Source of the runs of each runner."""

    def update(self) -> None:
        """Repaint the changed columns."""
        active = self.store.active if self.store else ()
        self._active_counts = Counter(key.runner_id for key in active)
        super().update()

    def _cells_of(self, runner: Runner, width: int) -> StyledRow:
        counts = self._active_counts
        runs = self.store.runs_of(runner.id) if self.store and runner is not ALL else ()
        active = counts.total() if runner is ALL else counts[runner.id]
        return self._cells.row(runner, runs, active, self._clock(), width)
