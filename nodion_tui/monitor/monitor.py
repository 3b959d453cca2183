"""Monitor: runs, logs and polling of one profile or several, as the screens use them."""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from nodion_tui.config import Profile
from nodion_tui.model.errors import ResourceNotFound, ScopeMissing
from nodion_tui.model.line_pattern import LinePattern
from nodion_tui.model.run import Run, RunKey, RunStatus
from nodion_tui.model.runner import short_id
from nodion_tui.monitor.account import Account, configured_runners, create_accounts
from nodion_tui.monitor.accounts import Accounts
from nodion_tui.monitor.insight.anomalies import AnomalyDetector
from nodion_tui.monitor.insight.arrivals import expected_runs
from nodion_tui.monitor.insight.due_runners import DueRunners
from nodion_tui.monitor.insight.failure_causes import FailureCauses
from nodion_tui.monitor.insight.failure_groups import LogEndings
from nodion_tui.monitor.insight.failure_readers import FailureReaders
from nodion_tui.monitor.insight.rhythm_book import RhythmBook
from nodion_tui.monitor.insight.typical_duration import TypicalDuration, typical_duration
from nodion_tui.monitor.log.buffer import DEFAULT_MAX_BYTES
from nodion_tui.monitor.log.patterns.pattern_book import PatternBook
from nodion_tui.monitor.log.session import LogSession
from nodion_tui.monitor.log.session_cache import LogSessionCache
from nodion_tui.monitor.log.session_hooks import LogHooks
from nodion_tui.monitor.notify.awaited_runs import AwaitedRuns
from nodion_tui.monitor.notify.lines.line_watch import LineWatch
from nodion_tui.monitor.polling.list_ages import ListAges
from nodion_tui.monitor.runs.changes import Changes
from nodion_tui.monitor.runs.expected_runs import ExpectedRuns
from nodion_tui.monitor.runs.known_runs import KnownRuns
from nodion_tui.monitor.storage.known_failures import KnownFailureFile
from nodion_tui.monitor.storage.rhythm_memory import RhythmMemory
from nodion_tui.monitor.storage.told_lines import ToldLines
from nodion_tui.monitor.streams.run_streams import RunStreams
from nodion_tui.monitor.streams.stream_budget import DEFAULT_STREAMS

if TYPE_CHECKING:
    from nodion_tui.api.http.decode_turns import DecodeTurns
    from nodion_tui.monitor.notify.missed_runs import MissedRuns

DEFAULT_REQUESTS = 60
"""Requests per minute that polling may send, for each account."""


class Monitor:
    """Runs, logs and polling of one profile, or of several in one list.

    A runner belongs to the first account that lists it. Accounts share nothing else: each has a
    client, a budget, its own trouble, and asks as its profile says.

    Nothing is imported or sent before `start`, so that a screen can be drawn first.

    Args:
        profiles: address, key and runners of each account; at least one.
        name: of the group; empty: the names of the profiles.
        requests_per_minute: polling budget of each; an engine on this machine has none.
        streams: streams at once, of all kinds and accounts together.
        max_log_bytes: memory for logs, of all accounts together.
        patterns: lines that are lit and told.
        data_folder: where trigger history, presets, rhythms, known failures and the archive are
            stored; None stores nothing.
    """

    def __init__(
        self,
        *profiles: Profile,
        name: str = "",
        requests_per_minute: int = DEFAULT_REQUESTS,
        streams: int = DEFAULT_STREAMS,
        max_log_bytes: int = DEFAULT_MAX_BYTES,
        patterns: Sequence[LinePattern] = (),
        data_folder: Path | None = None,
    ) -> None:
        self._data_folder = data_folder
        self._turns: DecodeTurns | None = None
        self.runs = KnownRuns(known_runners=configured_runners(profiles[0]))
        self.accounts = Accounts(
            create_accounts(
                profiles,
                self.runs,
                per_minute=requests_per_minute,
                expected=self._expected_runs,
                decode_turns=self._decode_turns,
                data_folder=data_folder,
            ),
            self.runs.runner_lists.owner,
        )
        """Each profile's part, in the order of the profiles."""
        self.name = name or self.accounts.name
        """The name of the profile, or of the group: `production+staging`."""
        self.run_control = self.accounts.run_control
        self.poller = self.accounts.poller
        self.archive = self.accounts.archive
        """Finished logs on disk; None unless a profile asks for it."""
        self.awaited = AwaitedRuns(self.runs, self.run_control.started_here)
        """The runs whose end is told without a rule."""
        self.streams = RunStreams(
            self.runs,
            self.poller,
            lambda runner_id: self.account_of(runner_id).client(),
            self.server_now,
            streams=streams,
        )
        """Which runs are streamed, and the live lines of them."""
        self.patterns = PatternBook(patterns, self.runs.runner)
        """Which lines are lit, and are stops."""
        self.logs = self._new_log_cache(max_log_bytes)
        self.line_watch = self._new_line_watch()
        """Which live lines are told."""
        self._watch_failures()
        self.rhythms = RhythmBook(
            self.runs, None if data_folder is None else RhythmMemory(data_folder)
        )
        """How regularly each runner runs."""
        self.ages = ListAges(self.runs, self.poller, self.server_now)
        """How current the run lists are."""
        self.due = DueRunners(self.runs, self.rhythms, self.ages.checked_at)
        """Which runners are overdue."""
        self.missed: MissedRuns | None = None
        """Runs that changed during an absence; None once seen or expired."""
        self.last_missed: MissedRuns | None = None
        """Likewise, and still there then, for those who look again."""

    def _watch_failures(self) -> None:
        """Create what knows the causes of failures."""
        accounts, folder = self.accounts, self._data_folder
        endings = LogEndings(profile_of=accounts.row_name)
        self.anomalies = AnomalyDetector(self.runs, self.logs, endings)
        """Failure groups and unusual silence of the selected run."""
        known_file = None if folder is None else KnownFailureFile(folder)
        suffixes = {account.name: account.id_suffix for account in accounts}
        self.failures = FailureCauses(self.runs, endings, suffixes, known_file)
        """Causes of failures, and which of them are acknowledged, by profile."""
        readers = {
            account: account.new_failure_reader(
                self.failures, endings, self.anomalies.record_cached
            )
            for account in accounts
        }
        self.failure_reader = FailureReaders(
            [*readers.values()], lambda runner_id: readers[self.account_of(runner_id)]
        )
        """Reads the logs of failures whose causes matter."""

    @property
    def profile(self) -> Profile:
        """The profile of the first account, which often is the only one."""
        return self.accounts.first.profile

    @property
    def is_listed(self) -> bool:
        """Whether any runner list was read."""
        keys = self.runs.runner_lists.keys
        return any(self.runs.freshness(key).fetched_at is not None for key in keys)

    @property
    def has_several(self) -> bool:
        """Whether there are several accounts, so that each row says whose it is."""
        return self.accounts.has_several

    def account_of(self, runner_id: str) -> Account:
        """The account of a runner; the first one if the runner is not known."""
        return self.accounts.of(runner_id)

    def label(self, runner_id: str) -> str:
        """Name of a runner, and of its profile where there are several: `Backup (staging)`."""
        runner = self.runs.runner(runner_id)
        name = runner.label if runner else short_id(runner_id)
        return f"{name} ({self.account_of(runner_id).name})" if self.has_several else name

    @property
    def started(self) -> bool:
        """Whether any account is connected."""
        return any(account.started for account in self.accounts)

    def set_missed(self, missed: "MissedRuns | None") -> None:
        """Set or clear the summary of missed runs and notify the subscribers."""
        self.missed, self.last_missed = missed, missed or self.last_missed
        self.runs.publish(Changes())

    def server_now(self, runner_id: str = "") -> datetime:
        """The clock of a runner's service, aware; the local clock while that is unknown.

        Args:
            runner_id: the runner; empty: the clock of the first account.
        """
        return self.account_of(runner_id).server_now()

    def typical_duration(self, run: Run) -> TypicalDuration | None:
        """Typical duration of such a run; None if too few earlier runs are known."""
        return typical_duration(run, self.runs.runs_of(run.runner_id))

    def known_state(self, run: Run) -> bool | None:
        """Whether a run failed for an acknowledged cause; None: its log is still to be read."""
        if self.failure_reader.is_pending(run):
            return None
        return self.failures.is_known(run)

    def is_awaited(self, run: Run) -> bool:
        """Whether the end of a run will be told without a rule."""
        return not run.is_final and run.key in self.awaited

    def is_stale(self, run: Run) -> bool:
        """Whether the data of a run is too old to be trusted.

        A run that has ended changes no more. One that has not ended is stale when its list cannot
        be read, or is much older than the request budget explains. A stream that lives proves more.
        """
        is_held = self.streams.quiet.is_held(run.key)
        return not (run.is_final or is_held) and self.ages.is_stale(run.runner_id)

    def known_until(self, runner_id: str) -> datetime:
        """The server's time until which runs that have not ended are known: now, unless stale.

        So the duration of a run that is said to be running does not grow without an answer.
        """
        return self.ages.known_until(runner_id)

    def take_turn(self) -> AbstractAsyncContextManager[None]:
        """A turn for work on lines that arrive: one such piece at a time, none while paused."""
        return self._decode_turns().take_turn()

    def pause_log_streams(self, *, paused: bool) -> None:
        """Pause or resume the work on lines that arrive, so that other work runs first."""
        if self._turns is not None:
            self._turns.set_paused(paused=paused)

    async def start(self) -> None:
        """Create the client of each account, in a thread, as importing it is slow.

        Raises:
            ConfigError: a profile's address or key is invalid.
        """
        for account in self.accounts:
            await account.start()

    async def check(self) -> None:
        """Send one request to check that the service answers and accepts the key.

        Raises:
            NodionError: it does not. A refused runner list is no error if the key is accepted.
        """
        await self.start()
        try:
            await self.accounts.first.client().list_runners()
        except (ResourceNotFound, ScopeMissing):
            return

    async def run(self) -> None:
        """Start, poll until cancelled, and close.

        Raises:
            ConfigError: the address or key of the only profile is invalid. Where there are several,
                that is the account's `trouble`.
        """
        if not self.has_several:
            await self.start()
        await self.rhythms.load()
        await self.failures.load()
        for account in self.accounts:
            account.poller.read_first(self.rhythms.were_running)
        works = (
            self.rhythms.keep(),
            self.failures.keep(),
            self.failure_reader.run(),
            self.line_watch.run(),
            self.streams.run(),
            *(account.load_archived(self.anomalies) for account in self.accounts),
        )
        keepers = [asyncio.create_task(work) for work in works]
        try:
            await self.accounts.watch()
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
        await self.accounts.aclose()

    def _new_log_cache(self, max_log_bytes: int) -> LogSessionCache:
        return LogSessionCache(
            self.accounts.log_source,
            max_bytes=max_log_bytes,
            hooks=LogHooks(
                on_run=self.runs.apply_run,
                on_end=self.streams.run_ended,
                on_first_line=self._on_first_line,
                on_lines=self.streams.lines_read,
                on_reading=self._on_reading,
                runner_of=self.runs.runner,
                run_of=self.runs.run,
            ),
            patterns_of=self.patterns.of,
            archive=self.archive,
        )

    def _new_line_watch(self) -> LineWatch:
        folder = self._data_folder
        line_watch = LineWatch(
            self.patterns,
            is_read=self.logs.is_in_use,
            server_now=self.server_now,
            told=None if folder is None else ToldLines(folder),
            service_key=lambda key: self.account_of(key.runner_id).service_key(key),
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
        return expected_runs(self.runs.runs_of(runner_id), rhythms, self.server_now(runner_id))

    def _decode_turns(self) -> "DecodeTurns":
        """What lets one stream of any account decode at a time."""
        if self._turns is None:
            from nodion_tui.api.http.decode_turns import DecodeTurns  # noqa: PLC0415 - after the first paint

            self._turns = DecodeTurns()
        return self._turns
