"""Contents of the two lists: what is known of a monitor, filtered and in the chosen order."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

import msgspec

from nodion_tui.model.run import Run
from nodion_tui.model.runner import Runner
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.ui.dashboard.layout import PaneName
from nodion_tui.ui.dashboard.lists.log_term import LogTerm
from nodion_tui.ui.dashboard.lists.runner_list import ALL
from nodion_tui.ui.session import error_text as errors
from nodion_tui.ui.session.pins import Pins

if TYPE_CHECKING:
    from nodion_tui.monitor.monitor import Monitor
    from nodion_tui.ui.dashboard.lists.filters import ListFilters
    from nodion_tui.ui.dashboard.lists.ordering import RunOrder

_NO_MATCH = "No run matches the filter."
_NO_NAMES: Mapping[str, str] = MappingProxyType({})


class RunRows(msgspec.Struct, frozen=True):
    """Contents of the run list."""

    runs: Sequence[Run] = ()
    """The runs that match the filter, in the chosen order."""
    total: int = 0
    """How many runs there are without the filter."""
    runner_names: Mapping[str, str] = _NO_NAMES
    """Runner id → sanitized name; empty where all runs are of one runner."""
    empty_text: tuple[str, ...] = ()
    """Lines in place of the runs, if there are none."""


class ListContents:
    """Contents of the lists from a monitor; without one, they are empty and say why.

    Args:
        filters: of both lists.
        order: of the runs.
        waiting: text in place of the lists until the first answer.
        pins: which runners come first; None: none does.
    """

    def __init__(
        self, filters: "ListFilters", order: "RunOrder", waiting: str, pins: Pins | None = None
    ) -> None:
        self._pins = pins or Pins()
        self._filters = filters
        self._order = order
        self.waiting = waiting
        self._named_runners: Sequence[Runner] = ()
        self._names: Mapping[str, str] = {}
        self.monitor: Monitor | None = None
        """The source."""
        self.log_term = LogTerm()
        """Searches logs for a filter that asks for it."""

    def now(self) -> datetime:
        """The server's clock; that of this machine without a monitor."""
        return self.monitor.server_now() if self.monitor else datetime.now(UTC)

    @property
    def runners(self) -> Sequence[Runner]:
        """All runners."""
        return self.monitor.runs.runners if self.monitor else ()

    def names(self) -> Mapping[str, str]:
        """Runner id → sanitized name; the same mapping while the runners are the same."""
        if self._named_runners is not self.runners:
            self._named_runners = self.runners
            self._names = {runner.id: sanitize(runner.label) for runner in self.runners}
        return self._names

    def profile_names(self) -> Sequence[str]:
        """Names of the watched profiles."""
        return [account.name for account in self.monitor.accounts] if self.monitor else ()

    def runner_rows(self) -> Sequence[Runner]:
        """The runners that match the filter, after the row for all of them."""
        if self.monitor is None:
            return ()
        runner_filter = self._filters[PaneName.RUNNERS]
        if runner_filter is None:
            return (ALL, *self._pins.ordered(self.runners))
        runs_of, now, names = self.monitor.runs.runs_of, self.now(), self.names()
        overdue = self.monitor.due.runners
        matching = [
            runner
            for runner in self.runners
            if runner_filter.matches_runner(
                runner.label,
                runs_of(runner.id),
                now=now,
                names=names,
                overdue=overdue,
                cause_of=self.monitor.failures.of,
                profile_of=self.monitor.accounts.profile_name,
            )
        ]
        return (ALL, *self._pins.ordered(matching))

    def run_rows(self, runner_id: str) -> RunRows:
        """The runs that match the filter.

        Args:
            runner_id: the runner whose runs are shown; empty: all.
        """
        if self.monitor is None:
            return RunRows(empty_text=(self.waiting,))
        store = self.monitor.runs
        runs = store.runs_of(runner_id) if runner_id else store.all_runs()
        now, names = self.now(), self.names()
        active: Sequence[Run] = store.active_runs(runner_id)
        matching = runs
        run_filter = self._filters[PaneName.RUNS]
        if run_filter is None or not run_filter.log_queries:
            self.log_term.clear()
        if run_filter is not None:
            matching = self._select(self.monitor, runs)
            active = [run for run in matching if not run.is_final]
        partial_search = self.log_term.is_partial
        what = "No hit in the logs searched so far." if partial_search else _NO_MATCH
        empty_text = (what, "Press Esc to clear the filter.")
        return RunRows(
            runs=self._order.apply(
                matching,
                now=now,
                names=names,
                active=active,
                cause_of=self.monitor.failures.of,
                profile_of=self.monitor.accounts.profile_name,
            ),
            total=len(runs),
            runner_names=_NO_NAMES if runner_id else names,
            empty_text=empty_text if runs else self._empty_text(self.monitor, runner_id),
        )

    def why_no_log(self, runner_id: str) -> tuple[str, ...]:
        """Why there is no run whose log could be shown, and what to do; empty: it is not known.

        Args:
            runner_id: the runner whose runs are shown; empty: all.
        """
        monitor = self.monitor
        if monitor is None or not monitor.is_listed:
            return ()
        if not self.runners:
            return ("No runners yet", "New ones appear by themselves.")
        if monitor.runs.runs_of(runner_id) if runner_id else monitor.runs.all_runs():
            return (_NO_MATCH.rstrip("."),)
        shown = (runner_id,) if runner_id else [each.id for each in self.runners]
        if not self.is_loaded(shown):
            return ()
        if all(map(monitor.run_control.is_read_only, shown)):
            return ("No runs yet", "The log of a run appears here.")
        return ("No runs yet", "Press t to trigger one; its log appears here.")

    def is_selected(self, run: Run) -> bool:
        """Whether a run matches the filter of the run list."""
        return self.monitor is None or bool(self._select(self.monitor, [run]))

    def is_loaded(self, runner_ids: Iterable[str]) -> bool:
        """Whether the run lists of all these runners have been loaded."""
        if self.monitor is None:
            return False
        freshness = self.monitor.runs.freshness
        return all(freshness(runner_id).fetched_at is not None for runner_id in runner_ids)

    def _select(self, monitor: "Monitor", runs: Sequence[Run]) -> Sequence[Run]:
        """Those of the runs that match the filter."""
        run_filter = self._filters[PaneName.RUNS]
        if run_filter is None:
            return runs
        select = partial(
            run_filter.select,
            now=self.now(),
            names=self.names(),
            overdue=monitor.due.runners,
            cause_of=monitor.failures.of,
            profile_of=monitor.accounts.profile_name,
        )
        matching = select(runs)
        if not run_filter.log_queries:
            return matching
        term = self.log_term
        term.apply(monitor, run_filter.log_queries, matching)
        return select(matching, log_hits=term.hits)

    def _why_not_loaded(self, monitor: "Monitor", runner_ids: Sequence[str]) -> tuple[str, ...]:
        """That the lists are being read, or why they cannot be."""
        failing = monitor.runs.failing_lists()
        missing = [each for each in runner_ids if monitor.runs.freshness(each).fetched_at is None]
        outages = [monitor.account_of(each).outage for each in missing]
        if outages and all(outages):
            return tuple(dict.fromkeys(errors.full_text(each.error) for each in outages if each))
        if any(each not in failing for each in missing):
            return ("Loading …",)
        texts = dict.fromkeys(errors.full_text(failing[each]) for each in missing)
        lists = "The run list" if len(runner_ids) == 1 else f"{len(missing)} run lists"
        return (f"{lists} cannot be read:", *texts)

    def _empty_text(self, monitor: "Monitor", runner_id: str) -> tuple[str, ...]:
        if not monitor.is_listed:
            return tuple(errors.why_not_listed(monitor, self.waiting))
        shown = (runner_id,) if runner_id else [each.id for each in self.runners]
        if not self.is_loaded(shown):
            return self._why_not_loaded(monitor, shown)
        if not self.runners:
            return ("No runners.", "The service lists none for this key. New ones appear here.")
        if all(map(monitor.run_control.is_read_only, shown)):
            return ("No runs so far.",)
        hint: tuple[str, ...] = ("Press t to trigger one.",)
        if monitor.profile.engine not in {None, "demo"} and not monitor.runs.all_runs():
            hint = (*hint, "For a busy example: nodion-tui --demo")
        return ("No runs so far.", *hint)
