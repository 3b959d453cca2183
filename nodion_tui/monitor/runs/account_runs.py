"""The part of the known runs that one account has: what its poller reads and fills."""

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from nodion_tui.model.errors import NodionError
from nodion_tui.model.listing import Listing
from nodion_tui.model.run import Run, RunKey
from nodion_tui.model.runner import Runner
from nodion_tui.monitor.runs.changes import RUNNER_LIST

if TYPE_CHECKING:
    from nodion_tui.monitor.runs.known_runs import KnownRuns, Subscriber


class AccountRuns:
    """The known runs of the runners that belong to one runner list.

    Args:
        runs: the known runs of all accounts.
        list_key: the runner list of this account, which it calls `RUNNER_LIST`.
    """

    def __init__(self, runs: "KnownRuns", list_key: str) -> None:
        self._runs = runs
        self.list_key = list_key
        """Key of the account's runner list among all."""

    @property
    def runners(self) -> tuple[Runner, ...]:
        """The runners of the account, by name."""
        runs = self._runs
        if len(runs.runner_lists.keys) == 1:
            return runs.runners
        return tuple(runner for runner in runs.runners if self.owns(runner.id))

    @property
    def active(self) -> AbstractSet[RunKey]:
        """Runs of the account that have not ended."""
        active = self._runs.active
        if len(self._runs.runner_lists.keys) == 1:
            return active
        return {key for key in active if self.owns(key.runner_id)}

    def owns(self, runner_id: str) -> bool:
        """Whether a runner belongs to the account."""
        return self._runs.runner_lists.owner(runner_id) == self.list_key

    def runner(self, runner_id: str) -> Runner | None:
        """A runner of the account, by its id."""
        return self._runs.runner(runner_id) if self.owns(runner_id) else None

    def subscribe(self, subscriber: "Subscriber") -> Callable[[], None]:
        """As `KnownRuns.subscribe`, for the changes of all accounts."""
        return self._runs.subscribe(subscriber)

    def remember(self, runners: Iterable[Runner], runs: Iterable[Run]) -> None:
        """As `KnownRuns.remember`, for the account's runner list."""
        self._runs.remember(runners, runs, list_key=self.list_key)

    def apply_runners(self, listing: Listing[Runner]) -> None:
        """Apply a response of the account's runner list."""
        self._runs.apply_runners(listing, list_key=self.list_key)

    def runner_list_failed(self, error: NodionError) -> None:
        """Record that the account's runner list failed."""
        self._runs.runner_list_failed(error, list_key=self.list_key)

    def apply_runs(
        self, runner_id: str, listing: Listing[Run], *, requested_at: float | None = None
    ) -> None:
        """As `KnownRuns.apply_runs`."""
        self._runs.apply_runs(runner_id, listing, requested_at=requested_at)

    def list_failed(self, target: str, error: NodionError) -> None:
        """As `KnownRuns.list_failed`; a runner that has gone to another account is left alone."""
        if target == RUNNER_LIST:
            self._runs.list_failed(self.list_key, error)
        elif self.owns(target):
            self._runs.list_failed(target, error)

    def add_suspend_time(self, seconds: float) -> None:
        """Age the lists of the account by the time of a suspend."""
        targets = frozenset((self.list_key, *(runner.id for runner in self.runners)))
        self._runs.add_suspend_time(seconds, targets)
