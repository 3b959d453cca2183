"""Account: one profile of a monitor, with its client, polling, actions and files."""

import asyncio
import importlib
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from msgspec.structs import replace

from nodion_tui.config import Profile, with_key
from nodion_tui.config.url import is_loopback
from nodion_tui.model.backoff import Backoff
from nodion_tui.model.errors import KeyRejected, NodionError, NoKey
from nodion_tui.model.run import Run, RunKey
from nodion_tui.model.runner import Runner
from nodion_tui.monitor.insight.failure_reader import BUDGET_SHARE, FailureReader
from nodion_tui.monitor.log.source import ClientLogSource
from nodion_tui.monitor.polling.poller import Outage, Poller
from nodion_tui.monitor.runs.account_runs import AccountRuns
from nodion_tui.monitor.runs.changes import RUNNER_LIST, Changes, runner_list_key
from nodion_tui.monitor.runs.expected_runs import ExpectedRuns
from nodion_tui.monitor.runs.known_runs import KnownRuns, utc_now
from nodion_tui.monitor.runs.run_control import RunControl
from nodion_tui.monitor.storage.presets import PresetFile
from nodion_tui.monitor.storage.trigger_history import TriggerHistory

if TYPE_CHECKING:
    from nodion_tui.api.client import NodionClient
    from nodion_tui.api.http.decode_turns import DecodeTurns
    from nodion_tui.monitor.archive.archive_keeper import ArchiveKeeper
    from nodion_tui.monitor.insight.anomalies import AnomalyDetector
    from nodion_tui.monitor.insight.failure_causes import FailureCauses
    from nodion_tui.monitor.insight.failure_groups import LogEndings

_logger = logging.getLogger(__name__)


class Account:
    """What a monitor has of one profile. Nothing is imported or sent before `start`.

    Args:
        profile: address, key and safety settings.
        runs: the known runs of all accounts.
        list_key: the account's runner list among those of `runs`.
        id_suffix: what the ids of its runners end with in this program; the service knows nothing
            of it. Empty: nothing.
        is_named: whether titles name the profile, as there are several.
        per_minute: polling budget; an engine on this machine has none.
        expected: returns what is expected of a runner, by its id, in seconds from now.
        decode_turns: returns what serializes the decoding of streams of all accounts.
        data_folder: where trigger history and presets are stored; None: the history is kept in
            memory, and there are no presets.
    """

    def __init__(
        self,
        profile: Profile,
        runs: KnownRuns,
        list_key: str,
        *,
        id_suffix: str,
        is_named: bool,
        per_minute: int,
        expected: Callable[[str], ExpectedRuns | None],
        decode_turns: "Callable[[], DecodeTurns]",
        data_folder: Path | None,
    ) -> None:
        self.profile = profile
        """The profile, with the key that is in use."""
        self.runs = AccountRuns(runs, list_key)
        """The known runs of this account."""
        self._is_named = is_named
        self._all_runs = runs
        self.id_suffix = id_suffix
        """What the ids of its runners end with in this program."""
        self._decode_turns = decode_turns
        self._client: NodionClient | None = None
        self._has_other_key = asyncio.Event()
        self.closed = asyncio.Event()
        """Set once it is left: nothing is sent for it any more."""
        self.trouble: NodionError | None = None
        """Why it is not connected: it has no key, or its configuration is invalid."""
        self.run_control = RunControl(runs, self.client, read_only=profile.read_only)
        self._is_budgeted = not is_loopback(urlsplit(profile.api_url).hostname or "")
        self.poller = Poller(
            self.runs,
            self.client,
            Backoff(),
            per_minute=per_minute,
            is_budgeted=self._is_budgeted,
            expected=expected,
        )
        self.log_source = ClientLogSource(self.client)
        self.history = TriggerHistory(data_folder)
        """Environments of runs triggered from this machine; in memory without a data folder."""
        self.presets = None if data_folder is None else PresetFile(data_folder)
        """Saved trigger presets; None without a data folder."""
        self.archive = self._archive_in(data_folder)
        """Finished logs on disk; None unless the profile asks for it."""

    @property
    def name(self) -> str:
        """The profile's name."""
        return self.profile.name

    @property
    def named_profile(self) -> Profile | None:
        """The profile, where titles name it; None where there is only one."""
        return self.profile if self._is_named else None

    @property
    def started(self) -> bool:
        """Whether the client exists."""
        return self._client is not None

    @property
    def outage(self) -> Outage | None:
        """Why polling is waiting; None while the service is reachable."""
        return self.poller.outage

    @property
    def error(self) -> NodionError | None:
        """Why its data is not current: it is not connected, not reachable, or has no list."""
        if self.trouble is not None or self.outage is None:
            return self.trouble or self._all_runs.freshness(self.runs.list_key).error
        return self.outage.error

    @property
    def key_rejected(self) -> bool:
        """Whether another API key is needed: there is none, or the service rejects it."""
        outage_error = self.outage.error if self.outage else None
        return isinstance(outage_error, KeyRejected) or isinstance(self.trouble, NoKey)

    @property
    def requests_sent(self) -> int:
        """Requests of every kind sent so far."""
        return self._client.requests_sent if self._client else 0

    def server_now(self) -> datetime:
        """The service's clock, aware; the local clock while the service's is unknown."""
        return self._client.server_now() if self._client else utc_now()

    def client(self) -> "NodionClient":
        """The client, which exists from `start` on."""
        if self._client is None:
            # A person may act on rows of an account that is being connected again.
            raise self.trouble or RuntimeError("the account has not been started")
        return self._client

    def service_id(self, runner_id: str) -> str:
        """The id by which the service knows a runner."""
        return runner_id.removesuffix(self.id_suffix)

    def service_runner(self, runner: Runner) -> Runner:
        """A runner with the id by which the service knows it."""
        return replace(runner, id=self.service_id(runner.id)) if self.id_suffix else runner

    def service_run(self, run: Run) -> Run:
        """A run with the runner id by which the service knows it."""
        if not self.id_suffix:
            return run
        return replace(run, runner_id=self.service_id(run.runner_id))

    def service_key(self, key: RunKey) -> RunKey:
        """The key of a run with the runner id by which the service knows it."""
        return RunKey(self.service_id(key.runner_id), key.run_id)

    async def start(self) -> None:
        """Create the client in a thread, as importing it is slow.

        Raises:
            ConfigError: the profile's address or key is invalid.
        """
        if self._client is None:
            module = await asyncio.to_thread(importlib.import_module, "nodion_tui.api.client")
            self._client = self._new_client(module.NodionClient)

    async def watch(self) -> None:
        """Obtain the key, start and poll until cancelled, whatever becomes of other accounts.

        What keeps it from that is its `trouble`, until there is another key.
        """
        while not await self._connect():
            await self._has_other_key.wait()
        await self.poller.run()

    async def use(self, profile: Profile) -> None:
        """Go on with another key of the profile; what is known stays.

        Raises:
            ConfigError: the key is invalid.
        """
        self.profile, previous = profile, self._client
        if previous is None:
            self._has_other_key.set()
            return
        self._client = self._new_client(type(previous))
        await previous.aclose()
        self.poller.outage = None
        self.poller.refresh((RUNNER_LIST, *(runner.id for runner in self.runs.runners)))
        self._all_runs.publish(Changes(runners_changed=True))

    async def aclose(self) -> None:
        """Cancel pending work and close every connection; may be called more than once.

        Logs that wait to be archived are written first.
        """
        self.closed.set()
        if self.archive is not None:
            await self.archive.settled()
        if self._client is not None:
            await self._client.aclose()
        self._client = None

    def new_failure_reader(
        self,
        causes: "FailureCauses",
        endings: "LogEndings",
        record_cached: Callable[[Run], bool],
    ) -> FailureReader:
        """A reader of the failures of this account; the arguments are those of `FailureReader`."""
        return FailureReader(
            self._all_runs,
            causes,
            endings,
            self.log_source,
            self.poller.acquire_request,
            record_cached,
            seconds_per_request=60 * BUDGET_SHARE / self.poller.per_minute * self._is_budgeted,
            owns=self.runs.owns,
        )

    async def load_archived(self, anomalies: "AnomalyDetector") -> None:
        """Take in what the archive knows of failures, and of runs while no service answers."""
        if self.archive is not None:
            # On demand, as below: for those who keep logs.
            from nodion_tui.monitor.insight.archived_runs import ArchivedRuns  # noqa: PLC0415

            archived = ArchivedRuns(
                self.archive,
                self.runs,
                anomalies,
                lambda: self.outage is not None or self.trouble is not None,
            )
            await archived.load()

    def _archive_in(self, data_folder: Path | None) -> "ArchiveKeeper | None":
        if data_folder is None or self.profile.archive is None:
            return None
        from nodion_tui.monitor.archive.archive_keeper import ArchiveKeeper  # noqa: PLC0415
        from nodion_tui.monitor.insight.archived_runs import lines_of_failure  # noqa: PLC0415

        def name_of(runner_id: str) -> str:
            runner = self._all_runs.runner(runner_id)
            return runner.name if runner else ""

        return ArchiveKeeper(
            data_folder,
            self.profile,
            runner_name=name_of,
            last_lines=lines_of_failure,
            id_suffix=self.id_suffix,
        )

    async def _connect(self) -> bool:
        """Start with a key; returns whether that was possible."""
        self._has_other_key.clear()
        try:
            if self.profile.key is None:
                self.profile = await asyncio.to_thread(with_key, self.profile, terminal_in_use=True)
            if self.profile.key is None:
                raise NoKey(f"no key is configured for profile {self.name}")
            await self.start()
        except NodionError as error:
            _logger.warning("account state=not-connected error=%s", type(error).__name__)
            self.trouble = error
        else:
            self.trouble = None
        self._all_runs.publish(Changes(runners_changed=True))
        return self.trouble is None

    def _new_client(self, create: "type[NodionClient]") -> "NodionClient":
        return create(self.profile, id_suffix=self.id_suffix, decode_turns=self._decode_turns())


def configured_runners(profile: Profile, id_suffix: str = "") -> list[Runner]:
    """The runners of a profile's configuration, for a service that lists none."""
    return [Runner(id=f"{entry.id}{id_suffix}", name=entry.name) for entry in profile.runners]


def create_accounts(
    profiles: Sequence[Profile],
    runs: KnownRuns,
    *,
    per_minute: int,
    expected: Callable[[str], ExpectedRuns | None],
    decode_turns: "Callable[[], DecodeTurns]",
    data_folder: Path | None,
) -> tuple[Account, ...]:
    """An account for each profile; the arguments are those of `Account`.

    Ids are unique at one service only: runners at the address of the first profile keep theirs,
    those of every other address get a suffix.
    """
    suffixes: dict[str, str] = {}
    for profile in profiles:
        suffixes.setdefault(profile.api_url, f"@{profile.name}" if suffixes else "")
    for profile in profiles[1:]:
        configured = configured_runners(profile, suffixes[profile.api_url])
        runs.runner_lists.add(runner_list_key(profile.name), configured)
    return tuple(
        Account(
            profile,
            runs,
            list_key,
            id_suffix=suffixes[profile.api_url],
            is_named=len(profiles) > 1,
            per_minute=per_minute,
            expected=expected,
            decode_turns=decode_turns,
            data_folder=data_folder,
        )
        for profile, list_key in zip(profiles, runs.runner_lists.keys, strict=True)
    )
