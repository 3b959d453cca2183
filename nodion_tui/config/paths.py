"""Where files live: the config folder that a person owns, the data folder that the program owns."""

import os
from collections.abc import Mapping
from pathlib import Path

from nodion_tui.model.errors import ConfigError

APP_NAME = "nodion-tui"


def config_folder(environ: Mapping[str, str] | None = None) -> Path:
    """The folder of config.toml: `NODION_TUI_CONFIG`, or the platform's own place.

    Raises:
        ConfigError: the variable names something that is not a folder.
    """
    return _folder("NODION_TUI_CONFIG", environ) or _platform_folder("config")


def data_folder(environ: Mapping[str, str] | None = None) -> Path:
    """The folder of presets, history and the engine's data: `NODION_TUI_DATA`, or the platform's.

    Raises:
        ConfigError: the variable names something that is not a folder.
    """
    return _folder("NODION_TUI_DATA", environ) or _platform_folder("data")


def display_path(path: Path) -> str:
    """The path with the home folder as `~`: shorter, and without a person's name."""
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) else str(path)


def _folder(variable: str, environ: Mapping[str, str] | None) -> Path | None:
    value = (os.environ if environ is None else environ).get(variable, "")
    if not value:
        return None
    folder = Path(value).expanduser().absolute()
    if folder.exists() and not folder.is_dir():
        raise ConfigError(f"{variable}: {folder} is a file, not a folder")
    return folder


def _platform_folder(kind: str) -> Path:
    # Imported here: most starts of the engine and all tests name their folders.
    import platformdirs  # noqa: PLC0415  # 5 ms that `--version` and completion need not pay

    if kind == "config":
        return platformdirs.user_config_path(APP_NAME, appauthor=False)
    return platformdirs.user_data_path(APP_NAME, appauthor=False)
