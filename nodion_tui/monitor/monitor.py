"""Monitor: runs, logs and polling of one profile or several, as the screens use them."""

import asyncio
import time
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from nodion_tui.config import Profile
from nodion_tui.model.errors import ResourceNotFound, ScopeMissing
from nodion_tui.model.run import Run, RunKey, RunStatus
from nodion_tui.model.runner import short_id
from nodion_tui.monitor.account import Account, configured_runners, create_accounts
from nodion_tui.monitor.insight.anomalies import AnomalyDetector
from nodion_tui.monitor.insight.arrivals import expected_runs
from nodion_tui.monitor.insight.rhythm import Rhythm
from nodion_tui.monitor.insight.rhythm_book import RhythmBook
from nodion_tui.monitor.insight.typical_duration import TypicalDuration, typical_duration
from nodion_tui.monitor.log.buffer import DEFAULT_MAX_BYTES
from nodion_tui.monitor.log.session_cache import LogSessionCache
from nodion_tui.monitor.log.source import RoutedLogSource
from nodion_tui.monitor.polling.poller_group import PollerGroup
from nodion_tui.monitor.runs.changes import RUNNER_LIST, Changes
from nodion_tui.monitor.runs.expected_runs import ExpectedRuns
from nodion_tui.monitor.runs.known_runs import KnownRuns, utc_now
from nodion_tui.monitor.runs.last_run import LastRun
from nodion_tui.monitor.runs.run_controls import RunControls
from nodion_tui.monitor.storage.rhythm_memory import RhythmMemory

if TYPE_CHECKING:
    from nodion_tui.api.http.decode_turns import DecodeTurns
    from nodion_tui.monitor.notify.missed_runs import MissedRuns

STALE_SECONDS = 15.0
STALE_CYCLES = 1.5
"""A list is stale once it is older than `STALE_SECONDS` plus this many polling cycles."""
FRESH_TIMEOUT_SECONDS = 120.0
"""Maximum wait for fresh lists."""
DEFAULT_REQUESTS = 60
"""Requests per minute that polling may send, for each account."""


class Monitor:
    """Runs, logs and polling of one profile, or of several in one list.

    A runner belongs to the first account that lists it. Accounts share nothing else: each has a
    client, a budget, its own trouble, and asks as its profile says.

    Nothing is imported or sent before `start`, so that a screen can be drawn first.

    Args:
        profiles: address, key and runners of each account; at least one.
        requests_per_minute: polling budget of each; an engine on this machine has none.
        max_log_bytes: memory for logs, of all accounts together.
        data_folder: where trigger history, presets and rhythms are stored; None stores nothing.
    """

    def __init__(
        self,
        *profiles: Profile,
        requests_per_minute: int = DEFAULT_REQUESTS,
        max_log_bytes: int = DEFAULT_MAX_BYTES,
        data_folder: Path | None = None,
    ) -> None:
        self._turns: DecodeTurns | None = None
        self.runs = KnownRuns(known_runners=configured_runners(profiles[0]))
        self.accounts = create_accounts(
            profiles,
            self.runs,
            per_minute=requests_per_minute,
            expected=self._expected_runs,
            decode_turns=self._decode_turns,
            data_folder=data_folder,
        )
        """Each profile's part, in the order of the profiles."""
        self._by_list = {account.runs.list_key: account for account in self.accounts}
        self.run_control = RunControls(
            [account.run_control for account in self.accounts],
            lambda runner_id: self.account_of(runner_id).run_control,
        )
        self.poller = PollerGroup(
            [account.poller for account in self.accounts],
            lambda runner_id: self.account_of(runner_id).poller,
            is_list={RUNNER_LIST, *self._by_list}.__contains__,
        )
        self.logs = LogSessionCache(
            RoutedLogSource(lambda runner_id: self.account_of(runner_id).log_source),
            max_bytes=max_log_bytes,
            on_run=self.runs.apply_run,
            on_end=self.runs.apply_final,
            on_first_line=self._on_first_line,
            runner_of=self.runs.runner,
        )

        self.anomalies = AnomalyDetector(self.runs, self.logs)
        """Failure groups and unusual silence of the selected run."""
        self.rhythms = RhythmBook(
            self.runs, None if data_folder is None else RhythmMemory(data_folder)
        )
        """How regularly each runner runs."""
        self.missed: MissedRuns | None = None
        """Runs that changed during an absence; None once seen or expired."""

    @property
    def profile(self) -> Profile:
        """The profile of the first account, which often is the only one."""
        return self.accounts[0].profile

    @property
    def name(self) -> str:
        """The names of the profiles: `production+staging`."""
        return "+".join(account.name for account in self.accounts)

    @property
    def is_listed(self) -> bool:
        """Whether any runner list was read."""
        keys = self.runs.runner_lists.keys
        return any(self.runs.freshness(key).fetched_at is not None for key in keys)

    @property
    def has_several(self) -> bool:
        """Whether there are several accounts, so that each row says whose it is."""
        return len(self.accounts) > 1

    def account_of(self, runner_id: str) -> Account:
        """The account of a runner; the first one if the runner is not known."""
        owner = self.runs.runner_lists.owner(runner_id)
        return self._by_list[owner] if owner is not None else self.accounts[0]

    def row_profile(self, runner_id: str) -> Profile | None:
        """The profile that a row of this runner names; None where there is only one."""
        return self.account_of(runner_id).profile if self.has_several else None

    def profile_name(self, runner_id: str) -> str:
        """The name of the profile of a runner."""
        return self.account_of(runner_id).name

    def clock_skew(self, runner_id: str) -> timedelta:
        """How far the clock of a runner's service is ahead of that of the first account."""
        account, first = self.account_of(runner_id), self.accounts[0]
        return timedelta() if account is first else account.server_now() - first.server_now()

    def row_name(self, runner_id: str) -> str:
        """The name of the profile that a row of this runner names; empty with only one."""
        return self.account_of(runner_id).name if self.has_several else ""

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
        self.missed = missed
        self.runs.publish(Changes())

    @property
    def key_rejected(self) -> bool:
        """Whether an account needs another API key, as the service rejects the one it has."""
        return any(account.key_rejected for account in self.accounts)

    @property
    def requests_sent(self) -> int:
        """Requests of every kind sent so far."""
        return sum(account.requests_sent for account in self.accounts)

    def server_now(self, runner_id: str = "") -> datetime:
        """The clock of a runner's service, aware; the local clock while that is unknown.

        Args:
            runner_id: the runner; empty: the clock of the first account.
        """
        return self.account_of(runner_id).server_now()

    def typical_duration(self, run: Run) -> TypicalDuration | None:
        """Typical duration of such a run; None if too few earlier runs are known."""
        return typical_duration(run, self.runs.runs_of(run.runner_id))

    def is_stale(self, run: Run) -> bool:
        """Whether the data of a run is too old to be trusted.

        A run that has ended changes no more. One that has not ended is stale when its list cannot
        be read, or is much older than the request budget explains.
        """
        return not run.is_final and self._is_stale(run.runner_id)

    def known_until(self, runner_id: str) -> datetime:
        """The server's time until which runs that have not ended are known: now, unless stale.

        So the duration of a run that is said to be running does not grow without an answer.
        """
        now, checked_at = self.server_now(runner_id), self._checked_at(runner_id)
        return min(now, checked_at) if checked_at and self._is_stale(runner_id) else now

    def overdue(self, runner_id: str) -> Rhythm | None:
        """The rhythm of a regular runner that did not run when it was due; None if none.

        It is judged by the last answer, not by the time of day: while polling rests, the machine
        sleeps or the service does not answer, nothing becomes overdue.
        """
        checked_at = self._checked_at(runner_id)
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
        return (
            None if answered_at is None else answered_at + (self.server_now(runner_id) - utc_now())
        )

    def _is_stale(self, runner_id: str) -> bool:
        """Whether the list of a runner cannot be read, or is too old."""
        freshness = self.runs.freshness(runner_id)
        account = self.account_of(runner_id)
        if freshness.error is not None and account.outage is None:
            return True
        age = freshness.age(time.monotonic())
        return age is None or age > STALE_SECONDS + STALE_CYCLES * account.poller.expected_interval(
            runner_id
        )

    def pause_log_streams(self, *, paused: bool) -> None:
        """Pause or resume the decoding of log streams, so that other work runs first."""
        if self._turns is not None:
            self._turns.set_paused(paused=paused)

    async def wait_until_fresh(self, slack: float = 0.0) -> None:
        """Wait until every list was fetched after this call, for `FRESH_TIMEOUT_SECONDS` at most.

        Where one of several accounts cannot be reached, the others are enough.

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
            await self.accounts[0].client().list_runners()
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
        for account in self.accounts:
            account.poller.read_first(self.rhythms.were_running)
        keeper = asyncio.create_task(self.rhythms.keep())
        try:
            if self.has_several:
                await self._watch_all()
            else:
                await self.accounts[0].poller.run()
        finally:
            keeper.cancel()
            await self.rhythms.save()
            await self.aclose()

    async def aclose(self) -> None:
        """Cancel pending work and close every connection; may be called more than once."""
        for account in self.accounts:
            await account.aclose()

    async def _watch_all(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            for account in self.accounts:
                tasks.create_task(account.watch())

    def _is_newer(self, oldest: float) -> bool:
        fetch_times = (
            self.runs.freshness(runner.id).fetched_at
            for runner in self.runs.runners
            if not (self.has_several and self.account_of(runner.id).outage)
        )
        return all(fetched_at is not None and fetched_at >= oldest for fetched_at in fetch_times)

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
