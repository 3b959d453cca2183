"""The session of an API command: a profile, its client and its runs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import cached_property
from typing import TYPE_CHECKING

import click
import msgspec
from msgspec.structs import replace

from nodion_tui.cli.engine_options import engine_options
from nodion_tui.cli.invocation import PROFILES
from nodion_tui.cli.output.run_table import print_run
from nodion_tui.cli.output.streams import Output
from nodion_tui.config import Profile, Settings, read_settings, with_key
from nodion_tui.model.errors import ConfigError, NoKey, ReadOnly
from nodion_tui.model.run import Run
from nodion_tui.model.runner import Runner
from nodion_tui.monitor.runs.known_runs import KnownRuns

if TYPE_CHECKING:
    from nodion_tui.monitor.archive.archive_keeper import ArchiveKeeper
    from nodion_tui.monitor.runs.run_control import RunControl
    from nodion_tui.monitor.storage.trigger_history import TriggerHistory


class _RunResponse(msgspec.Struct):
    run: msgspec.Raw


class _RunId(msgspec.Struct):
    id: str


class CommandSession:
    """Profile (which includes its key), client, output, runs and archive of an API command."""

    def __init__(self, profile: Profile, output: Output, settings: Settings | None = None) -> None:
        from nodion_tui.api.client import NodionClient  # noqa: PLC0415  # httpx, on demand

        self._json_by_run: dict[str, bytes] = {}
        self.profile = profile
        self.patterns = () if settings is None else settings.patterns
        """Lines that are lit on a terminal."""
        self.client = NodionClient(profile, on_body=self._store_run_json, terminal_in_use=False)
        self.output = output
        is_kept = settings is not None and profile.engine != "demo"
        self.data_folder = settings.data_folder if settings and is_kept else None
        """Where the dashboard keeps its files; None: nothing is read or kept, as for a demo."""
        self.archive = None if settings is None else make_archive(settings, self)
        """Finished logs on disk; None unless the profile asks for it."""
        self.told_archived = False
        """Whether the command has said that it shows what is archived."""
        self.requests_per_minute = 60 if settings is None else settings.requests_per_minute
        self.runs = KnownRuns(
            known_runners=[Runner(id=ref.id, name=ref.name) for ref in profile.runners]
        )

    @cached_property
    def run_control(self) -> "RunControl":
        """Starts and stops runs."""
        from nodion_tui.monitor.runs.run_control import RunControl  # noqa: PLC0415 - of acts alone

        return RunControl(self.runs, lambda: self.client, read_only=self.profile.read_only)

    @cached_property
    def history(self) -> "TriggerHistory":
        """Remembers the environments of runs that are triggered from here."""
        from nodion_tui.monitor.storage.trigger_history import TriggerHistory  # noqa: PLC0415 - of few

        return TriggerHistory(self.data_folder)

    def require_write_access(self) -> None:
        """Checks that the profile allows triggers and stops.

        Raises:
            ReadOnly: the profile is read-only.
        """
        if self.profile.read_only:
            source = self.profile.source("read_only")
            raise ReadOnly(f"{source}: read_only = true in profile {self.profile.name}")

    def run_json(self, run: Run) -> bytes:
        """JSON of the run as the service sent it most recently."""
        return self._json_by_run.get(run.id) or msgspec.json.encode(run.record)

    def print_run(self, run: Run) -> None:
        """Prints the properties of a run, or its JSON."""
        if self.output.json:
            self.output.json_lines([self.run_json(run)])
        else:
            print_run(self.output, run, self.client.server_now(), self.runs.runner)

    def _store_run_json(self, body: bytes) -> None:
        """Stores the JSON of a response that holds a single run."""
        with suppress(msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            raw = bytes(msgspec.json.decode(body, type=_RunResponse).run)
            self._json_by_run[msgspec.json.decode(raw, type=_RunId).id] = raw


def load_settings(ctx: click.Context, profile: str | None = None) -> Settings:
    """Reads the configuration with the options of the group and of the command.

    Raises:
        ConfigError: the configuration is invalid, or the engine that was asked for is not running.
    """
    root_options = ctx.find_root().params
    settings = read_settings(
        profile or root_options.get("profile"),
        group=() if profile else ctx.meta.get(PROFILES, ()),
        allow_http=bool(root_options.get("allow_http")),
    )
    engine = engine_options(root_options)
    if not (engine.demo or engine.local):
        return settings
    from nodion_tui.cli.running_profile import running_profile  # noqa: PLC0415 - seldom

    return replace(settings, profile=running_profile(ctx, settings, engine))


def make_archive(
    settings: Settings, session: CommandSession | None = None
) -> "ArchiveKeeper | None":
    """The archive of the profile, whose faults are told on stderr; None if it keeps none."""
    if settings.profile.archive is None:
        return None
    # On demand: for those who keep logs.
    from nodion_tui.monitor.archive.archive_keeper import ArchiveKeeper  # noqa: PLC0415
    from nodion_tui.monitor.insight.archived_runs import lines_of_failure  # noqa: PLC0415

    def name_of(runner_id: str) -> str:
        runner = session.runs.runner(runner_id) if session else None
        return runner.name if runner else ""

    archive = ArchiveKeeper(
        settings.data_folder, settings.profile, runner_name=name_of, last_lines=lines_of_failure
    )
    if session is not None:
        archive.subscribe(session.output.warning)
    return archive


def require_account(profile: Profile) -> None:
    """Check that a profile is that of one account.

    Raises:
        ConfigError: it is a group.
    """
    if profile.group:
        raise ConfigError(
            f"profile {profile.name} is a group of {', '.join(profile.group)}: "
            "this command is of one profile; give one of them with --profile"
        )


@asynccontextmanager
async def open_session(
    profile: Profile, output: Output, settings: Settings | None = None
) -> AsyncIterator[CommandSession]:
    """Opens a session with the profile's key and closes its connections at the end.

    Args:
        profile: whose service is asked.
        output: of the command.
        settings: where the archive is; None: without one.

    Raises:
        ConfigError: the profile is a group.
        NoKey: the profile has no key.
    """
    require_account(profile)
    if profile.key_source is None and profile.key is None:
        raise NoKey(f"no key is configured for profile {profile.name}")
    session = CommandSession(with_key(profile), output, settings)
    try:
        yield session
    finally:
        if session.archive is not None:
            await session.archive.settled()
        await session.client.aclose()
