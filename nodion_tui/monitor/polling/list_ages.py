"""How current the run lists are: until when they are known, and which are stale."""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime

from nodion_tui.monitor.polling.poller_group import PollerGroup
from nodion_tui.monitor.runs.known_runs import KnownRuns, utc_now

STALE_SECONDS = 15.0
STALE_CYCLES = 1.5
"""A list is stale once it is older than `STALE_SECONDS` plus this many polling cycles."""
FRESH_TIMEOUT_SECONDS = 120.0
"""Maximum wait for fresh lists."""


class ListAges:
    """The ages of the run lists of all accounts.

    Args:
        runs: have the time of the last answer of each list.
        poller: knows how often a list is polled, and which services do not answer.
        server_now: the clock of the service of a runner id.
    """

    def __init__(
        self, runs: KnownRuns, poller: PollerGroup, server_now: Callable[[str], datetime]
    ) -> None:
        self._runs = runs
        self._poller = poller
        self._server_now = server_now

    def checked_at(self, runner_id: str) -> datetime | None:
        """When the list of a runner was last read, on the server's clock; None: never."""
        answered_at = self._runs.freshness(runner_id).answered_at
        skew = self._server_now(runner_id) - utc_now()
        return None if answered_at is None else answered_at + skew

    def known_until(self, runner_id: str) -> datetime:
        """The server's time until which runs that have not ended are known: now, unless stale."""
        now, checked_at = self._server_now(runner_id), self.checked_at(runner_id)
        return min(now, checked_at) if checked_at and self.is_stale(runner_id) else now

    def is_stale(self, runner_id: str) -> bool:
        """Whether the list of a runner cannot be read, or is older than the budget explains."""
        freshness = self._runs.freshness(runner_id)
        if freshness.error is not None and self._poller.outage_of(runner_id) is None:
            return True
        age = freshness.age(time.monotonic())
        interval = self._poller.expected_interval(runner_id)
        return age is None or age > STALE_SECONDS + STALE_CYCLES * interval

    async def wait_until_fresh(self, slack: float = 0.0) -> None:
        """Wait until every list was fetched after this call, for `FRESH_TIMEOUT_SECONDS` at most.

        Where one of several accounts cannot be reached, the others are enough.

        Args:
            slack: accept lists that are this many seconds older.
        """
        oldest = time.monotonic() - slack
        changed = asyncio.Event()
        unsubscribe = self._runs.subscribe(lambda _: changed.set())
        try:
            async with asyncio.timeout(FRESH_TIMEOUT_SECONDS):
                while not self._are_newer(oldest):
                    await changed.wait()
                    changed.clear()
        except TimeoutError:
            return
        finally:
            unsubscribe()

    def _are_newer(self, oldest: float) -> bool:
        can_answer = self._poller.outage is None
        fetch_times = (
            self._runs.freshness(runner.id).fetched_at
            for runner in self._runs.runners
            if not (can_answer and self._poller.outage_of(runner.id))
        )
        return all(fetched_at is not None and fetched_at >= oldest for fetched_at in fetch_times)
