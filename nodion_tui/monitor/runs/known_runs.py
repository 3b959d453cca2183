"""All known runners and runs: takes API responses and publishes changes by key."""

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime

from msgspec.structs import replace

from nodion_tui.model.errors import NodionError, ResourceNotFound, ScopeMissing
from nodion_tui.model.listing import BadRow, Listing
from nodion_tui.model.log_line import FinalState
from nodion_tui.model.run import Run, RunKey, RunStatus, newest_first
from nodion_tui.model.runner import Runner
from nodion_tui.model.subscribers import Subscribers
from nodion_tui.monitor.runs.changes import RUNNER_LIST, Changes, Freshness
from nodion_tui.monitor.runs.runner_lists import RunnerLists
from nodion_tui.monitor.runs.runner_runs import RunnerRuns, is_outdated
from nodion_tui.monitor.runs.sorted_runs import SortedRuns

Subscriber = Callable[[Changes], None]

_NEVER_FETCHED = Freshness()


def utc_now() -> datetime:
    """The wall clock of this machine, aware."""
    return datetime.now(UTC)


class KnownRuns:
    """Runners, their runs and the freshness of each list; subscribers receive every change.

    Args:
        known_runners: runners by id, for a service that does not list them.
        monotonic: clock for ages, in seconds.
        utcnow: wall clock, aware, for the time of the last answer.
    """

    def __init__(
        self,
        *,
        known_runners: Iterable[Runner] = (),
        monotonic: Callable[[], float] = time.monotonic,
        utcnow: Callable[[], datetime] = utc_now,
    ) -> None:
        self._monotonic = monotonic
        self._utcnow = utcnow
        self._subscribers = Subscribers[Changes]()
        self._runs: dict[str, RunnerRuns] = {}
        self._all = SortedRuns()
        self._failed = SortedRuns()
        self.runner_lists = RunnerLists()
        """The runner list of each account."""
        self.runner_lists.add(RUNNER_LIST, known_runners)
        self._freshness: dict[str, Freshness] = {}
        self._good: set[str] = set()
        """Lists that were read, and whose last attempt succeeded."""
        self._complete: Mapping[str, Runner] | None = None
        """The runners for which `is_complete` was found true and still is."""
        self._failing: set[str] = set()
        """Lists whose last attempt failed."""
        self._arrived_at: dict[RunKey, float] = {}
        self.active: set[RunKey] = set()
        """Runs that have not ended."""

    def subscribe(self, subscriber: Subscriber) -> Callable[[], None]:
        """Call `subscriber` for every change; returns the function that unsubscribes."""
        return self._subscribers.subscribe(subscriber)

    def publish(self, changes: Changes) -> None:
        """Notify the subscribers; also of changes beside the lists, such as a requested stop."""
        self._subscribers.notify(changes)

    @property
    def runners(self) -> tuple[Runner, ...]:
        """All runners, by name."""
        return self.runner_lists.runners

    @property
    def bad_runners(self) -> tuple[BadRow, ...]:
        """Rows of the first runner list that do not match the API's documentation."""
        return self.runner_lists[RUNNER_LIST].bad_rows

    @property
    def runners_denied(self) -> NodionError | None:
        """Why the service refuses the first runner list; configured runners are used instead."""
        return self.runner_lists[RUNNER_LIST].denied

    def runner(self, runner_id: str) -> Runner | None:
        """A runner by its id."""
        return self.runner_lists.by_id.get(runner_id)

    def run(self, key: RunKey) -> Run | None:
        """A run by its key."""
        runner_runs = self._runs.get(key.runner_id)
        return runner_runs.by_id.get(key.run_id) if runner_runs else None

    def runs_of(self, runner_id: str) -> Sequence[Run]:
        """The runs of a runner, newest first; a view that stays current."""
        runner_runs = self._runs.get(runner_id)
        return runner_runs.order if runner_runs else ()

    def all_runs(self) -> Sequence[Run]:
        """The runs of all runners, newest first; a view that stays current."""
        return self._all

    def failed_runs(self) -> Sequence[Run]:
        """The runs of all runners that failed, newest first; a view that stays current."""
        return self._failed

    def active_runs(self, runner_id: str = "") -> list[Run]:
        """The runs that have not ended, newest first; of one runner, or of all."""
        keys = (key for key in self.active if runner_id in {"", key.runner_id})
        return sorted(filter(None, map(self.run, keys)), key=newest_first)

    def bad_runs(self) -> Mapping[str, tuple[BadRow, ...]]:
        """Runner id → rows of its run list that do not match the API's documentation, if any."""
        bad = {each: runs.bad_rows for each, runs in self._runs.items() if runs.bad_rows}
        return {each.id: bad[each.id] for each in self.runners if each.id in bad} if bad else bad

    def freshness(self, target: str) -> Freshness:
        """Freshness of a list: a runner's id, or the key of a runner list."""
        return self._freshness.get(target, _NEVER_FETCHED)

    def fetched_at(self, targets: Iterable[str]) -> list[float | None]:
        """When lists were last fetched, on the monotonic clock; None: never."""
        freshness = self._freshness
        return [freshness.get(target, _NEVER_FETCHED).fetched_at for target in targets]

    @property
    def is_complete(self) -> bool:
        """Whether the list of every runner was read, and can be read still."""
        runners = self.runner_lists.by_id
        if self._complete is not runners and runners.keys() <= self._good:
            self._complete = runners  # asked for each second: compared once
        return self._complete is runners

    def failing_lists(self) -> Mapping[str, NodionError]:
        """Runner id → why its run list cannot be read, in the order of the runners."""
        if not self._failing:
            return {}
        errors = ((runner.id, self.freshness(runner.id).error) for runner in self.runners)
        return {runner_id: error for runner_id, error in errors if error is not None}

    def apply_runners(self, listing: Listing[Runner], *, list_key: str = RUNNER_LIST) -> None:
        """Apply a response of a runner list."""
        known = self.runner_lists[list_key]
        unchanged = known.denied is None and listing.bad_rows == known.bad_rows
        known.denied = None
        known.bad_rows = listing.bad_rows
        self._set_runners(list_key, listing.items, freshness_only=unchanged)

    def runner_list_failed(self, error: NodionError, *, list_key: str = RUNNER_LIST) -> None:
        """Record that a runner list failed.

        If it is refused, the configured runners are used; without any, those listed before.
        """
        if isinstance(error, ResourceNotFound | ScopeMissing):
            known = self.runner_lists[list_key]
            known.denied = error
            self._set_runners(list_key, known.configured or known.runners)
        else:
            self.list_failed(list_key, error)

    def list_failed(self, target: str, error: NodionError) -> None:
        """Record that a list could not be fetched: its data is kept and ages."""
        previous = self.freshness(target)
        self._set_freshness(target, replace(previous, error=error))
        self.publish(Changes(polled=frozenset({target})))

    def add_suspend_time(self, seconds: float, targets: AbstractSet[str] | None = None) -> None:
        """Age lists by the time of a suspend, which the monotonic clock does not count.

        Args:
            seconds: how long it took.
            targets: the lists; None: all.
        """
        aged = self._freshness.keys() if targets is None else targets & self._freshness.keys()
        for target in aged:
            freshness = self._freshness[target]
            fetched_at = _earlier(freshness.fetched_at, seconds)
            self._freshness[target] = replace(freshness, fetched_at=fetched_at)
        self.publish(Changes(polled=frozenset(aged)))

    def apply_runs(
        self, runner_id: str, listing: Listing[Run], *, requested_at: float | None = None
    ) -> None:
        """Apply a response of a runner's run list.

        Args:
            runner_id: whose runs they are.
            listing: the response.
            requested_at: when the request was sent, on the monotonic clock; runs that became known
                later are kept although the response does not list them.
        """
        runner_runs = self._runs.setdefault(runner_id, RunnerRuns())
        freshness_only = self.freshness(runner_id).is_good and listing is runner_runs.listing
        self._mark_fresh(runner_id)
        changed: list[Run] = []
        removed: list[RunKey] = []
        if listing is not runner_runs.listing:
            changed, missing_ids = runner_runs.diff(listing)
            self._put(runner_runs, changed)
            removed = [
                key
                for run_id in missing_ids
                if not self._is_newer(key := RunKey(runner_id, run_id), requested_at)
            ]
            self._drop(runner_runs, removed)
            # Runs newer than this response are checked against the next one, even if it is equal.
            runner_runs.listing = listing if len(removed) == len(missing_ids) else None
            runner_runs.bad_rows = listing.bad_rows
        keys = frozenset(run.key for run in changed)
        polled = frozenset({runner_id})
        self.publish(
            Changes(keys, frozenset(removed), polled=polled, freshness_only=freshness_only)
        )

    def remember(
        self, runners: Iterable[Runner], runs: Iterable[Run], *, list_key: str = RUNNER_LIST
    ) -> None:
        """Take runners and runs from an earlier time, until the service lists its own.

        No list counts as fetched, and what is known already is kept.
        """
        self.runner_lists.replace(list_key, runners)
        remembered_ids = [runner.id for runner in self.runner_lists[list_key].runners]
        by_runner: dict[str, dict[str, Run]] = {runner_id: {} for runner_id in remembered_ids}
        for run in runs:
            if self.runner_lists.owner(run.runner_id) == list_key and self.run(run.key) is None:
                by_runner[run.runner_id][run.id] = run
        for runner_id, remembered in by_runner.items():
            self._put(self._runs.setdefault(runner_id, RunnerRuns()), remembered.values())
        keys = frozenset(run.key for each in by_runner.values() for run in each.values())
        self.publish(Changes(runs=keys, runners_changed=True))

    def apply_run(self, run: Run) -> None:
        """Apply the state of one run, from a trigger, a stop or a single fetch."""
        current = self.run(run.key)
        if current == run or is_outdated(run, current):
            return
        runner_runs = self._runs.setdefault(run.runner_id, RunnerRuns())
        runner_runs.listing = None
        self._arrived_at[run.key] = self._monotonic()
        self._put(runner_runs, (run,))
        self.publish(Changes(runs=frozenset({run.key})))

    def apply_final(self, key: RunKey, final: FinalState) -> None:
        """Apply the final state of a run that its log stream reported before any list did."""
        run = self.run(key)
        if run is None or run.is_final:
            return
        self.apply_run(
            replace(
                run,
                status=final.status,
                exit_code=final.exit_code,
                started_at=final.started_at or run.started_at,
                completed_at=final.completed_at or run.completed_at,
            )
        )

    def _is_newer(self, key: RunKey, requested_at: float | None) -> bool:
        arrived_at = self._arrived_at.get(key)
        return arrived_at is not None and requested_at is not None and arrived_at >= requested_at

    def _set_runners(
        self, list_key: str, runners: Iterable[Runner], *, freshness_only: bool = False
    ) -> None:
        previous_ids = self.runner_lists.by_id.keys()
        changed = self.runner_lists.replace(list_key, runners)
        removed_ids = previous_ids - self.runner_lists.by_id.keys()
        freshness_only = freshness_only and not changed and self.freshness(list_key).is_good
        self._mark_fresh(list_key)
        removed = frozenset(key for runner_id in removed_ids for key in self._forget(runner_id))
        polled = frozenset({list_key})
        self.publish(
            Changes(
                removed=removed,
                runners_changed=changed,
                polled=polled,
                freshness_only=freshness_only,
            )
        )

    def _forget(self, runner_id: str) -> list[RunKey]:
        runner_runs = self._runs.pop(runner_id, RunnerRuns())
        self._freshness.pop(runner_id, None)
        self._good.discard(runner_id)
        self._failing.discard(runner_id)
        keys = [RunKey(runner_id, run_id) for run_id in runner_runs.by_id]
        self._drop(runner_runs, keys)
        return keys

    def _drop(self, runner_runs: RunnerRuns, keys: Iterable[RunKey]) -> None:
        for key in keys:
            run = runner_runs.remove(key.run_id)
            self._all.remove(run)
            if run.status == RunStatus.FAILED:
                self._failed.remove(run)
            self.active.discard(key)
            self._arrived_at.pop(key, None)

    def _put(self, runner_runs: RunnerRuns, runs: Collection[Run]) -> None:
        previous = runner_runs.put(runs)
        self._all.replace(previous, runs)
        self._failed.replace(_failed(previous), _failed(runs))
        for run in runs:
            (self.active.discard if run.is_final else self.active.add)(run.key)

    def _mark_fresh(self, target: str) -> None:
        self._set_freshness(target, Freshness(self._monotonic(), answered_at=self._utcnow()))

    def _set_freshness(self, target: str, freshness: Freshness) -> None:
        self._freshness[target] = freshness
        if not freshness.is_good:
            self._complete = None
        (self._good.add if freshness.is_good else self._good.discard)(target)
        (self._failing.discard if freshness.error is None else self._failing.add)(target)


def _earlier(time_point: float | None, seconds: float) -> float | None:
    return None if time_point is None else time_point - seconds


def _failed(runs: Iterable[Run]) -> list[Run]:
    return [run for run in runs if run.status == RunStatus.FAILED]
