"""Monitor: runs, logs and polling of one profile, as the screens use them."""

import asyncio
import importlib
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from nodion_tui.config import Profile
from nodion_tui.config.url import is_loopback
from nodion_tui.model.backoff import Backoff
from nodion_tui.model.errors import KeyRejected, ResourceNotFound, ScopeMissing
from nodion_tui.model.line_pattern import LinePattern
from nodion_tui.model.run import Run, RunKey, RunStatus
from nodion_tui.model.runner import Runner
from nodion_tui.monitor.archive.archive_keeper import ArchiveKeeper
from nodion_tui.monitor.insight.anomalies import AnomalyDetector
from nodion_tui.monitor.insight.archived_runs import ArchivedRuns, lines_of_failure
from nodion_tui.monitor.insight.arrivals import expected_runs
from nodion_tui.monitor.insight.failure_causes import FailureCauses
from nodion_tui.monitor.insight.failure_groups import LogEndings
from nodion_tui.monitor.insight.failure_reader import BUDGET_SHARE, FailureReader
from nodion_tui.monitor.insight.rhythm import Rhythm
from nodion_tui.monitor.insight.rhythm_book import RhythmBook
from nodion_tui.monitor.insight.typical_duration import TypicalDuration, typical_duration
from nodion_tui.monitor.log.buffer import DEFAULT_MAX_BYTES
from nodion_tui.monitor.log.patterns.pattern_book import PatternBook
from nodion_tui.monitor.log.session import LogSession
from nodion_tui.monitor.log.session_cache import LogSessionCache
from nodion_tui.monitor.log.source import ClientLogSource
from nodion_tui.monitor.notify.awaited_runs import AwaitedRuns
from nodion_tui.monitor.notify.lines.line_watch import LineWatch
from nodion_tui.monitor.polling.poller import Poller
from nodion_tui.monitor.runs.changes import Changes
from nodion_tui.monitor.runs.expected_runs import ExpectedRuns
from nodion_tui.monitor.runs.known_runs import KnownRuns, utc_now
from nodion_tui.monitor.runs.last_run import LastRun
from nodion_tui.monitor.runs.run_control import RunControl
from nodion_tui.monitor.storage.known_failures import KnownFailureFile
from nodion_tui.monitor.storage.presets import PresetFile
from nodion_tui.monitor.storage.rhythm_memory import RhythmMemory
from nodion_tui.monitor.storage.told_lines import ToldLines
from nodion_tui.monitor.storage.trigger_history import TriggerHistory
from nodion_tui.monitor.streams.run_streams import RunStreams
from nodion_tui.monitor.streams.stream_budget import DEFAULT_STREAMS

if TYPE_CHECKING:
    from nodion_tui.api.client import NodionClient
    from nodion_tui.monitor.notify.missed_runs import MissedRuns

STALE_SECONDS = 15.0
STALE_CYCLES = 1.5
"""A list is stale once it is older than `STALE_SECONDS` plus this many polling cycles."""
FRESH_TIMEOUT_SECONDS = 120.0
"""Maximum wait for fresh lists."""
DEFAULT_REQUESTS = 60
"""Requests per minute that polling may send."""


class Monitor:
    """One profile's runs, logs and polling.

    Nothing is imported or sent before `start`, so that a screen can be drawn first.

    Args:
        profile: address, key and runners to use.
        requests_per_minute: polling budget; an engine on this machine has none.
        streams: streams at once, of all kinds.
        max_log_bytes: memory for logs.
        patterns: lines that are lit and told.
        data_folder: where trigger history, presets, rhythms, known failures and the archive are
            stored; None stores nothing.
    """

    def __init__(
        self,
        profile: Profile,
        *,
        requests_per_minute: int = DEFAULT_REQUESTS,
        streams: int = DEFAULT_STREAMS,
        max_log_bytes: int = DEFAULT_MAX_BYTES,
        patterns: Sequence[LinePattern] = (),
        data_folder: Path | None = None,
    ) -> None:
        self.profile = profile
        self._client: NodionClient | None = None
        self.runs = KnownRuns(
            known_runners=[Runner(id=entry.id, name=entry.name) for entry in profile.runners]
        )
        self.run_control = RunControl(self.runs, self._connected, read_only=profile.read_only)
        is_budgeted = not is_loopback(urlsplit(profile.api_url).hostname or "")
        self.awaited = AwaitedRuns(self.runs, self.run_control.started_here)
        """The runs whose end is told without a rule."""
        self.poller = Poller(
            self.runs,
            self._connected,
            Backoff(),
            per_minute=requests_per_minute,
            is_budgeted=is_budgeted,
            expected=self._expected_runs,
        )
        self.streams = RunStreams(
            self.runs, self.poller, self._connected, self.server_now, streams=streams
        )
        """Which runs are streamed, and the live lines of them."""
        self.patterns = PatternBook(patterns, self.runs.runner)
        """Which lines are lit, and are stops."""
        self.archive = self._archive_in(data_folder)
        """Finished logs on disk; None unless the profile asks for it."""
        self.logs = LogSessionCache(
            ClientLogSource(self._connected),
            max_bytes=max_log_bytes,
            on_run=self.runs.apply_run,
            on_end=self.streams.run_ended,
            on_first_line=self._on_first_line,
            on_lines=self.streams.lines_read,
            on_reading=self._on_reading,
            runner_of=self.runs.runner,
            patterns_of=self.patterns.of,
            run_of=self.runs.run,
            archive=self.archive,
        )

        self.line_watch = self._new_line_watch(data_folder)
        """Which live lines are told."""
        endings = LogEndings()
        self.anomalies = AnomalyDetector(self.runs, self.logs, endings)
        """Failure groups and unusual silence of the selected run."""
        known_file = None if data_folder is None else KnownFailureFile(data_folder)
        self.failures = FailureCauses(self.runs, endings, profile.name, known_file)
        """Causes of failures, and which of them are acknowledged."""
        self.failure_reader = FailureReader(
            self.runs,
            self.failures,
            endings,
            ClientLogSource(self._connected),
            self.poller.acquire_request,
            self.anomalies.record_cached,
            seconds_per_request=60 * BUDGET_SHARE / requests_per_minute if is_budgeted else 0,
        )
        """Reads the logs of failures whose causes matter."""
        self.rhythms = RhythmBook(
            self.runs, None if data_folder is None else RhythmMemory(data_folder)
        )
        """How regularly each runner runs."""
        self.missed: MissedRuns | None = None
        """Runs that changed during an absence; None once seen or expired."""
        self.history = None if data_folder is None else TriggerHistory(data_folder)
        """Environments of runs triggered from this machine; None without a data folder."""
        self.presets = None if data_folder is None else PresetFile(data_folder)
        """Saved trigger presets; None without a data folder."""

    @property
    def started(self) -> bool:
        """Whether the client exists."""
        return self._client is not None

    def set_missed(self, missed: "MissedRuns | None") -> None:
        """Set or clear the summary of missed runs and notify the subscribers."""
        self.missed = missed
        self.runs.publish(Changes())

    @property
    def key_rejected(self) -> bool:
        """Whether the service rejects the API key, so that another one is needed."""
        outage = self.poller.outage
        return outage is not None and isinstance(outage.error, KeyRejected)

    @property
    def requests_sent(self) -> int:
        """Requests of every kind sent so far."""
        return self._client.requests_sent if self._client else 0

    def server_now(self) -> datetime:
        """The service's clock, aware; the local clock while the service's is unknown."""
        return self._client.server_now() if self._client else utc_now()

    def known_state(self, run: Run) -> bool | None:
        """Whether a run failed for an acknowledged cause; None: its log is still to be read."""
        if self.failure_reader.is_pending(run):
            return None
        return self.failures.is_known(run)

    def typical_duration(self, run: Run) -> TypicalDuration | None:
        """Typical duration of such a run; None if too few earlier runs are known."""
        return typical_duration(run, self.runs.runs_of(run.runner_id))

    def is_awaited(self, run: Run) -> bool:
        """Whether the end of a run will be told without a rule."""
        return not run.is_final and run.key in self.awaited

    def is_stale(self, run: Run) -> bool:
        """Whether the data of a run is too old to be trusted.

        A run that has ended changes no more. One that has not ended is stale when its list cannot
        be read, or is much older than the request budget explains. A stream that lives proves more.
        """
        is_held = self.streams.quiet.is_held(run.key)
        return not (run.is_final or is_held) and self._is_stale(run.runner_id)

    def known_until(self, runner_id: str) -> datetime:
        """The server's time until which runs that have not ended are known: now, unless stale.

        So the duration of a run that is said to be running does not grow without an answer.
        """
        now, checked_at = self.server_now(), self._checked_at(runner_id)
        return min(now, checked_at) if checked_at and self._is_stale(runner_id) else now

    def overdue(self, runner_id: str) -> Rhythm | None:
        """The rhythm of a regular runner that did not run when it was due; None if none.

        It is judged by the last answer, not by the time of day: while polling rests, the machine
        sleeps or the service does not answer, nothing becomes overdue.
        """
        # Most runners have no rhythm: first what costs least, as it is asked for each second.
        checked_at = self._checked_at(runner_id) if self.rhythms.rhythms(runner_id) else None
        return None if checked_at is None else self.rhythms.overdue(runner_id, checked_at)

    def is_overdue(self, runner_id: str, rhythm: Rhythm) -> bool:
        """Whether the next run of this rhythm of a runner did not come when it was due."""
        checked_at = self._checked_at(runner_id)
        return checked_at is not None and rhythm.overdue_by(checked_at) is not None

    def overdue_runners(self) -> Mapping[str, Rhythm]:
        """Runner id → rhythm, of the runners that are overdue, in the order of the runners."""
        rhythms = ((runner.id, self.overdue(runner.id)) for runner in self.runs.runners)
        return {runner_id: rhythm for runner_id, rhythm in rhythms if rhythm is not None}

    def last_runs(self) -> Iterator[LastRun]:
        """The newest run of each runner, and since when another one is overdue."""
        for runner in self.runs.runners:
            runs, checked_at = self.runs.runs_of(runner.id), self._checked_at(runner.id)
            if runs and checked_at is not None:
                rhythm = self.rhythms.overdue(runner.id, checked_at)
                yield LastRun(runs[0], checked_at, rhythm.overdue_at if rhythm else None)

    def overdue_since(self, moment: datetime) -> list[Run]:
        """The last runs of the runners that became overdue after a moment."""
        runs_of = self.runs.runs_of
        return [
            runs_of(runner_id)[0]
            for runner_id, rhythm in self.overdue_runners().items()
            if rhythm.overdue_at > moment and runs_of(runner_id)
        ]

    def _checked_at(self, runner_id: str) -> datetime | None:
        """When the list of a runner was last read, on the server's clock; None: never."""
        answered_at = self.runs.freshness(runner_id).answered_at
        return None if answered_at is None else answered_at + (self.server_now() - utc_now())

    def _is_stale(self, runner_id: str) -> bool:
        """Whether the list of a runner cannot be read, or is too old."""
        freshness = self.runs.freshness(runner_id)
        if freshness.error is not None and self.poller.outage is None:
            return True
        age = freshness.age(time.monotonic())
        return age is None or age > STALE_SECONDS + STALE_CYCLES * self.poller.expected_interval(
            runner_id
        )

    def pause_log_streams(self, *, paused: bool) -> None:
        """Pause or resume the decoding of log streams, so that other work runs first."""
        if self._client is not None:
            self._client.decode_turns.set_paused(paused=paused)

    async def wait_until_fresh(self, slack: float = 0.0) -> None:
        """Wait until every list was fetched after this call, for `FRESH_TIMEOUT_SECONDS` at most.

        Args:
            slack: accept lists that are this many seconds older.
        """
        oldest = time.monotonic() - slack
        changed = asyncio.Event()
        unsubscribe = self.runs.subscribe(lambda _: changed.set())
        try:
            async with asyncio.timeout(FRESH_TIMEOUT_SECONDS):
                while not self._is_newer(oldest):
                    await changed.wait()
                    changed.clear()
        except TimeoutError:
            return
        finally:
            unsubscribe()

    async def start(self) -> None:
        """Create the client in a thread, as importing it is slow.

        Raises:
            ConfigError: the profile's address or key is invalid.
        """
        if self._client is None:
            module = await asyncio.to_thread(importlib.import_module, "nodion_tui.api.client")
            self._client = module.NodionClient(self.profile)

    async def check(self) -> None:
        """Send one request to check that the service answers and accepts the key.

        Raises:
            NodionError: it does not. A refused runner list is no error if the key is accepted.
        """
        await self.start()
        try:
            await self._connected().list_runners()
        except (ResourceNotFound, ScopeMissing):
            return

    async def run(self) -> None:
        """Start, poll until cancelled, and close.

        Raises:
            ConfigError: the profile's address or key is invalid.
        """
        await self.start()
        await self.rhythms.load()
        await self.failures.load()
        self.poller.read_first(self.rhythms.were_running)
        works = (
            self.rhythms.keep(),
            self.failures.keep(),
            self.failure_reader.run(),
            self.line_watch.run(),
            self.streams.run(),
            self._load_archived(),
        )
        keepers = [asyncio.create_task(work) for work in works]
        try:
            await self.poller.run()
        finally:
            for keeper in keepers:
                keeper.cancel()
            await asyncio.gather(*keepers, return_exceptions=True)
            await self.rhythms.save()
            await self.aclose()

    async def aclose(self) -> None:
        """Cancel pending work and close every connection; may be called more than once.

        Logs that wait to be archived are written first.
        """
        if self.archive is not None:
            await self.archive.settled()
        if self._client is not None:
            await self._client.aclose()
        self._client = None

    def _archive_in(self, data_folder: Path | None) -> ArchiveKeeper | None:
        if data_folder is None or self.profile.archive is None:
            return None

        def name_of(runner_id: str) -> str:
            runner = self.runs.runner(runner_id)
            return runner.name if runner else ""

        return ArchiveKeeper(
            data_folder, self.profile, runner_name=name_of, last_lines=lines_of_failure
        )

    async def _load_archived(self) -> None:
        if self.archive is not None:
            archived = ArchivedRuns(
                self.archive, self.runs, self.anomalies, lambda: self.poller.outage is not None
            )
            await archived.load()

    def _is_newer(self, oldest: float) -> bool:
        fetch_times = (self.runs.freshness(runner.id).fetched_at for runner in self.runs.runners)
        return all(fetched_at is not None and fetched_at >= oldest for fetched_at in fetch_times)

    def _new_line_watch(self, data_folder: Path | None) -> LineWatch:
        line_watch = LineWatch(
            self.patterns,
            is_read=self.logs.is_in_use,
            server_now=self.server_now,
            told=None if data_folder is None else ToldLines(data_folder),
        )
        if line_watch.is_needed:
            self.streams.live_lines.subscribe(line_watch.take)
        return line_watch

    def _on_reading(self, session: LogSession) -> None:
        self.streams.reading_changed(session)
        if self.line_watch.is_needed and session.has_readers:
            self.line_watch.begin_reading(session.key)

    def _on_first_line(self, key: RunKey) -> None:
        """Refresh the run list of a run that writes a log although its list still says pending."""
        run = self.runs.run(key)
        if run is not None and run.status == RunStatus.PENDING:
            self.poller.refresh((key.runner_id,))

    def _expected_runs(self, runner_id: str) -> ExpectedRuns:
        """When runs of a runner are expected, in seconds from now."""
        rhythms = self.rhythms.rhythms(runner_id).values()
        return expected_runs(self.runs.runs_of(runner_id), rhythms, self.server_now())

    def _connected(self) -> "NodionClient":
        if self._client is None:
            raise RuntimeError("the monitor has not been started")
        return self._client
