"""Paths of the config folder, owned by the user, and the data folder, owned by the program."""

import os
from collections.abc import Mapping
from pathlib import Path

from nodion_tui.model.errors import ConfigError

APP_NAME = "nodion-tui"


def config_folder(environ: Mapping[str, str] | None = None) -> Path:
    """The folder of config.toml: `NODION_TUI_CONFIG`, or the platform default.

    Raises:
        ConfigError: the variable names something that is not a folder.
    """
    return _folder("NODION_TUI_CONFIG", environ) or _platform_folder("config")


def data_folder(environ: Mapping[str, str] | None = None) -> Path:
    """The folder of presets, history and engine data: `NODION_TUI_DATA`, or the platform default.

    Raises:
        ConfigError: the variable names something that is not a folder.
    """
    return _folder("NODION_TUI_DATA", environ) or _platform_folder("data")


def display_path(path: Path) -> str:
    """The path with `~` for the home folder: shorter, and without the user name."""
    try:
        home = Path.home()
    except RuntimeError:  # no HOME, and a user that the system does not know
        return str(path)
    is_in_home = home != home.parent and path.is_relative_to(home)  # HOME is / if it is empty
    return f"~/{path.relative_to(home)}" if is_in_home else str(path)


def expand_home(path: str | Path, setting: str) -> Path:
    """The path with `~` and `~user` replaced by the home folder.

    Args:
        path: as typed.
        setting: variable, option or key that it comes from, for the error.

    Raises:
        ConfigError: there is no such user, or no home folder is known.
    """
    try:
        return Path(path).expanduser()
    except RuntimeError:
        raise ConfigError(f"{setting}: {path}: no home folder is known for it") from None


def _folder(variable: str, environ: Mapping[str, str] | None) -> Path | None:
    value = (os.environ if environ is None else environ).get(variable, "")
    if not value:
        return None
    folder = expand_home(value, variable).absolute()
    if folder.exists() and not folder.is_dir():
        raise ConfigError(f"{variable}: {folder} is a file, not a folder")
    return folder


def _platform_folder(kind: str) -> Path:
    # Imported lazily: most engine starts and all tests set their folders.
    import platformdirs  # noqa: PLC0415  # saves 5 ms for `--version` and completion

    try:
        if kind == "config":
            return platformdirs.user_config_path(APP_NAME, appauthor=False)
        return platformdirs.user_data_path(APP_NAME, appauthor=False)
    except RuntimeError:
        raise ConfigError(
            "no home folder is known: set HOME, or NODION_TUI_CONFIG and NODION_TUI_DATA"
        ) from None
