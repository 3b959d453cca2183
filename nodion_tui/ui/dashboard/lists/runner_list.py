"""The runners, with those of all together first."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from operator import attrgetter
from typing import TYPE_CHECKING

from nodion_tui.model.runner import Runner
from nodion_tui.ui.dashboard.lists.cursor_list import CursorList
from nodion_tui.ui.dashboard.lists.runner_cells import ASCII_LEVELS, LEVELS, runner_row
from nodion_tui.ui.paint.styled_row import StyledRow

if TYPE_CHECKING:
    from nodion_tui.monitor.insight.rhythm import Rhythm
    from nodion_tui.monitor.runs.known_runs import KnownRuns

ALL = Runner(id="", name="All runners")
"""First item of the list, for all runners together."""


class RunnerList(CursorList[Runner]):
    """Runners by name, with `ALL` first.

    Args:
        clock: the server's clock, time-zone aware.
        ascii_only: whether the terminal shows ASCII only.
    """

    def __init__(self, clock: Callable[[], datetime], *, ascii_only: bool = False) -> None:
        super().__init__(attrgetter("id"), self._cells_of, id="runners")
        self._clock = clock
        self._levels = ASCII_LEVELS if ascii_only else LEVELS
        self._active_counts: Counter[str] = Counter()
        self.store: KnownRuns | None = None
        """Source of the runs of each runner."""
        self.overdue_of: Callable[[str], Rhythm | None] = lambda _runner_id: None
        """Returns the rhythm of a runner, by its id, that did not run when it was due."""

    def update(self) -> None:
        """Repaint the changed columns."""
        active = self.store.active if self.store else ()
        self._active_counts = Counter(key.runner_id for key in active)
        super().update()

    def _cells_of(self, runner: Runner, width: int) -> StyledRow:
        counts = self._active_counts
        runs = self.store.runs_of(runner.id) if self.store and runner is not ALL else ()
        active = counts.total() if runner is ALL else counts[runner.id]
        is_failing = self.store is not None and self.store.freshness(runner.id).error is not None
        return runner_row(
            runner,
            runs,
            active,
            self._clock(),
            width,
            self._levels,
            is_failing=is_failing,
            overdue=self.overdue_of(runner.id),
        )
