"""The runner lists of one or several accounts, and the runners of all of them by name."""

from collections.abc import Iterable, Mapping

import msgspec

from nodion_tui.model.errors import NodionError
from nodion_tui.model.listing import BadRow
from nodion_tui.model.runner import Runner


class ListedRunners(msgspec.Struct):
    """What is known of the runner list of one account."""

    configured: tuple[Runner, ...] = ()
    """Runners by id, for a service that does not list them."""
    runners: tuple[Runner, ...] = ()
    """As the service lists them, or those configured."""
    bad_rows: tuple[BadRow, ...] = ()
    """Rows that do not match the API's documentation."""
    denied: NodionError | None = None
    """Why the service refuses the list; the configured runners are used instead."""


class RunnerLists:
    """The lists by key. A runner that several lists have belongs to the first of them."""

    def __init__(self) -> None:
        self._lists: dict[str, ListedRunners] = {}
        self._owners: dict[str, str] = {}
        self.by_id: Mapping[str, Runner] = {}
        """Runner id → runner."""
        self.runners: tuple[Runner, ...] = ()
        """All runners, by name."""

    def add(self, key: str, configured: Iterable[Runner]) -> None:
        """Add a list, behind those that are there."""
        self._lists[key] = ListedRunners(tuple(configured))

    def __getitem__(self, key: str) -> ListedRunners:
        return self._lists[key]

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the lists, in order."""
        return tuple(self._lists)

    def owner(self, runner_id: str) -> str | None:
        """The key of the list that a runner belongs to; None if it is not known."""
        return self._owners.get(runner_id)

    def shared_with(self, key: str) -> tuple[Runner, ...]:
        """The runners of a list that belong to an earlier one."""
        return tuple(
            runner for runner in self._lists[key].runners if self._owners.get(runner.id) != key
        )

    def replace(self, key: str, runners: Iterable[Runner]) -> bool:
        """Replace the runners of a list; returns whether the whole has changed."""
        self._lists[key].runners = tuple(runners)
        owned: dict[str, tuple[str, Runner]] = {}
        for owner, runner_list in self._lists.items():
            for runner in runner_list.runners:
                owned.setdefault(runner.id, (owner, runner))
        by_name = tuple(
            sorted(
                (runner for _, runner in owned.values()),
                key=lambda runner: (runner.label.casefold(), runner.id),
            )
        )
        owners = {runner_id: owner for runner_id, (owner, _) in owned.items()}
        changed = by_name != self.runners or owners != self._owners
        self.runners, self._owners = by_name, owners
        self.by_id = {runner.id: runner for runner in by_name}
        return changed
