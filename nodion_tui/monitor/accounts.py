"""Accounts: those of a monitor as one; what concerns a runner goes to the account that lists it."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from nodion_tui.config import Profile
from nodion_tui.monitor.account import Account
from nodion_tui.monitor.log.source import RoutedLogSource
from nodion_tui.monitor.polling.poller_group import PollerGroup
from nodion_tui.monitor.runs.changes import RUNNER_LIST
from nodion_tui.monitor.runs.run_controls import RunControls

if TYPE_CHECKING:
    from nodion_tui.monitor.archive.archive_keepers import ArchiveKeepers


class Accounts:
    """The accounts in the order of their profiles, and what they do as one.

    Args:
        accounts: at least one.
        owner: returns the key of the runner list that a runner is of; None if it is not known.
    """

    def __init__(self, accounts: Sequence[Account], owner: Callable[[str], str | None]) -> None:
        self._accounts = tuple(accounts)
        self._owner = owner
        self._by_list = {account.runs.list_key: account for account in accounts}
        self.run_control = RunControls(
            [account.run_control for account in accounts],
            lambda runner_id: self.of(runner_id).run_control,
        )
        self.poller = PollerGroup(
            [account.poller for account in accounts],
            lambda runner_id: self.of(runner_id).poller,
            is_list={RUNNER_LIST, *self._by_list}.__contains__,
        )
        self.log_source = RoutedLogSource(lambda runner_id: self.of(runner_id).log_source)
        self.archive = self._join_archives()
        """Finished logs on disk; None unless a profile asks for it."""

    def __iter__(self) -> Iterator[Account]:
        return iter(self._accounts)

    def __len__(self) -> int:
        return len(self._accounts)

    @property
    def first(self) -> Account:
        """The account of the first profile, which often is the only one."""
        return self._accounts[0]

    @property
    def has_several(self) -> bool:
        """Whether there are several, so that each row says whose it is."""
        return len(self._accounts) > 1

    @property
    def name(self) -> str:
        """The names of the profiles: `production+staging`."""
        return "+".join(account.name for account in self._accounts)

    @property
    def key_rejected(self) -> bool:
        """Whether one needs another API key, as the service rejects the one it has."""
        return any(account.key_rejected for account in self._accounts)

    @property
    def requests_sent(self) -> int:
        """Requests of every kind sent so far."""
        return sum(account.requests_sent for account in self._accounts)

    def of(self, runner_id: str) -> Account:
        """The account of a runner; the first one if the runner is not known."""
        owner = self._owner(runner_id)
        return self._by_list[owner] if owner is not None else self.first

    def profile_name(self, runner_id: str) -> str:
        """The name of the profile of a runner."""
        return self.of(runner_id).name

    def row_profile(self, runner_id: str) -> Profile | None:
        """The profile that a row of this runner names; None where there is only one."""
        return self.of(runner_id).named_profile

    def row_name(self, runner_id: str) -> str:
        """The name of the profile that a row of this runner names; empty with only one."""
        return self.of(runner_id).name if self.has_several else ""

    def clock_skew(self, runner_id: str) -> timedelta:
        """How far the clock of a runner's service is ahead of that of the first account."""
        account = self.of(runner_id)
        if account is self.first:
            return timedelta()
        return account.server_now() - self.first.server_now()

    async def watch(self) -> None:
        """Poll until cancelled; of several, one that cannot be connected keeps no other waiting."""
        if self.has_several:
            async with asyncio.TaskGroup() as tasks:
                for account in self._accounts:
                    tasks.create_task(account.watch())
        else:
            await self.first.poller.run()

    async def aclose(self) -> None:
        """Close all; may be called more than once."""
        await asyncio.gather(*(account.aclose() for account in self._accounts))

    def _join_archives(self) -> "ArchiveKeepers | None":
        keepers = [account.archive for account in self._accounts if account.archive is not None]
        if not keepers:
            return None
        from nodion_tui.monitor.archive.archive_keepers import ArchiveKeepers  # noqa: PLC0415 - on demand

        return ArchiveKeepers(keepers, lambda runner_id: self.of(runner_id).archive)
