"""The profile of an embedded engine that this user runs on this machine, for the API commands."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from nodion_tui.cli.engine_options import EngineOptions
from nodion_tui.config import Profile, Settings
from nodion_tui.config.paths import display_path, expand_home
from nodion_tui.model.errors import ConfigError

if TYPE_CHECKING:
    import click


def running_profile(ctx: "click.Context", settings: Settings, engine: EngineOptions) -> Profile:
    """Attach to the engine that `--demo` or `--local` means, until the command ends.

    Args:
        ctx: of the command.
        settings: have the data folder.
        engine: the options of the root command.

    Raises:
        ConfigError: no such engine is running, or its folder cannot be used.
    """
    from nodion_tui.local.running_engine import attach  # noqa: PLC0415 - for these options alone

    kind = "demo" if engine.demo else "local"
    for folder in _folders(settings, engine):
        if attachment := attach(folder):
            ctx.call_on_close(attachment.close)
            return Profile(
                name=kind,
                api_url=attachment.url,
                key=attachment.key,
                engine="demo" if engine.demo else attachment.engine,
                archive=None if engine.demo else settings.profile.archive,
            )
    where = (
        "" if engine.demo else f" with the data of {display_path(local_folder(settings, engine))}"
    )
    raise ConfigError(f"no {kind} engine is running{where}: start `nodion-tui --{kind}` first")


def local_folder(settings: Settings, engine: EngineOptions) -> Path:
    """The data folder of `--local`."""
    return expand_home(engine.data or settings.data_folder / "local", "--data").absolute()


def _folders(settings: Settings, engine: EngineOptions) -> Iterator[Path]:
    """Where the engine's data may be; the newest demo first."""
    if not engine.demo:
        yield local_folder(settings, engine)
        return
    from nodion_tui.local.storage.temporary_folder import TEMPORARY_PREFIX  # noqa: PLC0415 - see above

    folders = Path(tempfile.gettempdir()).glob(f"{TEMPORARY_PREFIX}*")
    yield from sorted(folders, key=_changed_at, reverse=True)


def _changed_at(folder: Path) -> float:
    try:
        return folder.lstat().st_mtime
    except OSError:
        return 0.0
