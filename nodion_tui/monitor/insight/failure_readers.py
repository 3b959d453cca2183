"""The readers of failures of all accounts as one: each reads within the budget of its account."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from nodion_tui.model.run import Run
from nodion_tui.monitor.insight.failure_reader import MAX_PAGES, FailureReader


class FailureReaders:
    """Readers with a budget each, so that one service that does not answer delays no other.

    Args:
        readers: at least one.
        reader_of: returns the one for a runner id.
    """

    def __init__(
        self, readers: Sequence[FailureReader], reader_of: Callable[[str], FailureReader]
    ) -> None:
        self._readers = tuple(readers)
        self._reader_of = reader_of

    def is_pending(self, run: Run) -> bool:
        """Whether the log of a failure is still to be read before its cause can be told."""
        return self._reader_of(run.runner_id).is_pending(run)

    async def wait(self, since: datetime) -> None:
        """Wait until the causes of failures after a moment are known, for a while at most."""
        await asyncio.gather(*(reader.wait(since) for reader in self._readers))

    async def run(self) -> None:
        """Read what needs reading until cancelled."""
        async with asyncio.TaskGroup() as group:
            for reader in self._readers:
                group.create_task(reader.run())

    async def read(self, run: Run, max_pages: int = MAX_PAGES) -> bool:
        """As `FailureReader.read`, by the account of the run."""
        return await self._reader_of(run.runner_id).read(run, max_pages)
