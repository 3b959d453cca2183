"""What is known of runners and runs: answers come in, changes by key go out."""

import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

from msgspec.structs import replace

from nodion_tui.model.errors import NodionError, ResourceNotFound, ScopeMissing
from nodion_tui.model.listing import BadRow, Listing
from nodion_tui.model.log_line import FinalState
from nodion_tui.model.run import Run, RunKey
from nodion_tui.model.runner import Runner
from nodion_tui.monitor.runs.changes import RUNNER_LIST, Changes, Freshness
from nodion_tui.monitor.runs.runner_runs import RunnerRuns, is_outdated
from nodion_tui.monitor.runs.sorted_runs import SortedRuns

Subscriber = Callable[[Changes], None]

_SORT_ONCE = 200
"""From so many changed runs on, sorting everything once is cheaper than placing each."""


def utc_now() -> datetime:
    """The wall clock of this machine, aware."""
    return datetime.now(UTC)


class KnownRuns:
    """Runners, their runs, and how fresh each list is; whoever subscribes hears of each step.

    Args:
        known_runners: runners by id, for a service that does not list them.
        monotonic: clock for ages, in seconds.
        utcnow: wall clock, aware, for "failing since".
    """

    def __init__(
        self,
        *,
        known_runners: Iterable[Runner] = (),
        monotonic: Callable[[], float] = time.monotonic,
        utcnow: Callable[[], datetime] = utc_now,
    ) -> None:
        self._stand_ins = tuple(known_runners)
        self._monotonic = monotonic
        self._utcnow = utcnow
        self._subscribers: list[Subscriber] = []
        self._runs: dict[str, RunnerRuns] = {}
        self._all = SortedRuns()
        self._runners: dict[str, Runner] = {}
        self._freshness: dict[str, Freshness] = {}
        self._arrived: dict[RunKey, float] = {}
        self.active: set[RunKey] = set()
        """Runs that have not ended."""
        self.runners: tuple[Runner, ...] = ()
        """Every known runner, by name."""
        self.bad_runners: tuple[BadRow, ...] = ()
        """Rows of the runner list that are not as documented."""
        self.runners_denied: NodionError | None = None
        """Why the service does not list runners, so that those of the profile stand in."""

    def subscribe(self, subscriber: Subscriber) -> Callable[[], None]:
        """Be told of every step; calling the answer ends it."""
        self._subscribers.append(subscriber)
        return lambda: self._subscribers.remove(subscriber)

    def notify_subscribers(self) -> None:
        """Have whoever subscribed look again, though no list is different."""
        self._tell(Changes())

    def runner(self, runner_id: str) -> Runner | None:
        """A runner by its id."""
        return self._runners.get(runner_id)

    def run(self, key: RunKey) -> Run | None:
        """A run by its key."""
        held = self._runs.get(key.runner_id)
        return held.by_id.get(key.run_id) if held else None

    def runs_of(self, runner_id: str) -> Sequence[Run]:
        """The runs of a runner, newest first; a view that stays current."""
        held = self._runs.get(runner_id)
        return held.order if held else ()

    def all_runs(self) -> Sequence[Run]:
        """The runs of all runners, newest first; a view that stays current."""
        return self._all

    def bad_runs(self, runner_id: str) -> tuple[BadRow, ...]:
        """Rows of a runner's run list that are not as documented."""
        held = self._runs.get(runner_id)
        return held.bad_rows if held else ()

    def freshness(self, target: str) -> Freshness:
        """How old a list is: a runner's id, or `RUNNERS`."""
        return self._freshness.get(target, Freshness())

    def apply_runners(self, listing: Listing[Runner]) -> None:
        """Take an answer of the runner list."""
        as_before = self.runners_denied is None and listing.bad_rows == self.bad_runners
        self.runners_denied = None
        self.bad_runners = listing.bad_rows
        self._set_runners(listing.items, ages_only=as_before)

    def runner_list_failed(self, error: NodionError) -> None:
        """The runner list was not answered; where it is refused, the profile's runners stand in."""
        if isinstance(error, ResourceNotFound | ScopeMissing):
            self.runners_denied = error
            self._set_runners(self._stand_ins)
        else:
            self.list_failed(RUNNER_LIST, error)

    def list_failed(self, target: str, error: NodionError) -> None:
        """A list could not be fetched: what is known of it stays, and grows old."""
        before = self.freshness(target)
        since = before.failing_since or self._utcnow()
        self._freshness[target] = Freshness(before.fetched_at, error, since)
        self._tell(Changes(polled=frozenset({target})))

    def add_suspend_time(self, seconds: float) -> None:
        """The machine slept so long, which the monotonic clock does not show: all is that older."""
        self._freshness = {
            target: Freshness(_earlier(known.fetched_at, seconds), known.error, known.failing_since)
            for target, known in self._freshness.items()
        }
        self._tell(Changes(polled=frozenset(self._freshness)))

    def apply_runs(
        self, runner_id: str, listing: Listing[Run], *, requested_at: float | None = None
    ) -> None:
        """Take an answer of a runner's run list.

        Args:
            runner_id: whose runs they are.
            listing: the answer.
            requested_at: when the request left, on the monotonic clock; runs that became known
                later are kept although the answer does not hold them.
        """
        held = self._runs.setdefault(runner_id, RunnerRuns())
        ages_only = self.freshness(runner_id).is_good and listing is held.listing
        self._fresh(runner_id)
        changed: list[Run] = []
        gone: list[RunKey] = []
        if listing is not held.listing:
            changed, missing = held.diff(listing)
            self._take_all(held, changed)
            gone = [
                key
                for run_id in missing
                if not self._is_newer(key := RunKey(runner_id, run_id), requested_at)
            ]
            self._drop(held, gone)
            # What is newer than the answer is looked for in the next one, be it the same.
            held.listing = listing if len(gone) == len(missing) else None
            held.bad_rows = listing.bad_rows
        keys = frozenset(run.key for run in changed)
        asked = frozenset({runner_id})
        self._tell(Changes(keys, frozenset(gone), polled=asked, freshness_only=ages_only))

    def apply_run(self, run: Run) -> None:
        """Take the answer about one run, from a trigger, a stop or a look at it."""
        known = self.run(run.key)
        if known == run or is_outdated(run, known):
            return
        held = self._runs.setdefault(run.runner_id, RunnerRuns())
        held.listing = None
        self._arrived[run.key] = self._monotonic()
        self._take(held, run)
        self._tell(Changes(runs=frozenset({run.key})))

    def apply_final(self, key: RunKey, final: FinalState) -> None:
        """Take how a run ended, as the stream of its log told it before any list did."""
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

    def _is_newer(self, key: RunKey, asked_at: float | None) -> bool:
        arrived = self._arrived.get(key)
        return arrived is not None and asked_at is not None and arrived >= asked_at

    def _set_runners(self, runners: Iterable[Runner], *, ages_only: bool = False) -> None:
        named = tuple(sorted(runners, key=lambda runner: (runner.label.casefold(), runner.id)))
        changed = named != self.runners
        left = {runner.id for runner in self.runners} - {runner.id for runner in named}
        self.runners = named
        self._runners = {runner.id: runner for runner in named}
        ages_only = ages_only and not changed and self.freshness(RUNNER_LIST).is_good
        self._fresh(RUNNER_LIST)
        gone = frozenset(key for runner_id in left for key in self._forget(runner_id))
        asked = frozenset({RUNNER_LIST})
        self._tell(
            Changes(removed=gone, runners_changed=changed, polled=asked, freshness_only=ages_only)
        )

    def _forget(self, runner_id: str) -> list[RunKey]:
        held = self._runs.pop(runner_id, RunnerRuns())
        self._freshness.pop(runner_id, None)
        keys = [RunKey(runner_id, run_id) for run_id in held.by_id]
        self._drop(held, keys)
        return keys

    def _drop(self, held: RunnerRuns, keys: Iterable[RunKey]) -> None:
        for key in keys:
            self._all.remove(held.remove(key.run_id))
            self.active.discard(key)
            self._arrived.pop(key, None)

    def _take_all(self, held: RunnerRuns, runs: Sequence[Run]) -> None:
        if len(runs) < _SORT_ONCE:
            for run in runs:
                self._take(held, run)
            return
        held.put_many(runs)
        for run in runs:
            self._note(run)
        self._all.reset(run for each in self._runs.values() for run in each.order)

    def _take(self, held: RunnerRuns, run: Run) -> None:
        known = held.put(run)
        if known is None:
            self._all.add(run)
        else:
            self._all.replace(known, run)
        self._note(run)

    def _note(self, run: Run) -> None:
        if run.is_final:
            self.active.discard(run.key)
        else:
            self.active.add(run.key)

    def _fresh(self, target: str) -> None:
        self._freshness[target] = Freshness(self._monotonic())

    def _tell(self, changes: Changes) -> None:
        for subscriber in tuple(self._subscribers):
            subscriber(changes)


def _earlier(moment: float | None, seconds: float) -> float | None:
    return None if moment is None else moment - seconds
