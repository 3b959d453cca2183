"""Putting the layers together: flag > environment > file > default, each value with its source.

A profile that is named outright (`--profile`, or chosen on the screen) keeps what it says itself:
a key that happens to be in the environment must not turn one account into another. The
environment then only fills in what the profile leaves out.
"""

import os
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from nodion_tui.config.api_key import key_file_path
from nodion_tui.config.config_file import CONFIG_FILE_NAME, ConfigFile, read_config
from nodion_tui.config.paths import config_folder, data_folder, display_path
from nodion_tui.config.profile import (
    DEFAULT_API_URL,
    DEFAULT_SOURCE,
    KeySource,
    Profile,
    RunnerRef,
    Source,
)
from nodion_tui.config.url import check_url
from nodion_tui.model.errors import ConfigError
from nodion_tui.model.notify_rule import NotifyRule

Layer = dict[str, tuple[Any, Source]]
"""Field of a profile → value and source."""


class Settings(msgspec.Struct, frozen=True):
    """Everything that is configured. Keys are not in it yet: see `with_key`."""

    profile: Profile
    """The one to use."""
    profile_source: Source
    """What chose it."""
    profiles: tuple[Profile, ...]
    """All of the file, in its order, each as it is when it is named outright."""
    config_folder: Path
    """Of config.toml and of key files."""
    config_file: Path | None
    """config.toml, if there is one."""
    data_folder: Path
    """The folder of the files that the program owns."""
    theme: str | None = None
    ascii: bool = False
    guard: bool = False
    """Whether a process of its own restores the terminal if the dashboard is killed."""
    requests_per_minute: int = 60
    max_log_bytes: int = 256 * 1024 * 1024
    """Bytes of log text kept in memory for one run."""
    wall_streams: int = 8
    """Logs that the wall streams at once; further ones are polled."""
    wall_seconds: int = 60
    """How long a run that has ended stays on the wall."""
    pause_after: timedelta | None = timedelta(hours=1)
    """How long the terminal may be without the focus until polling rests; None: for ever."""
    keys: Mapping[str, str] = {}
    """Command id → its keys, separated by commas."""
    rules: tuple[NotifyRule, ...] = ()
    """When to tell a person of a run."""
    sources: Mapping[str, Source] = {}
    """Field name → where its value came from; what is missing here is a default."""

    def source(self, name: str) -> Source:
        """Where the value of a field came from."""
        return self.sources.get(name, DEFAULT_SOURCE)


def read_settings(
    profile: str | None = None,
    *,
    allow_http: bool = False,
    last_profile: Callable[[Path], str] | None = None,
    environ: Mapping[str, str] | None = None,
) -> Settings:
    """Read configuration from flags, environment and config.toml. Runs nothing, asks nobody.

    Args:
        profile: name given by `--profile`.
        allow_http: the flag `--allow-http`.
        last_profile: gives the profile that was used last, from the data folder; empty for none.
            It is used where nothing else names one.
        environ: in place of `os.environ`.

    Raises:
        ConfigError: something is wrong: names the flag, the variable, or file, line and key.
    """
    environ = os.environ if environ is None else environ
    folder = config_folder(environ)
    file = read_config(folder)
    flags: Layer = {"allow_http": (True, Source("flag", "--allow-http"))} if allow_http else {}
    data = data_folder(environ)
    name, chosen_by = _choose(profile, environ, file)
    if chosen_by is DEFAULT_SOURCE and file and last_profile and (last := last_profile(data)):
        name = last if last in file.profiles else name
    top = file.top if file else {}
    settings = {key: value for key, value in top.items() if key != "profile"}
    return Settings(
        profile=_profile(name, chosen_by, folder, file, environ, flags),
        profile_source=chosen_by,
        profiles=tuple(
            _profile(each, Source("flag"), folder, file, environ, flags)
            for each in (file.profiles if file else ())
        ),
        config_folder=folder,
        config_file=folder / CONFIG_FILE_NAME if file else None,
        data_folder=data,
        sources={key: file.source(key) for key in settings} if file else {},
        **settings,
    )


def _choose(
    flag: str | None, environ: Mapping[str, str], file: ConfigFile | None
) -> tuple[str, Source]:
    """The name of the profile to use, and what says so."""
    names = list(file.profiles) if file else []
    if flag is not None:
        name, source = flag, Source("flag", "--profile")
    elif value := environ.get("NODION_PROFILE"):
        name, source = value, Source("environment", "NODION_PROFILE")
    elif file and "profile" in file.top:
        name, source = file.top["profile"], file.source("profile")
    else:
        return ("default" if "default" in names or not names else names[0]), DEFAULT_SOURCE
    if name not in names and not (name == "default" and not names):
        known = f"config.toml has: {', '.join(names)}" if names else "config.toml has none"
        raise ConfigError(f"{source}: there is no profile {name!r}; {known}")
    return name, source


def _profile(
    name: str,
    chosen_by: Source,
    folder: Path,
    file: ConfigFile | None,
    environ: Mapping[str, str],
    flags: Layer,
) -> Profile:
    in_file = _file_layer(name, folder, file)
    in_environment = _environment_layer(environ)
    if chosen_by.kind == "flag":
        merged = in_environment | in_file | flags
    else:
        merged = in_file | in_environment | flags
    if "key_source" not in merged and (path := key_file_path(folder, name)).exists():
        source = Source("default", display_path(path))
        merged["key_source"] = (KeySource("file", source, str(path)), source)
    profile = replace(
        Profile(name=name, sources={key: source for key, (_, source) in merged.items()}),
        **{key: value for key, (value, _) in merged.items()},
    )
    return replace(profile, api_url=_checked_url(profile))


def _checked_url(profile: Profile) -> str:
    try:
        return check_url(profile.api_url, allow_http=profile.allow_http)
    except ValueError as error:
        raise ConfigError(f"{profile.source('api_url')}: api_url: {error}") from None


def _file_layer(name: str, folder: Path, file: ConfigFile | None) -> Layer:
    if file is None or name not in file.profiles:
        return {}
    layer: Layer = {}
    for key, value in file.profiles[name].items():
        source = file.source("profiles", name, key)
        if not key.startswith("key_"):
            layer[key] = (value, source)
        elif found := _key_source(key, value, name, folder, source):
            layer["key_source"] = (found, source)
    return layer


def _key_source(
    key: str, value: Any, profile: str, folder: Path, source: Source
) -> KeySource | None:
    match key:
        case "key_env":
            return KeySource("environment", source, value)
        case "key_command":
            return KeySource("command", source, argv=value)
        case "key_file":
            return KeySource("file", source, str(folder / Path(value).expanduser()))
        case _ if value is False:
            return None
        case _:
            return KeySource("keyring", source, profile if value is True else value)


def _environment_layer(environ: Mapping[str, str]) -> Layer:
    """What the variables say; an empty one is as good as none."""
    layer: Layer = {}
    if url := environ.get("NODION_API_URL", "").strip():
        layer["api_url"] = (url or DEFAULT_API_URL, _variable("NODION_API_URL"))
    if project := environ.get("NODION_PROJECT", "").strip():
        if not (project.isascii() and project.isprintable()) or " " in project:
            raise ConfigError("NODION_PROJECT: holds characters that no id has")
        layer["project"] = (project, _variable("NODION_PROJECT"))
    ids = [part.strip() for part in environ.get("NODION_RUNNERS", "").split(",")]
    if runners := tuple(RunnerRef(part) for part in dict.fromkeys(ids) if part):
        layer["runners"] = (runners, _variable("NODION_RUNNERS"))
    if environ.get("NODION_API_KEY", "").strip():
        source = _variable("NODION_API_KEY")
        layer["key_source"] = (KeySource("environment", source, source.name), source)
    return layer


def _variable(name: str) -> Source:
    return Source("environment", name)
