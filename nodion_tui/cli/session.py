"""The session of an API command: a profile, its client and its runs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import click
import msgspec
from msgspec.structs import replace

from nodion_tui.cli.engine_options import engine_options
from nodion_tui.cli.output.run_table import print_run
from nodion_tui.cli.output.streams import Output
from nodion_tui.config import Profile, Settings, read_settings, with_key
from nodion_tui.model.errors import ConfigError, NoKey, ReadOnly
from nodion_tui.model.run import Run
from nodion_tui.model.runner import Runner
from nodion_tui.monitor.runs.known_runs import KnownRuns
from nodion_tui.monitor.runs.run_control import RunControl


class _RunResponse(msgspec.Struct):
    run: msgspec.Raw


class _RunId(msgspec.Struct):
    id: str


class CommandSession:
    """Profile (which includes its key), client, output and runs of an API command."""

    def __init__(self, profile: Profile, output: Output) -> None:
        from nodion_tui.api.client import NodionClient  # noqa: PLC0415  # httpx, on demand

        self._json_by_run: dict[str, bytes] = {}
        self.profile = profile
        self.client = NodionClient(profile, on_body=self._store_run_json, terminal_in_use=False)
        self.output = output
        self.runs = KnownRuns(
            known_runners=[Runner(id=ref.id, name=ref.name) for ref in profile.runners]
        )
        self.run_control = RunControl(self.runs, lambda: self.client, read_only=profile.read_only)

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
        return self._json_by_run.get(run.id) or msgspec.json.encode(run)

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
        profile or root_options.get("profile"), allow_http=bool(root_options.get("allow_http"))
    )
    engine = engine_options(root_options)
    if not (engine.demo or engine.local):
        return settings
    from nodion_tui.cli.running_profile import running_profile  # noqa: PLC0415 - seldom

    return replace(settings, profile=running_profile(ctx, settings, engine))


@asynccontextmanager
async def open_session(profile: Profile, output: Output) -> AsyncIterator[CommandSession]:
    """Opens a session with the profile's key and closes its connections at the end.

    Raises:
        ConfigError: the profile is a group.
        NoKey: the profile has no key.
    """
    if profile.group:
        raise ConfigError(
            f"profile {profile.name} is a group of {', '.join(profile.group)}: "
            "only the dashboard shows several; give one of them with --profile"
        )
    if profile.key_source is None and profile.key is None:
        raise NoKey(f"no key is configured for profile {profile.name}")
    session = CommandSession(with_key(profile), output)
    try:
        yield session
    finally:
        await session.client.aclose()
