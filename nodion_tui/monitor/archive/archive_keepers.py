"""The archives of all accounts as one: each log is kept by the account of its runner."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from nodion_tui.model.run import RunKey
from nodion_tui.monitor.archive.archive_keeper import ArchiveKeeper
from nodion_tui.monitor.log.finished_log import FinishedLog

if TYPE_CHECKING:
    from nodion_tui.monitor.archive.log_archive import ArchivedLog, LogArchive


class ArchiveKeepers:
    """Keepers of the profiles that keep logs, in one file.

    Args:
        keepers: at least one.
        keeper_of: returns the one for a runner id; None: its profile keeps no logs.
    """

    def __init__(
        self,
        keepers: Sequence[ArchiveKeeper],
        keeper_of: Callable[[str], ArchiveKeeper | None],
    ) -> None:
        self._keepers = tuple(keepers)
        self._keeper_of = keeper_of

    @property
    def problem(self) -> str:
        """Why an archive cannot be used now, in one sentence; empty if all can."""
        return next((keeper.problem for keeper in self._keepers if keeper.problem), "")

    def subscribe(self, subscriber: Callable[[str], None]) -> Callable[[], None]:
        """Call `subscriber` with each new problem, once; returns the function that unsubscribes."""

        def tell(problem: str) -> None:
            if sum(keeper.problem == problem for keeper in self._keepers) == 1:
                subscriber(problem)

        ends = [keeper.subscribe(tell) for keeper in self._keepers]

        def unsubscribe() -> None:
            for end in ends:
                end()

        return unsubscribe

    async def archive(self) -> "LogArchive":
        """The archive of one of the profiles, which reads the blocks of any listed log."""
        return await self._keepers[0].archive()

    async def read(self, key: RunKey) -> FinishedLog | None:
        """As `ArchiveKeeper.read`."""
        keeper = self._keeper_of(key.runner_id)
        return None if keeper is None else await keeper.read(key)

    async def logs(self) -> "Sequence[ArchivedLog]":
        """What is archived of all profiles; two profiles of one project have the same logs."""
        by_key: dict[RunKey, ArchivedLog] = {}
        for keeper in self._keepers:
            for log in await keeper.logs():
                by_key.setdefault(log.key, log)
        return list(by_key.values())

    def keep(self, log: FinishedLog) -> None:
        """As `ArchiveKeeper.keep`."""
        if (keeper := self._keeper_of(log.run.runner_id)) is not None:
            keeper.keep(log)

    async def settled(self) -> None:
        """Wait until everything that waits is written, for a while at most."""
        for keeper in self._keepers:
            await keeper.settled()
