"""Reads the ends of the logs of failed runs, where their causes matter; within the budget."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING

from nodion_tui.model.errors import ApiError, NodionError
from nodion_tui.model.run import Run, RunKey
from nodion_tui.monitor.insight.failure_groups import LogEndings
from nodion_tui.monitor.insight.statistics import failed_since
from nodion_tui.monitor.runs.changes import Changes

if TYPE_CHECKING:
    from nodion_tui.monitor.insight.failure_causes import FailureCauses
    from nodion_tui.monitor.log.source import LogSource
    from nodion_tui.monitor.runs.known_runs import KnownRuns

MAX_FAILURES = 200
"""Newest failures of a profile whose logs are read; each of them once."""
MAX_PAGES = 5
"""Pages of one log, which the API returns from its beginning; a longer log is not read."""
BUDGET_SHARE = 4
"""One of this many requests of the budget is used."""
RETRY_SECONDS = 30.0
"""Wait after a request that failed."""
WAIT_SECONDS = 15.0
"""How long a summary waits for causes; what is not known by then is told as new."""
MAX_UNREADABLE = 10_000
"""Runs that are remembered because their logs cannot be read; the oldest are forgotten."""


class FailureReader:
    """Reads the last lines of failures, newest first, each once.

    Args:
        runs: tell of new failures.
        causes: say which failures to read.
        endings: get the last lines.
        source: reads pages of logs.
        acquire_request: waits until one more request fits into the budget.
        record_cached: stores the last lines of a log that is in memory; False: it is not.
        seconds_per_request: the mean pace in the background; 0: as fast as answers come.
        owns: returns whether the failures of a runner, by its id, are read in the background.
    """

    def __init__(
        self,
        runs: "KnownRuns",
        causes: "FailureCauses",
        endings: LogEndings,
        source: "LogSource",
        acquire_request: Callable[[], Awaitable[None]],
        record_cached: Callable[[Run], bool],
        *,
        seconds_per_request: float,
        owns: Callable[[str], bool] = lambda _runner_id: True,
    ) -> None:
        self._runs = runs
        self._causes = causes
        self._endings = endings
        self._source = source
        self._acquire_request = acquire_request
        self._record_cached = record_cached
        self._seconds_per_request = seconds_per_request
        self._owns = owns
        self._unreadable: dict[RunKey, None] = {}
        self._requests = 0
        self._wake = asyncio.Event()

    def is_pending(self, run: Run) -> bool:
        """Whether the log of a failure is still to be read before its cause can be told."""
        return self._causes.needs_reading(run) and run.key not in self._unreadable

    async def wait(self, since: datetime) -> None:
        """Wait until the causes of failures after a moment are known, at most `WAIT_SECONDS`."""
        changed = asyncio.Event()
        unsubscribe = self._runs.subscribe(lambda _: changed.set())
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                while any(map(self._is_awaited, failed_since(self._runs.failed_runs(), since))):
                    changed.clear()
                    await changed.wait()
        except TimeoutError:
            return
        finally:
            unsubscribe()

    async def run(self) -> None:
        """Read what needs reading until cancelled."""
        unsubscribe = self._runs.subscribe(self._on_changes)
        try:
            while True:
                self._wake.clear()
                run = next(
                    filter(self.is_pending, self._causes.unread(MAX_FAILURES, self._owns)), None
                )
                if run is None:
                    await self._wake.wait()
                    continue
                self._requests = 0
                pause = 0.0 if await self._try(run) else RETRY_SECONDS
                await asyncio.sleep(max(pause, self._requests * self._seconds_per_request))
        finally:
            unsubscribe()

    async def read(self, run: Run, max_pages: int = MAX_PAGES) -> bool:
        """Read the end of a failure's log now, unless it is known.

        Args:
            run: the failure.
            max_pages: of a longer log, nothing is known.

        Returns:
            Whether it is known now: not if the log is too long, or there is none.

        Raises:
            NodionError: the log cannot be read at the moment.
        """
        if run.key not in self._endings and not self._record_cached(run):
            from nodion_tui.monitor.insight.ending_lines import telling_lines  # noqa: PLC0415 - as below

            lines = await self._last_lines(run.key, max_pages)
            if lines is None:
                self._give_up(run.key)
            else:
                self._endings.record(run.key, telling_lines(lines))
        return run.key in self._endings

    def _is_awaited(self, run: Run) -> bool:
        return self._owns(run.runner_id) and self.is_pending(run)

    def _on_changes(self, changes: Changes) -> None:
        if not changes.freshness_only:
            self._wake.set()

    async def _try(self, run: Run) -> bool:
        """Read a log in the background; False: try again later."""
        try:
            await self.read(run)
        except ApiError as error:
            if not 400 <= error.status < 500 or error.status in {401, 408, 429}:
                return False
            self._give_up(run.key)
        except NodionError:
            return False
        return True

    async def _last_lines(self, key: RunKey, max_pages: int) -> list[str] | None:
        """The last lines that are not blank, in order; None: the log is too long."""
        # After the first rows: it compiles many patterns.
        from nodion_tui.monitor.insight.ending_lines import LOOK_BACK, is_blank  # noqa: PLC0415

        lines: deque[str] = deque(maxlen=LOOK_BACK)
        after_id: str | None = None
        for _ in range(max_pages + 1):
            await self._acquire_request()
            self._requests += 1
            page = (await self._source.page(key, after_id)).items
            if not page or page[-1].id == after_id:
                return list(lines)
            bodies = (line.body for line in page[-LOOK_BACK:])
            lines.extend(each for each in bodies if not is_blank(each))
            after_id = page[-1].id
        return None

    def _give_up(self, key: RunKey) -> None:
        self._unreadable[key] = None
        if len(self._unreadable) > MAX_UNREADABLE:
            del self._unreadable[next(iter(self._unreadable))]
        self._endings.recorded(key)
