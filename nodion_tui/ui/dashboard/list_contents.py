"""Contents of the two lists: what is known of a monitor, filtered and in the chosen order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from nodion_tui.model.run import Run, RunKey, newest_first
from nodion_tui.model.runner import Runner
from nodion_tui.model.sanitize import sanitize
from nodion_tui.monitor.runs.changes import RUNNER_LIST
from nodion_tui.ui.dashboard.layout import PaneName
from nodion_tui.ui.dashboard.runner_list import ALL
from nodion_tui.ui.session import error_text as errors

if TYPE_CHECKING:
    from nodion_tui.monitor.monitor import Monitor
    from nodion_tui.ui.dashboard.filters import ListFilters
    from nodion_tui.ui.dashboard.ordering import RunOrder

_NO_NAMES: Mapping[str, str] = MappingProxyType({})


class RunRows(NamedTuple):
    """Contents of the run list."""

    runs: Sequence[Run] = ()
    """The runs that match the filter, in the chosen order."""
    total: int = 0
    """How many runs there are without the filter."""
    runner_names: Mapping[str, str] = _NO_NAMES
    """Runner id → sanitized name; empty where all runs are of one runner."""
    empty_text: tuple[str, ...] = ()
    """Lines in place of the runs, if there are none."""


@dataclass(frozen=True)
class NoContents:
    """Contents of the lists while there is no monitor: the reason why."""

    waiting: str
    """Text in place of the lists."""
    is_known: ClassVar = False
    runners: ClassVar[Sequence[Runner]] = ()

    def now(self) -> datetime:
        """The clock of this machine."""
        return datetime.now(UTC)

    def names(self) -> Mapping[str, str]:
        """No names."""
        return _NO_NAMES

    def runner(self, _runner_id: str) -> Runner | None:
        """No runner."""
        return None

    def known_runs(self, _keys: Iterable[RunKey]) -> Sequence[Run]:
        """No runs."""
        return ()

    def runner_rows(self) -> Sequence[Runner]:
        """No rows."""
        return ()

    def run_rows(self, _runner_id: str) -> RunRows:
        """No rows, but the reason why."""
        return RunRows(empty_text=(self.waiting,))

    def is_loaded(self, _runner_ids: Iterable[str]) -> bool:
        """Nothing is loaded."""
        return False


class MonitorContents:
    """Contents of the lists from a monitor.

    Args:
        monitor: the source.
        filters: of both lists.
        order: of the runs.
        waiting: text in place of the lists until the first answer.
    """

    is_known: ClassVar = True

    def __init__(
        self, monitor: "Monitor", filters: "ListFilters", order: "RunOrder", waiting: str
    ) -> None:
        self._monitor = monitor
        self._filters = filters
        self._order = order
        self.waiting = waiting

    def now(self) -> datetime:
        """The server's clock."""
        return self._monitor.server_now()

    @property
    def runners(self) -> Sequence[Runner]:
        """All runners."""
        return self._monitor.runs.runners

    def names(self) -> Mapping[str, str]:
        """Runner id → sanitized name."""
        return {runner.id: sanitize(runner.label) for runner in self.runners}

    def runner(self, runner_id: str) -> Runner | None:
        """A runner; None if it is not listed."""
        return self._monitor.runs.runner(runner_id)

    def known_runs(self, keys: Iterable[RunKey]) -> Sequence[Run]:
        """The runs with these keys that are still known, newest first."""
        return sorted(filter(None, map(self._monitor.runs.run, keys)), key=newest_first)

    def runner_rows(self) -> Sequence[Runner]:
        """The runners that match the filter, after the row for all of them."""
        runner_filter = self._filters[PaneName.RUNNERS]
        if runner_filter is None:
            return (ALL, *self.runners)
        runs_of, now, names = self._monitor.runs.runs_of, self.now(), self.names()
        matching = [
            runner
            for runner in self.runners
            if runner_filter.matches_runner(runner.label, runs_of(runner.id), now=now, names=names)
        ]
        return (ALL, *matching)

    def run_rows(self, runner_id: str) -> RunRows:
        """The runs that match the filter.

        Args:
            runner_id: the runner whose runs are shown; empty: all.
        """
        store = self._monitor.runs
        runs = store.runs_of(runner_id) if runner_id else store.all_runs()
        run_filter, now, names = self._filters[PaneName.RUNS], self.now(), self.names()
        matching = runs if run_filter is None else run_filter.select(runs, now=now, names=names)
        return RunRows(
            runs=self._order.apply(matching, now=now, names=names),
            total=len(runs),
            runner_names=_NO_NAMES if runner_id else names,
            empty_text=self._empty_text(runner_id, is_filtered=bool(runs)),
        )

    def is_loaded(self, runner_ids: Iterable[str]) -> bool:
        """Whether the run lists of all these runners have been loaded."""
        freshness = self._monitor.runs.freshness
        return all(freshness(runner_id).fetched_at is not None for runner_id in runner_ids)

    def _empty_text(self, runner_id: str, *, is_filtered: bool) -> tuple[str, ...]:
        if is_filtered:
            return ("No run matches the filter.", "Press Esc to clear it.")
        if self._monitor.runs.freshness(RUNNER_LIST).fetched_at is None:
            outage = self._monitor.poller.outage
            return (errors.full_text(outage.error) if outage else self.waiting,)
        if not self.is_loaded((runner_id,) if runner_id else [each.id for each in self.runners]):
            return ("Loading …",)
        if not self.runners:
            return ("No runners.",)
        return ("No runs so far.", "Press t to trigger one.")


ListContents = NoContents | MonitorContents
