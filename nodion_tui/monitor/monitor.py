"""Monitor: all that is known and done for one profile, as the screens hold it."""

import asyncio
import importlib
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from nodion_tui.api.http.backoff import Backoff
from nodion_tui.config import Profile
from nodion_tui.model.errors import KeyRejected, ResourceNotFound, ScopeMissing
from nodion_tui.model.run import Run, RunKey, RunStatus
from nodion_tui.model.runner import Runner
from nodion_tui.monitor.insight.anomalies import AnomalyDetector
from nodion_tui.monitor.insight.typical_duration import TypicalDuration, typical_duration
from nodion_tui.monitor.log.buffer import DEFAULT_MAX_BYTES
from nodion_tui.monitor.log.session_cache import LogSessionCache
from nodion_tui.monitor.log.source import ClientLogSource
from nodion_tui.monitor.polling.poller import Poller
from nodion_tui.monitor.runs.known_runs import utc_now
from nodion_tui.monitor.runs.store import RunStore
from nodion_tui.monitor.storage.presets import PresetFile
from nodion_tui.monitor.storage.trigger_history import TriggerHistory

if TYPE_CHECKING:
    from nodion_tui.api.client import NodionClient
    from nodion_tui.monitor.notify.missed_runs import MissedRuns

STALE_SECONDS = 15.0
STALE_CYCLES = 1.5
"""A list is stale when it is older than `STALE_SECONDS` and so many rounds of polling."""
FRESH_TIMEOUT_SECONDS = 120.0
"""How long is waited at most for lists that are new."""
DEFAULT_REQUESTS = 60
"""Requests that polling may send in a minute."""


class Monitor:
    """One profile's runs, logs and polling.

    Nothing is imported or sent before `start`, so that a screen can be painted first.

    Args:
        profile: whom to speak for.
        requests_per_minute: the budget of polling.
        max_log_bytes: memory for logs.
        data_folder: where what was triggered from here is remembered; None remembers nothing.
    """

    def __init__(
        self,
        profile: Profile,
        *,
        requests_per_minute: int = DEFAULT_REQUESTS,
        max_log_bytes: int = DEFAULT_MAX_BYTES,
        data_folder: Path | None = None,
    ) -> None:
        self.profile = profile
        self._client: NodionClient | None = None
        self.runs = RunStore(
            self._connected,
            read_only=profile.read_only,
            known_runners=[Runner(id=known.id, name=known.name) for known in profile.runners],
        )
        self.poller = Poller(self.runs, self._connected, Backoff(), per_minute=requests_per_minute)
        self.logs = LogSessionCache(
            ClientLogSource(self._connected),
            max_bytes=max_log_bytes,
            on_run=self.runs.apply_run,
            on_end=self.runs.apply_final,
            on_first_line=self._began_to_write,
        )

        self.anomalies = AnomalyDetector(self.runs, self.logs)
        """What is unusual about the run that is looked at."""
        self.missed: MissedRuns | None = None
        """What happened while nobody looked, until it is looked at or a while has passed."""
        self.history = None if data_folder is None else TriggerHistory(data_folder)
        """Environments of what was triggered from here, if they are to be remembered."""
        self.presets = None if data_folder is None else PresetFile(data_folder)
        """Named overrides, if there is a folder to keep them in."""

    @property
    def started(self) -> bool:
        """Whether there is a client to ask."""
        return self._client is not None

    def set_missed(self, missed: "MissedRuns | None") -> None:
        """Note what was missed, or that it is known by now."""
        self.missed = missed
        self.runs.notify_subscribers()

    @property
    def key_rejected(self) -> bool:
        """Whether the key is rejected, so that another one is needed."""
        trouble = self.poller.outage
        return trouble is not None and isinstance(trouble.error, KeyRejected)

    @property
    def requests_sent(self) -> int:
        """Requests of every kind so far."""
        return self._client.requests_sent if self._client else 0

    def server_now(self) -> datetime:
        """The service's clock, aware; our own while the service's is not known."""
        return self._client.server_now() if self._client else utc_now()

    def typical_duration(self, run: Run) -> TypicalDuration | None:
        """How long such a run takes as a rule; None where too few are known."""
        return typical_duration(run, self.runs.runs_of(run.runner_id))

    def is_stale(self, run: Run) -> bool:
        """Whether what is known of a run is too old to be trusted.

        One that has ended changes no more; one that has not is stale when its list is much older
        than the budget of requests explains.
        """
        if run.is_final:
            return False
        age = self.runs.freshness(run.runner_id).age(time.monotonic())
        return age is None or age > STALE_SECONDS + STALE_CYCLES * self.poller.expected_interval(
            run.runner_id
        )

    def pause_log_streams(self, *, paused: bool) -> None:
        """Leave what streams bring where it is for a moment, so that something else is done."""
        if self._client is not None:
            self._client.decode_turns.set_paused(paused=paused)

    async def wait_until_fresh(self, slack: float = 0.0) -> None:
        """Wait until every list is as new as the present, for `CATCH_UP_SECONDS` at most.

        Args:
            slack: so many seconds older is new enough.
        """
        oldest = time.monotonic() - slack
        stirred = asyncio.Event()
        unsubscribe = self.runs.subscribe(lambda _: stirred.set())
        try:
            async with asyncio.timeout(FRESH_TIMEOUT_SECONDS):
                while not self._is_newer(oldest):
                    await stirred.wait()
                    stirred.clear()
        except TimeoutError:
            return
        finally:
            unsubscribe()

    async def start(self) -> None:
        """Make the client, off the event loop, for importing it takes a while.

        Raises:
            ConfigError: the profile's address or key cannot be used.
        """
        if self._client is None:
            module = await asyncio.to_thread(importlib.import_module, "nodion_tui.api.client")
            self._client = module.NodionClient(self.profile)

    async def check(self) -> None:
        """Ask the service once whether it answers and takes the key.

        Raises:
            NodionError: it does not. Not listing runners is no fault, where the key is taken.
        """
        await self.start()
        try:
            await self._connected().list_runners()
        except (ResourceNotFound, ScopeMissing):
            return

    async def run(self) -> None:
        """Start, poll until cancelled, and close.

        Raises:
            ConfigError: the profile's address or key cannot be used.
        """
        await self.start()
        try:
            await self.poller.run()
        finally:
            await self.aclose()

    async def aclose(self) -> None:
        """End what is under way and close every connection.

        Whoever calls it, and however often, has it closed then.
        """
        if self._client is not None:
            await self._client.aclose()
        self._client = None

    def _is_newer(self, oldest: float) -> bool:
        answered = (self.runs.freshness(each.id).fetched_at for each in self.runs.runners)
        return all(at is not None and at >= oldest for at in answered)

    def _began_to_write(self, key: RunKey) -> None:
        """Its list still calls the run pending: it is asked for next."""
        run = self.runs.run(key)
        if run is not None and run.status == RunStatus.PENDING:
            self.poller.refresh((key.runner_id,))

    def _connected(self) -> "NodionClient":
        if self._client is None:
            raise RuntimeError("the monitor has not been started")
        return self._client
