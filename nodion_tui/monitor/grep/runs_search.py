"""Searches the logs of many runs: those in memory and in the archive at once, others on request.

Archived logs are searched in threads, the newest first. A log that must be fetched costs requests:
`GrepState` says how many before `fetch` is called.
"""

import asyncio
import os
import threading
from collections.abc import Awaitable, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from nodion_tui.model.errors import NodionError, ResourceNotFound
from nodion_tui.model.run import Run, RunKey, newest_first
from nodion_tui.model.subscribers import Subscribers
from nodion_tui.monitor.grep.hits import LogHits
from nodion_tui.monitor.grep.log_fetch import LEAST_REQUESTS, fetch_log
from nodion_tui.monitor.log.search.query import Matcher, SearchQuery
from nodion_tui.monitor.log.session import LogSession
from nodion_tui.monitor.log.session_cache import LogSessionCache
from nodion_tui.monitor.log.throttle import Throttle

if TYPE_CHECKING:
    from array import array

    from nodion_tui.monitor.archive.archive_keeper import ArchiveKeeper
    from nodion_tui.monitor.archive.archive_keepers import ArchiveKeepers
    from nodion_tui.monitor.archive.log_archive import ArchivedLog, LogArchive
    from nodion_tui.monitor.grep.archive_scan import LogPart

MAX_THREADS = 8
UPDATES_PER_SECOND = 5


class GrepState(msgspec.Struct, frozen=True, kw_only=True):
    """Progress of a search. Replaced by a new value for every change."""

    total: int = 0
    """Runs whose logs are wanted."""
    searched: int = 0
    lines: int = 0
    """Lines searched so far."""
    found: int = 0
    """Runs whose logs match all queries."""
    to_fetch: int = 0
    """Logs that are neither in memory nor archived."""
    requests: int = 0
    """Estimate of what fetching them costs."""
    fetching: bool = False
    unreadable: int = 0
    """Logs that cannot be read."""
    done: bool = False
    """All is searched but what is to be fetched."""
    error: NodionError | None = None
    """Why the search was aborted (`PatternTooSlow`), or why no log can be fetched."""


class RunsSearch:
    """One search in the logs of many runs.

    Args:
        queries: what lines match; each is counted on its own.
        logs: sessions, for logs in memory and those to fetch.
        archive: of the profiles; None if they keep none.
        acquire_request: waits until one more request for a runner id may be sent.
        now: returns the clock of the service of a runner id.
        on_hits: called for each log that was searched, with what was found.

    Raises:
        InvalidPattern: a query is not a valid regular expression.
    """

    def __init__(
        self,
        queries: Sequence[SearchQuery],
        logs: LogSessionCache,
        archive: "ArchiveKeeper | ArchiveKeepers | None",
        *,
        acquire_request: Callable[[str], Awaitable[None]],
        now: Callable[[str], datetime],
        on_hits: Callable[[LogHits], None] = lambda _: None,
    ) -> None:
        self.queries = tuple(queries)
        self._matchers = [Matcher(query) for query in queries]
        self._logs = logs
        self._archive = archive
        self._acquire_request = acquire_request
        self._now = now
        self._on_hits = on_hits
        self._subscribers = Subscribers[[]]()
        self._throttle = Throttle(UPDATES_PER_SECOND)
        self._fetching: asyncio.Task[None] | None = None
        self._runs: dict[RunKey, Run] = {}
        self._unsearched: dict[RunKey, Run] = {}
        self._to_fetch: dict[RunKey, Run] = {}
        self._fetched, self._requests = 0, 0
        self._wake_up = asyncio.Event()
        self._stop = threading.Event()
        self.counts: dict[SearchQuery, dict[RunKey, int]] = {query: {} for query in queries}
        """For each query the matching lines of each log that was searched. Read-only."""
        self.state = GrepState()
        """The current state; replaced, never changed."""

    def subscribe(self, subscriber: Callable[[], None]) -> Callable[[], None]:
        """Call `subscriber` when the state changes; returns the function that unsubscribes."""
        return self._subscribers.subscribe(subscriber)

    def add(self, runs: Iterable[Run]) -> None:
        """Search the logs of these runs, too, if they have ended."""
        new = {run.key: run for run in runs if run.is_final and run.key not in self._runs}
        if new:
            self._runs |= new
            self._unsearched |= new
            self._change(total=len(self._runs), done=False)
            self._wake_up.set()

    def fetch(self) -> None:
        """Fetch the logs that are neither in memory nor archived, until `stop_fetching`."""
        self._change(fetching=True, error=None)
        self._wake_up.set()

    def stop_fetching(self) -> None:
        """Fetch no further log; what was found stays."""
        if self._fetching is not None:
            self._fetching.cancel()

    async def run(self) -> None:
        """Search until cancelled, also what is added meanwhile."""
        try:
            while True:
                self._wake_up.clear()
                await self.search_here()
                await self._fetch()
                self._change(done=not self._unsearched)
                await self._wake_up.wait()
        except NodionError as error:  # a pattern that is too slow
            self._change(error=error.with_traceback(None), done=True)
        finally:
            self._stop.set()

    async def fetch_all(self) -> None:
        """Fetch and search the logs that are neither in memory nor archived."""
        self.fetch()
        await self._fetch()

    async def search_here(self) -> None:
        """Search the logs in memory, then those in the archive."""
        if not self._unsearched:
            return
        unsearched, self._unsearched = self._unsearched, {}
        for session in self._logs.cached:
            if session.key in unsearched and session.state.complete:
                del unsearched[session.key]
                await self._search_session(session)
        archived = await self._archived(unsearched)
        for log in archived:
            del unsearched[log.key]
        self._to_fetch |= unsearched
        self._change()
        await self._search_archived(archived)

    async def _archived(self, keys: "dict[RunKey, Run]") -> "list[ArchivedLog]":
        if self._archive is None or not keys:
            return []
        logs = [log for log in await self._archive.logs() if log.key in keys]
        return sorted(logs, key=lambda log: newest_first(keys[log.key]))

    async def _search_session(self, session: LogSession) -> None:
        from nodion_tui.monitor.grep.archive_scan import scan_segments  # noqa: PLC0415 - zstandard

        buffer = session.buffer
        segments = buffer.snapshot()
        indexes = await asyncio.to_thread(scan_segments, segments, self._matchers, self._stop)
        self._add(LogHits(session.key, buffer.lines - buffer.dropped, indexes))

    async def _search_archived(self, logs: "Sequence[ArchivedLog]") -> None:
        if not logs or self._archive is None:
            return
        # As above: for those who keep logs.
        from nodion_tui.monitor.grep.archive_scan import JoinedParts, scan_turn, turns  # noqa: PLC0415

        archive, loop = await self._archive.archive(), asyncio.get_running_loop()
        whole_logs = JoinedParts(self._add, self._add_unreadable)
        workers = min(os.cpu_count() or 1, MAX_THREADS)
        free = asyncio.Semaphore(workers * 2)
        with ThreadPoolExecutor(workers, thread_name_prefix="grep") as pool:

            async def scan(parts: "list[LogPart]") -> None:
                found: Sequence[list[array[int]] | None]
                try:
                    found = await loop.run_in_executor(
                        pool, scan_turn, archive, parts, self._matchers, self._stop
                    )
                except OSError:
                    found = await self._one_by_one(archive, pool, parts)
                finally:
                    free.release()
                for part, indexes in zip(parts, found, strict=True):
                    whole_logs.add(part, indexes)

            try:
                async with asyncio.TaskGroup() as group:
                    for parts in turns(logs):
                        await free.acquire()
                        group.create_task(scan(parts))
            except* NodionError as errors:
                self._stop.set()
                raise errors.exceptions[0] from None
            except* BaseException:
                self._stop.set()  # the threads end within a block
                raise

    async def _one_by_one(
        self, archive: "LogArchive", pool: ThreadPoolExecutor, parts: "list[LogPart]"
    ) -> "list[list[array[int]] | None]":
        """A log of these cannot be read: the others are searched, each alone."""
        from nodion_tui.monitor.grep.archive_scan import scan_turn  # noqa: PLC0415 - as above

        loop = asyncio.get_running_loop()
        found: list[list[array[int]] | None] = []
        for part in parts:
            try:
                found += await loop.run_in_executor(
                    pool, scan_turn, archive, [part], self._matchers, self._stop
                )
            except OSError:
                found.append(None)
        return found

    async def _fetch(self) -> None:
        """Fetch logs until all are there, or `stop_fetching` is called."""
        if not (self.state.fetching and self._to_fetch):
            self._change(fetching=False)
            return
        task = self._fetching = asyncio.create_task(self._fetch_all())
        try:
            await asyncio.wait((task,))
        finally:
            task.cancel()
            self._change(fetching=False)
        if not task.cancelled():
            task.result()

    async def _fetch_all(self) -> None:
        for run in sorted(self._to_fetch.values(), key=newest_first):
            session = self._logs.get(run.key)
            try:
                acquire = partial(self._acquire_request, run.runner_id)
                now = self._now(run.runner_id)
                self._requests += await fetch_log(session, run, now, acquire)
            except NodionError as error:
                if not isinstance(error, ResourceNotFound):
                    self._change(error=error.with_traceback(None))
                    return
                del self._to_fetch[run.key]
                self._add_unreadable(run.key)
                continue
            self._fetched += 1
            del self._to_fetch[run.key]
            await self._search_session(session)
            if self._archive is not None:
                await self._archive.settled()

    def _add_unreadable(self, _: RunKey) -> None:
        self._change(unreadable=self.state.unreadable + 1)

    def _add(self, hits: LogHits) -> None:
        for query, count in zip(self.queries, hits.counts, strict=True):
            self.counts[query][hits.key] = count
        self._on_hits(hits)
        self._change(
            searched=self.state.searched + 1,
            lines=self.state.lines + hits.lines,
            found=self.state.found + all(hits.counts),
        )

    def _change(self, **changes: object) -> None:
        each = max(LEAST_REQUESTS, self._requests / max(self._fetched, 1))
        to_fetch = len(self._to_fetch)
        self.state = msgspec.structs.replace(
            self.state, to_fetch=to_fetch, requests=round(each * to_fetch), **changes
        )
        self._throttle.schedule(self._subscribers.notify)
