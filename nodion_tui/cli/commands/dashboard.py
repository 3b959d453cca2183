"""The dashboard: what runs when no command is named."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from nodion_tui.cli.process.exit_codes import CommandLineError
from nodion_tui.config import (
    DEFAULT_SOURCE,
    Profile,
    Settings,
    read_settings,
    save_profile,
    with_key,
)
from nodion_tui.monitor.storage.ui_state import UiStateFile

if TYPE_CHECKING:
    from nodion_tui.ui.app import Connect, NodionApp

_PLAIN = frozenset({"linux", "vt100", "vt102", "vt220", "ansi", "cons25"})
"""Terminals whose fonts have lines at best, but no ✓ and no ◌."""


def dashboard(
    profile: str | None = None,
    *,
    allow_http: bool = False,
    local: bool = False,
    data: Path | None = None,
    ascii_only: bool = False,
    guard: bool = False,
) -> int:
    """Show the dashboard until the person leaves it.

    Args:
        profile: name given by `--profile`.
        allow_http: whether plain http to another machine is wanted.
        local: watch the embedded engine.
        data: where that engine keeps its runs; None: a temporary folder.
        ascii_only: no glyphs beyond ASCII.
        guard: have a process beside it that restores the terminal if it is killed.

    Returns:
        The exit code.

    Raises:
        Usage: there is no terminal that could show it.
        ConfigError: the configuration or the engine's data folder cannot be used, or there is no
            key.
    """
    settings = read_settings(profile, allow_http=allow_http, last_profile=_last_profile)
    ascii_only = ascii_only or settings.ascii or _is_plain(settings)
    _need_terminal(ascii_only=ascii_only)
    if local and data is not None:
        # Said before there is a screen; the engine looks again, in a process of its own.
        from nodion_tui.local.storage.data_dir import check_data_folder  # noqa: PLC0415 - only if asked for

        data = data.expanduser().absolute()
        check_data_folder(data)
    if guard or settings.guard:
        from nodion_tui.cli.process.terminal_guardian import fork_guardian  # noqa: PLC0415 - only if asked for

        if (code := fork_guardian()) is not None:
            return code
    from nodion_tui.ui.run import run  # noqa: PLC0415 - Textual, for the dashboard alone

    return run(partial(_app, settings, local=local, data=data, ascii_only=ascii_only))


def _app(settings: Settings, *, local: bool, data: Path | None, ascii_only: bool) -> "NodionApp":
    from nodion_tui.ui.app import NodionApp  # noqa: PLC0415 - as above
    from nodion_tui.ui.session.saved_state import SavedState  # noqa: PLC0415 - as above
    from nodion_tui.ui.session.watcher import ProfileSaver  # noqa: PLC0415 - as above

    profile = settings.profile
    connect: Connect | None = None
    connecting = "Connecting …"
    engine = partial(_on_this_machine, settings.profile, data)
    if local:
        connect, connecting = engine, "Starting the engine on this machine …"
        profile = replace(profile, name="local", key=None, project=None, color=None)
    elif profile.key_source is not None and profile.key_source.kind == "keyring":
        connect, connecting = partial(_with_its_key, profile), "Asking the keyring …"
    else:
        # A key command may ask for a passphrase, which it cannot do on a screen of ours.
        profile = with_key(profile)
    return NodionApp(
        profile,
        connect=connect,
        connecting=connecting,
        local=engine,
        keep=ProfileSaver(
            partial(save_profile, settings.config_folder), is_first=settings.config_file is None
        ),
        ascii_only=ascii_only,
        theme=settings.theme,
        keys=settings.keys,
        requests_per_minute=settings.requests_per_minute,
        max_log_bytes=settings.max_log_bytes,
        data_folder=settings.data_folder,
        wall_streams=settings.wall_streams,
        wall_seconds=settings.wall_seconds,
        profiles=settings.profiles,
        rules=settings.rules,
        pause_after=settings.pause_after,
        memory=SavedState(UiStateFile(settings.data_folder)),
    )


def _last_profile(data: Path) -> str:
    state, _ = UiStateFile(data).load()
    return state.profile


def _on_this_machine(profile: Profile, data: Path | None) -> AbstractAsyncContextManager[Profile]:
    """The embedded engine, in a process of its own, as a profile to watch."""
    from nodion_tui.local.child_engine import ChildEngine  # noqa: PLC0415 - only if asked for
    from nodion_tui.local.engine_settings import EngineSettings  # noqa: PLC0415 - as above

    @asynccontextmanager
    async def engine() -> AsyncIterator[Profile]:
        async with ChildEngine(EngineSettings(data_dir=data)) as server:
            yield Profile(
                name="local",
                api_url=server.url,
                key=server.key,
                confirm_name=profile.confirm_name,
            )

    return engine()


@asynccontextmanager
async def _with_its_key(profile: Profile) -> AsyncIterator[Profile]:
    """The profile with the key that the keyring gives, which may take seconds."""
    yield await asyncio.to_thread(with_key, profile)


def _is_plain(settings: Settings) -> bool:
    """Whether the terminal's own font is likely to lack our glyphs, and nothing says otherwise."""
    told = settings.source("ascii") is not DEFAULT_SOURCE
    return not told and os.environ.get("TERM", "") in _PLAIN


def _need_terminal(*, ascii_only: bool) -> None:
    """Raise unless a dashboard can be drawn; not a single escape sequence has been written then."""
    term = os.environ.get("TERM", "")
    # Textual paints on standard error.
    if not (sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()):
        problem = "the dashboard needs a terminal"
    elif term in {"", "dumb"}:
        problem = f"the dashboard cannot be drawn on TERM={term or '(not set)'}"
    elif "utf" not in (sys.stdout.encoding or "").lower() and not ascii_only:
        problem = "the dashboard's glyphs need a UTF-8 locale, or --ascii"
    else:
        return
    raise CommandLineError(f"{problem}; for the commands see: nodion-tui --help")
