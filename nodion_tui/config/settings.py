"""Merges the layers flag > environment > file > default; each value keeps its source.

In a profile that is selected explicitly (by `--profile` or in the UI), the file takes precedence
over the environment: a key in the environment must not replace the account. The environment only
provides values that the profile does not set.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from nodion_tui.config.api_key import key_file_path
from nodion_tui.config.config_file import CONFIG_FILE_NAME, FITTING_LOG, ConfigFile, read_config
from nodion_tui.config.paths import config_folder, data_folder, display_path, expand_home
from nodion_tui.config.problems import Problem
from nodion_tui.config.profile import (
    DEFAULT_SOURCE,
    KeySource,
    Profile,
    RunnerRef,
    Source,
    is_header_word,
)
from nodion_tui.config.url import check_url
from nodion_tui.model.errors import ConfigError

if TYPE_CHECKING:
    # For types alone: most commands read none of these.
    from nodion_tui.model.line_pattern import LinePattern
    from nodion_tui.model.notify_rule import NotificationProtocol, NotifyChannel, NotifyRule
    from nodion_tui.model.own_command import OwnCommand

Layer = dict[str, tuple[Any, Source]]
"""Profile field → value and source."""


class Settings(msgspec.Struct, frozen=True):
    """The complete configuration without API keys: see `with_key`."""

    profile: Profile
    """The selected profile."""
    profile_source: Source
    """Source of the selection."""
    profiles: tuple[Profile, ...]
    """All profiles of the file in file order, each as if selected explicitly."""
    config_folder: Path
    """Folder of config.toml and key files."""
    config_file: Path | None
    """Path of config.toml, if it exists."""
    data_folder: Path
    """Folder of the program's own files."""
    theme: str | None = None
    ascii: bool = False
    guard: bool = False
    """Start a guardian process that restores the terminal if the dashboard is killed."""
    compact_output: bool | None = None
    """Let the terminal scroll and erase, which takes fewer bytes; None: if it is known to."""
    requests_per_minute: int = 60
    max_log_bytes: int = 256 * 1024 * 1024
    """Bytes of log text kept in memory, all logs together."""
    log_height: str = FITTING_LOG
    """Height of the log in the dashboard: what a finished log needs, or always its share."""
    streams: int = 24
    """Logs streamed at once, of all kinds; of the other running runs the lists are polled."""
    wall_streams: int = 8
    """Logs streamed at once on the wall; the others are polled."""
    wall_seconds: int = 60
    """Seconds that an ended run stays on the wall."""
    pause_after: timedelta | None = timedelta(hours=1)
    """Time without terminal focus after which polling pauses; None: never."""
    tell: "frozenset[NotifyChannel] | None" = None
    """How runs are told whose end is awaited; None: by toast, and by what any rule uses."""
    desktop: "NotificationProtocol | None" = None
    """Protocol of desktop notifications; None: what the terminal probably knows."""
    keys: Mapping[str, str] = {}
    """Command id → keys, separated by commas."""
    rules: "tuple[NotifyRule, ...]" = ()
    """Notification rules."""
    patterns: "tuple[LinePattern, ...]" = ()
    """Lines that are lit and told."""
    commands: "tuple[OwnCommand, ...]" = ()
    """Commands of one's own."""
    problems: tuple[Problem, ...] = ()
    """What the file alone shows that cannot work; `ui.problems.find` finds the rest, too."""
    sources: Mapping[str, Source] = {}
    """Field name → source of its value; missing fields are defaults. Of `keys`, `rules` and
    `patterns` also the entries, and the keys of those: `keys.run.stop`, `rules.0.status`."""

    @property
    def members(self) -> tuple[Profile, ...]:
        """The profiles of the selected group; none if one account is selected."""
        by_name = {profile.name: profile for profile in self.profiles}
        return tuple(by_name[name] for name in self.profile.group)

    def source(self, name: str) -> Source:
        """Source of a field's value."""
        return self.sources.get(name, DEFAULT_SOURCE)


def read_settings(
    profile: str | None = None,
    *,
    group: Sequence[str] = (),
    allow_http: bool = False,
    last_profile: Callable[[Path], str] | None = None,
    environ: Mapping[str, str] | None = None,
) -> Settings:
    """Read the configuration from flags, environment and config.toml, without obtaining keys.

    Args:
        profile: profile name from `--profile`.
        group: profile names from `--profiles`, to be watched together.
        allow_http: the flag `--allow-http`.
        last_profile: returns the last used profile from the data folder, or an empty name.
            Used if nothing else selects a profile.
        environ: replaces `os.environ`.

    Raises:
        ConfigError: invalid configuration; names the flag, the variable, or file, line and key.
    """
    environ = os.environ if environ is None else environ
    folder = config_folder(environ)
    file = read_config(folder)
    flags: Layer = {"allow_http": (True, Source("flag", "--allow-http"))} if allow_http else {}
    data = data_folder(environ)
    name, selected_by = _select(profile, environ, file)
    if selected_by is DEFAULT_SOURCE and file and last_profile and (last := last_profile(data)):
        name = last if last in file.profiles else name
    if group:
        selected, selected_by = _ad_hoc_group(group, file), Source("flag", "--profiles")
    else:
        selected = _profile(name, selected_by, folder, file, environ, flags)
    top = file.top if file else {}
    settings = {key: value for key, value in top.items() if key != "profile"}
    return Settings(
        profile=selected,
        profile_source=selected_by,
        profiles=tuple(
            _profile(profile_name, Source("flag"), folder, file, environ, flags)
            for profile_name in (file.profiles if file else ())
        ),
        config_folder=folder,
        config_file=folder / CONFIG_FILE_NAME if file else None,
        data_folder=data,
        problems=file.problems if file else (),
        sources=_sources(file, settings) if file else {},
        **settings,
    )


def _sources(file: ConfigFile, settings: Mapping[str, Any]) -> dict[str, Source]:
    paths: list[tuple[str, ...]] = [(key,) for key in settings]
    paths += [("keys", name) for name in settings.get("keys", ())]
    for table in ("rules", "patterns"):
        for index, section in enumerate(file.document.data.get(table, ())):
            paths += [(table, str(index)), *((table, str(index), key) for key in section)]
    return {".".join(path): file.source(*path) for path in paths}


def _select(
    flag: str | None, environ: Mapping[str, str], file: ConfigFile | None
) -> tuple[str, Source]:
    """Name of the selected profile and the source of the selection."""
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
        available = f"config.toml has: {', '.join(names)}" if names else "config.toml has none"
        raise ConfigError(f"{source}: unknown profile {name!r}; {available}")
    return name, source


def _ad_hoc_group(names: Sequence[str], file: ConfigFile | None) -> Profile:
    """A group that no table of the file defines; groups among the names are their profiles."""
    profiles = file.profiles if file else {}
    if unknown := [name for name in names if name not in profiles]:
        has = f"config.toml has: {', '.join(profiles)}" if profiles else "config.toml has none"
        raise ConfigError(f"--profiles: unknown profile {unknown[0]!r}; {has}")
    members = dict.fromkeys(
        member for name in names for member in profiles[name].get("group", (name,))
    )
    return Profile(name="+".join(members), group=tuple(members))


def _profile(
    name: str,
    selected_by: Source,
    folder: Path,
    file: ConfigFile | None,
    environ: Mapping[str, str],
    flags: Layer,
) -> Profile:
    in_file = _file_layer(name, folder, file)
    in_environment = _environment_layer(environ)
    if "group" in in_file:
        merged = in_file  # what the environment says is for one account
    elif selected_by.kind == "flag":
        merged = in_environment | in_file | flags
    else:
        merged = in_file | in_environment | flags
    if (
        "key_source" not in merged
        and "group" not in merged
        and (path := key_file_path(folder, name)).exists()
    ):
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
        if key == "ca_file":
            layer[key] = (str(folder / expand_home(value, f"{source}: ca_file")), source)
        elif not key.startswith("key_"):
            layer[key] = (value, source)
        elif key_source := _key_source(key, value, name, folder, source):
            layer["key_source"] = (key_source, source)
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
            return KeySource(
                "file", source, str(folder / expand_home(value, f"{source}: key_file"))
            )
        case _ if value is False:
            return None
        case _:
            return KeySource("keyring", source, profile if value is True else value)


def _environment_layer(environ: Mapping[str, str]) -> Layer:
    """Values of the environment variables; empty ones are ignored."""
    layer: Layer = {}
    if url := environ.get("NODION_API_URL", "").strip():
        layer["api_url"] = (url, _variable("NODION_API_URL"))
    if project := environ.get("NODION_PROJECT", "").strip():
        if not is_header_word(project):
            raise ConfigError("NODION_PROJECT: contains characters that are not allowed in an id")
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
