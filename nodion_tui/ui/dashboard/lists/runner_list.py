"""The runners, with those of all together first."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from operator import attrgetter
from typing import TYPE_CHECKING

from nodion_tui.model.run_cause import never_known
from nodion_tui.model.runner import Runner
from nodion_tui.ui.dashboard.lists.cursor_list import CursorList
from nodion_tui.ui.dashboard.lists.run_cells import profile_cell
from nodion_tui.ui.dashboard.lists.runner_cells import (
    ASCII_LEVELS,
    LEVELS,
    last_run_age,
    runner_row,
)
from nodion_tui.ui.paint.styled_row import StyledRow

if TYPE_CHECKING:
    from nodion_tui.config import Profile
    from nodion_tui.model.run import Run
    from nodion_tui.monitor.insight.rhythm import Rhythm
    from nodion_tui.monitor.runs.known_runs import KnownRuns

_PROFILE_SHARE = 3
ALL = Runner(id="", name="All runners")
"""First item of the list, for all runners together."""


class RunnerList(CursorList[Runner]):
    """Runners by name, with `ALL` first.

    Args:
        clock: the server's clock, time-zone aware.
        ascii_only: whether the terminal shows ASCII only.
        is_pinned: whether the runner with an id comes first.
    """

    def __init__(
        self,
        clock: Callable[[], datetime],
        *,
        ascii_only: bool = False,
        is_pinned: Callable[[str], bool] = lambda _: False,
    ) -> None:
        super().__init__(attrgetter("id"), self._cells_of, id="runners")
        self._is_pinned = is_pinned
        self._clock = clock
        self._levels = ASCII_LEVELS if ascii_only else LEVELS
        self._active_counts: Counter[str] = Counter()
        self.store: KnownRuns | None = None
        """Source of the runs of each runner."""
        self.profile_of: Callable[[str], Profile | None] = lambda _runner_id: None
        """The profile that a row of this runner names; None where there is only one."""
        self.profile_width = 0
        """Columns of the longest profile name; 0: rows name none."""
        self.find_overdue: Callable[[], Mapping[str, Rhythm]] = dict
        """Returns the rhythms of the runners, by id, that did not run when they were due."""
        self.is_known: Callable[[Run], bool] = never_known
        """Whether a run failed for an acknowledged cause."""
        self._overdue: Mapping[str, Rhythm] = {}
        self._shown_ages: Mapping[str, str] = {}

    def update(self) -> None:
        """Repaint the changed columns."""
        active = self.store.active if self.store else ()
        self._active_counts = Counter(key.runner_id for key in active)
        self._overdue = self.find_overdue()
        self._shown_ages = self._ages()
        super().update()

    def tick(self) -> bool:
        """Repaint the changed columns if an age has; whether other runners than before are overdue.

        Nothing else need have changed then: a list was read again, and is as it was.
        """
        before = self._overdue.keys()
        self._overdue = self.find_overdue()
        if self._ages() != self._shown_ages:
            self.update()
        return before != self._overdue.keys()

    def _ages(self) -> Mapping[str, str]:
        """Runner id → how long ago it ran last, of those that are overdue."""
        now = self._clock()
        return {each: last_run_age(rhythm, now) for each, rhythm in self._overdue.items()}

    def _profile_part(self, runner: Runner, width: int) -> StyledRow:
        """The name of the profile, in at most a third of the row."""
        if not self.profile_width or runner is ALL:
            return ()
        return profile_cell(
            self.profile_of(runner.id), min(self.profile_width, width // _PROFILE_SHARE)
        )

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
            profile=self._profile_part(runner, width),
            is_failing=is_failing,
            is_pinned=self._is_pinned(runner.id),
            last_run_age=self._shown_ages.get(runner.id, ""),
            is_known=self.is_known,
        )
