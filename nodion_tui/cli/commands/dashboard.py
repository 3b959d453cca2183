"""The dashboard: runs if no command is given."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from msgspec.structs import replace

from nodion_tui.cli.engine_options import EngineOptions
from nodion_tui.cli.process.exit_codes import CommandLineError
from nodion_tui.config import (
    DEFAULT_SOURCE,
    Profile,
    Settings,
    read_settings,
    with_key,
    with_keys,
)
from nodion_tui.config.config_file import FITTING_LOG
from nodion_tui.config.paths import expand_home
from nodion_tui.monitor.storage.ui_state import UiStateFile

if TYPE_CHECKING:
    from nodion_tui.cli.local_engine import KeptEngine
    from nodion_tui.monitor.storage.views import ViewFile
    from nodion_tui.ui.app import Connect, NodionApp
    from nodion_tui.ui.session.watcher import WatchTarget
    from nodion_tui.ui.terminal.colors.question import TerminalQuestion

_ASCII_TERMINALS = frozenset({"linux", "vt100", "vt102", "vt220", "ansi", "cons25"})
"""Values of TERM for terminals whose fonts lack glyphs such as ✓ and ◌."""


def dashboard(
    profile: str | None = None,
    *,
    group: Sequence[str] = (),
    allow_http: bool = False,
    engine: EngineOptions = EngineOptions(),  # noqa: B008 - immutable
    ascii_only: bool = False,
    guard: bool = False,
    view: str | None = None,
) -> int:
    """Runs the dashboard and returns its exit code.

    The arguments are the options of the root command.

    Raises:
        CommandLineError: there is no suitable terminal.
        ConfigError: the configuration or the data folder is invalid, or there is no key.
    """
    settings = read_settings(
        profile, group=group, allow_http=allow_http, last_profile=_last_profile
    )
    ascii_only = ascii_only or settings.ascii or _lacks_glyphs(settings)
    _check_terminal(ascii_only=ascii_only)
    if view is not None:
        from nodion_tui.cli.named_view import require_view  # noqa: PLC0415 - on demand

        name = _engine_name(engine) or settings.profile.name
        require_view(settings.data_folder, name, view)
    if engine.data is not None:
        _check_data_folder(engine.data)
    if guard or settings.guard:
        from nodion_tui.cli.process.terminal_guardian import fork_guardian  # noqa: PLC0415 - on demand

        if (code := fork_guardian()) is not None:
            return code
    from nodion_tui.ui.run import run  # noqa: PLC0415 - Textual, on demand

    members: tuple[Profile, ...] = ()
    if not (engine.demo or engine.local or _is_in_keyring(settings.profile)):
        # A key command may prompt for a passphrase, which is impossible once the terminal is used.
        settings = replace(settings, profile=with_key(settings.profile))
        members = with_keys(settings.members)
    return run(
        partial(_make_app, settings, members, engine, ascii_only=ascii_only, view=view or "")
    )


def _make_app(
    settings: Settings,
    members: Sequence[Profile],
    engine: EngineOptions,
    question: "TerminalQuestion",
    *,
    ascii_only: bool,
    view: str,
) -> "NodionApp":
    from nodion_tui.ui.app import AppOptions, NodionApp  # noqa: PLC0415 - see above
    from nodion_tui.ui.problems.find import find_problems  # noqa: PLC0415 - see above
    from nodion_tui.ui.session.saved_state import SavedState  # noqa: PLC0415 - see above
    from nodion_tui.ui.session.watcher import ProfileSaver  # noqa: PLC0415 - see above
    from nodion_tui.ui.terminal.output.output_form import output_form  # noqa: PLC0415 - see above

    kept_engine = cache(partial(_kept_engine, settings, engine))
    temporary = partial(_temporary_engine, settings.profile)
    local = partial(temporary, demo=False) if engine.ephemeral else lambda: kept_engine().connect()
    demo = partial(temporary, demo=True)
    if engine.demo or engine.local:
        target = _engine_target(demo if engine.demo else local, engine)
    else:
        target = _service_target(settings.profile, members)
    options = AppOptions(
        members=target.members,
        connect=target.connect,
        connecting=target.placeholder,
        local=local,
        demo=demo,
        leave_running=lambda: kept_engine().leave_running(),
        keep=ProfileSaver(
            partial(_save_profile, settings.config_folder), is_first=settings.config_file is None
        ),
        ascii_only=ascii_only,
        theme=settings.theme,
        keys=settings.keys,
        commands=settings.commands,
        views=partial(_view_file, settings.data_folder),
        view=view,
        requests_per_minute=settings.requests_per_minute,
        max_log_bytes=settings.max_log_bytes,
        data_folder=settings.data_folder,
        streams=settings.streams,
        fits_log=settings.log_height == FITTING_LOG,
        wall_streams=settings.wall_streams,
        wall_seconds=settings.wall_seconds,
        profiles=settings.profiles,
        rules=() if engine.demo else settings.rules,
        patterns=[each.only_lit for each in settings.patterns]
        if engine.demo
        else settings.patterns,
        tell=settings.tell,
        desktop=settings.desktop,
        problems=partial(find_problems, settings),
        pause_after=settings.pause_after,
        memory=SavedState(UiStateFile(settings.data_folder)),
        output_form=output_form(os.environ, compact=settings.compact_output),
        question=question,
    )
    return NodionApp(target.profile, options)


def _kept_engine(settings: Settings, engine: EngineOptions) -> "KeptEngine":
    from nodion_tui.cli.local_engine import KeptEngine  # noqa: PLC0415 - on demand
    from nodion_tui.cli.running_profile import local_folder  # noqa: PLC0415 - on demand

    return KeptEngine(settings.profile, local_folder(settings, engine))


def _temporary_engine(profile: Profile, *, demo: bool) -> AbstractAsyncContextManager[Profile]:
    from nodion_tui.cli.local_engine import temporary_engine  # noqa: PLC0415 - on demand

    return temporary_engine(profile, demo=demo)


def _view_file(folder: Path) -> "ViewFile":
    from nodion_tui.monitor.storage.views import ViewFile  # noqa: PLC0415 - on demand

    return ViewFile(folder)


def _engine_target(connect: "Connect", engine: EngineOptions) -> "WatchTarget":
    """The engine that was asked for on the command line; of a configured profile it has nothing."""
    from nodion_tui.ui.session.watcher import WatchTarget  # noqa: PLC0415 - see above

    name = _engine_name(engine)
    kind: Literal["demo", "kept", "ephemeral"]
    kind = "demo" if engine.demo else "ephemeral" if engine.ephemeral else "kept"
    return WatchTarget(Profile(name=name, engine=kind), connect, f"Starting the {name} engine …")


def _engine_name(engine: EngineOptions) -> str:
    """Name of the profile of an engine; empty without one."""
    return "demo" if engine.demo else "local" if engine.local else ""


def _save_profile(folder: Path, profile: Profile) -> Path:
    from nodion_tui.config.first_profile import save_profile  # noqa: PLC0415 - for a first start

    return save_profile(folder, profile)


def _service_target(profile: Profile, members: Sequence[Profile]) -> "WatchTarget":
    """The configured profile, which has its key unless that is in the keyring, or a group."""
    from nodion_tui.ui.session.watcher import WatchTarget  # noqa: PLC0415 - see above

    if members:
        return WatchTarget(profile, members=tuple(members))
    if _is_in_keyring(profile):
        connect = partial(_profile_with_key, profile)
        return WatchTarget(profile, connect, "Reading the key from the keyring …")
    return WatchTarget(profile)


def _last_profile(data: Path) -> str:
    state, _ = UiStateFile(data).load()
    return state.profile


def _check_data_folder(path: Path) -> None:
    """Report a folder that cannot be used before the screen opens; the engine checks again.

    Raises:
        ConfigError: it is neither missing, empty nor a data folder.
    """
    from nodion_tui.local.storage.data_dir import check_data_folder  # noqa: PLC0415 - on demand
    from nodion_tui.local.storage.folder_lock import FolderInUse  # noqa: PLC0415 - see above

    with suppress(FolderInUse):  # its engine is attached to
        check_data_folder(expand_home(path, "--data").absolute())


@asynccontextmanager
async def _profile_with_key(profile: Profile) -> AsyncIterator[Profile]:
    """Yields the profile with its key from the keyring, which may take seconds."""
    yield await asyncio.to_thread(with_key, profile)


def _is_in_keyring(profile: Profile) -> bool:
    return profile.key_source is not None and profile.key_source.kind == "keyring"


def _lacks_glyphs(settings: Settings) -> bool:
    """Whether the terminal's font probably lacks the glyphs, and `ascii` is not configured."""
    is_configured = settings.source("ascii") is not DEFAULT_SOURCE
    return not is_configured and os.environ.get("TERM", "") in _ASCII_TERMINALS


def _check_terminal(*, ascii_only: bool) -> None:
    """Raises if the terminal cannot show a dashboard, before any escape sequence is written."""
    term = os.environ.get("TERM", "")
    # Textual writes to stderr.
    if not (sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()):
        problem = "the dashboard needs a terminal"
    elif term in {"", "dumb"}:
        problem = f"the dashboard does not support TERM={term or '(not set)'}"
    elif "utf" not in (sys.stdout.encoding or "").lower() and not ascii_only:
        problem = "the dashboard requires a UTF-8 locale, or --ascii"
    else:
        return
    raise CommandLineError(f"{problem}; for other commands see: nodion-tui --help")
