"""Follows the logs of all runs that match a filter, until it is stopped."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from nodion_tui.cli.log_window import LineFilter
from nodion_tui.cli.process.interrupts import watch_interrupts
from nodion_tui.cli.session import CommandSession
from nodion_tui.cli.tail.line_merger import LineMerger
from nodion_tui.cli.tail.tail_output import NameColumn, RunLines, write_lines
from nodion_tui.cli.tail.tailed_run import TailedRun
from nodion_tui.config.url import is_loopback
from nodion_tui.model.backoff import Backoff
from nodion_tui.model.errors import NodionError
from nodion_tui.model.run import Run, RunKey
from nodion_tui.model.runner import short_id
from nodion_tui.monitor.merged.completeness import polled_words
from nodion_tui.monitor.merged.merged_runs import MergedRuns, RunChoice, active_since
from nodion_tui.monitor.polling.poller import Poller
from nodion_tui.monitor.runs.changes import Changes
from nodion_tui.monitor.runs.filter import RunFilter
from nodion_tui.monitor.wall.feed import WallFeed
from nodion_tui.monitor.wall.membership import FeedMode

_LOOK_SECONDS = 1.0
"""Seconds between two looks at what is known of the runs; changes are looked at, at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TailOptions:
    """What is printed, and how."""

    run_filter: RunFilter
    wanted: LineFilter | None = None
    """Selects lines; None: all."""
    since: datetime | None = None
    """Lines of this time and later; None: all of the runs that go on."""
    timestamps: bool = True
    streams: int
    """Logs that are streamed at once; others are read by pages."""
    requests_per_minute: int


class Tailer:
    """Many logs as one.

    Args:
        session: has client, runs and output; its runners are known.
        options: what is printed.
    """

    def __init__(self, session: CommandSession, options: TailOptions) -> None:
        self._session = session
        self._options = options
        self._opened_at = session.client.server_now()
        self._runs = MergedRuns(RunChoice(options.run_filter or None), streams=options.streams)
        self._merger = LineMerger(lambda lines: write_lines(session.output, lines))
        self._tailed: dict[RunKey, TailedRun] = {}
        self._names = NameColumn()
        self._numbers = 0
        self._changed = asyncio.Event()
        self._told: dict[str, str] = {}
        self._poller = Poller(
            session.runs,
            lambda: session.client,
            Backoff(),
            per_minute=options.requests_per_minute,
            is_budgeted=not is_loopback(urlsplit(session.profile.api_url).hostname or ""),
        )
        self._feed = WallFeed(
            self._runs,
            self._tailed.__getitem__,
            lambda _runner_id: self._poller.acquire_request(),
            per_minute=options.requests_per_minute,
        )

    async def run(self) -> int:
        """Print until a signal arrives, and return its exit code.

        Raises:
            BrokenPipeError: the reader of stdout has closed it.
            NodionError: the key was rejected.
        """
        async with watch_interrupts() as watch:
            task = asyncio.create_task(self._print())
            try:
                await watch.wait_for(task)
                if task.done():
                    return task.result()
                if watch.output_closed.is_set():
                    raise BrokenPipeError
            finally:
                task.cancel()
                with suppress(asyncio.CancelledError, NodionError, OSError):
                    await task
        return watch.exit_code

    async def _print(self) -> int:
        """Print until one of the parts fails."""
        parts = (self._poller.run(), self._feed.run(), self._merger.run(), self._follow_runs())
        tasks = [asyncio.create_task(part) for part in parts]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        raise RuntimeError("a part of tail has ended")

    async def _follow_runs(self) -> None:
        """Add runs as they begin."""
        unsubscribe = self._session.runs.subscribe(lambda _: self._changed.set())
        # The poller hears of changes alone, and the runners are known already.
        self._session.runs.publish(Changes(runners_changed=True))
        try:
            while True:
                self._changed.clear()
                self._update()
                with suppress(TimeoutError):
                    async with asyncio.timeout(_LOOK_SECONDS):
                        await self._changed.wait()
        finally:
            unsubscribe()

    def _update(self) -> None:
        runs = self._session.runs
        active = active_since(runs, self._opened_at)
        joined, left = self._runs.update(active, runs.run, self._select)
        for key in left:
            del self._tailed[key]
        for key in joined:
            self._tailed[key] = self._tailed_run(key)
        self._poller.set_selected(runner.id for runner in runs.runners)
        self._feed.wake()
        self._tell_outage()
        self._tell_feeds()
        if not self._numbers and self._is_listed():
            what = (
                "running run matches the filter" if self._options.run_filter else "run is running"
            )
            self._tell("waiting", f"no {what} now: new ones are printed when they start")

    def _is_listed(self) -> bool:
        """Whether the runs of every runner are known."""
        runs = self._session.runs
        return all(runs.freshness(runner.id).fetched_at is not None for runner in runs.runners)

    def _select(self, run_filter: RunFilter, runs: Iterable[Run]) -> list[Run]:
        session = self._session
        labels = {runner.id: runner.label for runner in session.runs.runners}
        return run_filter.select(runs, now=session.client.server_now(), names=labels)

    def _tailed_run(self, key: RunKey) -> TailedRun:
        session, options = self._session, self._options
        runner = session.runs.runner(key.runner_id)
        label = runner.label if runner else short_id(key.runner_id)
        number, self._numbers = self._numbers, self._numbers + 1
        lines = RunLines(
            session.output, key, label, number, self._names, timestamps=options.timestamps
        )
        return TailedRun(
            session, key, lines, self._merger, wanted=options.wanted, since=options.since
        )

    def _tell_outage(self) -> None:
        """Tell once that the lists of runs cannot be read, and once that they can.

        Raises:
            NodionError: it will not get better by itself.
        """
        outage = self._poller.outage
        if outage is not None and not outage.error.retryable:
            raise outage.error
        detail = outage.error.detail or outage.error.title if outage else ""
        if detail:
            self._tell("outage", f"the lists of runs cannot be read: {detail}")
        elif self._told.get("outage"):
            self._tell("outage", "the lists of runs can be read again")
            self._told.pop("outage")

    def _tell_feeds(self) -> None:
        """Tell which logs come late, and which runs do not come at all."""
        polled = sum(mode is FeedMode.POLL for mode in self._runs.feeds.values())
        if polled:
            words = polled_words(polled, self._feed.poll_seconds)
            self._tell("polled", f"{words}: {self._options.streams} logs are streamed at once")
        else:
            self._told.pop("polled", None)
        if self._runs.turned_away:
            self._tell("turned away", f"{self._runs.turned_away} more runs match")
        for key, error in self._feed.problems.items():
            self._tell(key.run_id, f"{short_id(key.run_id)}: {error.detail or error.title}")

    def _tell(self, what: str, text: str) -> None:
        if self._told.get(what) != text:
            self._told[what] = text
            self._session.output.notice(text)
