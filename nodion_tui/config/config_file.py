"""Schema of config.toml; reports problems by file, line and key.

The file belongs to the user: it is read, never written.
"""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from nodion_tui.config.problems import Problem
from nodion_tui.config.profile import RunnerRef, Source, is_header_word
from nodion_tui.config.table_checker import (
    Converters,
    TableChecker,
    field_types,
    require_program,
)
from nodion_tui.config.toml import TomlDocument, read_toml
from nodion_tui.model.errors import ConfigError

if TYPE_CHECKING:
    from nodion_tui.config.archive_limits import ArchiveLimits
    from nodion_tui.model.notify_rule import NotificationProtocol, NotifyChannel

CONFIG_FILE_NAME = "config.toml"
PROFILE_NAME = r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}\Z"
"""Pattern; names are part of a file name and of the title bar."""

FITTING_LOG = "fit"
"""Value of `log_height`: what a finished log needs, up to its share."""
_LOG_HEIGHTS = (FITTING_LOG, "share")
AUTOMATIC = "auto"
"""Value of `desktop`: what the terminal probably knows."""
_MISTAKEN_TABLES: Mapping[str, str] = {
    "profile": "[profiles.NAME]",
    "key": "[keys]",
    "rule": "[[rules]]",
    "rules": "[[rules]]",
}
"""Tables that are easily written → what is meant."""
_COLOR = r"(?:#[0-9a-fA-F]{3}|#[0-9a-fA-F]{6}|[a-z][a-z0-9_]*)\Z"
_KEY_SOURCES = ("key_env", "key_command", "key_keyring", "key_file")


class RunnerEntry(msgspec.Struct, forbid_unknown_fields=True):
    """An entry of `runners` with a name."""

    id: str
    name: str = ""


class ProfileSection(msgspec.Struct):
    """The keys of `[profiles.NAME]`."""

    api_url: str
    project: str
    key_env: str
    key_command: tuple[str, ...]
    key_keyring: bool | str
    key_file: str
    runners: tuple[str | RunnerEntry, ...]
    ca_file: str
    color: str
    read_only: bool
    confirm_name: bool
    allow_http: bool
    commands: bool
    archive: str
    group: tuple[str, ...]


class TopSection(msgspec.Struct):
    """Top-level keys, `[keys]`, `[[rules]]`, `[[patterns]]` and `[[commands]]`."""

    profile: str
    theme: str
    ascii: bool
    guard: bool
    compact_output: bool
    requests_per_minute: int
    max_log_bytes: int
    log_height: str
    streams: int
    wall_streams: int
    wall_seconds: int
    pause_after: str
    tell: str | tuple[str, ...]
    desktop: str
    keys: dict[str, Any]
    rules: tuple[Any, ...]
    patterns: tuple[Any, ...]
    commands: tuple[Any, ...]


class ConfigFile(msgspec.Struct, frozen=True):
    """A valid config.toml."""

    document: TomlDocument
    top: Mapping[str, Any]
    profiles: Mapping[str, Mapping[str, Any]]
    problems: tuple[Problem, ...] = ()
    """What cannot work, although the file is valid."""

    def source(self, *path: str) -> Source:
        """Source of a key: file and line."""
        return Source("file", CONFIG_FILE_NAME, self.document.line(*path))


def read_config(folder: Path) -> ConfigFile | None:
    """Read and validate config.toml in a folder; None if it does not exist.

    Raises:
        ConfigError: `detail` has one line per problem, with file, line and key.
    """
    document = read_toml(folder / CONFIG_FILE_NAME)
    if document is None:
        return None
    checker = TableChecker(document)
    top = {key: value for key, value in document.data.items() if key != "profiles"}
    for key, meant in _MISTAKEN_TABLES.items():
        if isinstance(top.get(key), dict):
            checker.add_problem([key], f"no such table; write {meant}")
            del top[key]
    checked = checker.check_table((), top, field_types(TopSection), _TOP)
    if "keys" in checked:
        commands = dict.fromkeys(checked["keys"], str)
        checked["keys"] = checker.check_table(("keys",), checked["keys"], commands)
    _read_arrays(checker, checked)
    profiles = _profiles(checker, document.data.get("profiles", {}))
    if checker.problems:
        raise ConfigError(checker.report)
    return ConfigFile(document, checked, profiles, tuple(checker.warnings))


def _read_arrays(checker: TableChecker, checked: dict[str, Any]) -> None:
    """Replace each array of tables by what it says; those that are not there load nothing."""
    if "rules" in checked:
        from nodion_tui.config.notify_rules import read_notify_rules  # noqa: PLC0415 - as above

        checked["rules"] = read_notify_rules(checker, checked["rules"])
    if "patterns" in checked:
        from nodion_tui.config.line_patterns import read_line_patterns  # noqa: PLC0415 - as above

        checked["patterns"] = read_line_patterns(checker, checked["patterns"])
    if "commands" in checked:
        from nodion_tui.config.own_commands import read_own_commands  # noqa: PLC0415 - as above

        checked["commands"] = read_own_commands(checker, checked["commands"])


def _profiles(checker: TableChecker, sections: Any) -> dict[str, dict[str, Any]]:
    if isinstance(sections, dict):
        profiles = {name: _profile(checker, name, section) for name, section in sections.items()}
        for name, profile in profiles.items():
            _check_group(checker, name, profile, profiles)
        return profiles
    checker.add_problem(["profiles"], "expected a table for each profile")
    return {}


def _profile(checker: TableChecker, name: str, section: Any) -> dict[str, Any]:
    path = ("profiles", name)
    if not re.match(PROFILE_NAME, name):
        checker.add_problem(path, "invalid profile name: use letters, digits and _ . -")
    checked = checker.check_table(path, section, field_types(ProfileSection), _PROFILE)
    key_settings = [key for key in _KEY_SOURCES if checked.get(key) not in {None, False}]
    if len(key_settings) > 1:
        first, second = key_settings[:2]
        checker.add_problem((*path, second), f"conflicts with {first}: set only one of them")
    return checked


def _check_group(
    checker: TableChecker, name: str, profile: Mapping[str, Any], profiles: Mapping[str, Any]
) -> None:
    """A group names other profiles, and has nothing of an account of its own."""
    if "group" not in profile:
        return
    path = ("profiles", name)
    for key in profile.keys() - {"group", "color"}:
        checker.add_problem((*path, key), "does not apply to a group: set it in its profiles")
    for member in profile["group"]:
        if member not in profiles:
            checker.add_problem((*path, "group"), "names a profile that does not exist")
        elif "group" in profiles[member]:
            checker.add_problem((*path, "group"), "names a group: name its profiles")


def _group(names: tuple[str, ...]) -> tuple[str, ...]:
    if not names:
        raise ValueError("names no profile")
    return tuple(dict.fromkeys(names))


def _non_empty(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be empty")
    return value


def _header_word(value: str) -> str:
    word = _non_empty(value).strip()
    if not is_header_word(word):
        raise ValueError("contains characters that are not allowed in an id")
    return word


def _color(value: str) -> str:
    if not re.match(_COLOR, value):
        raise ValueError('expected a colour such as "red" or "#d70000"')
    return value


def _at_least(minimum: int) -> Callable[[int], int]:
    def check(value: int) -> int:
        if value < minimum:
            raise ValueError(f"must be at least {minimum:,}")
        return value

    return check


def _log_height(value: str) -> str:
    if value not in _LOG_HEIGHTS:
        raise ValueError(f"expected {' or '.join(_LOG_HEIGHTS)}")
    return value


def _pause_after(value: str) -> timedelta | None:
    from nodion_tui.model.text.durations import parse_duration  # noqa: PLC0415 - seldom

    return None if value.strip().lower() == "never" else parse_duration(value)


def _archive(value: str) -> "ArchiveLimits":
    from nodion_tui.config.archive_limits import parse_archive_limits  # noqa: PLC0415 - seldom

    return parse_archive_limits(value)


def _channels(value: str | tuple[str, ...]) -> "frozenset[NotifyChannel]":
    from nodion_tui.config.notify_rules import read_channels  # noqa: PLC0415 - seldom

    return read_channels(value)


def _protocol(value: str) -> "NotificationProtocol | None":
    from nodion_tui.model.notify_rule import NotificationProtocol  # noqa: PLC0415 - seldom

    if value == AUTOMATIC:
        return None
    if value not in list(NotificationProtocol):
        raise ValueError(f"expected any of {', '.join([AUTOMATIC, *NotificationProtocol])}")
    return NotificationProtocol(value)


def _runners(entries: tuple[str | RunnerEntry, ...]) -> tuple[RunnerRef, ...]:
    return tuple(
        RunnerRef(_header_word(entry))
        if isinstance(entry, str)
        else RunnerRef(_header_word(entry.id), entry.name)
        for entry in entries
    )


_PROFILE: Converters = {
    "project": _header_word,
    "key_env": _non_empty,
    "key_file": _non_empty,
    "ca_file": _non_empty,
    "key_command": require_program,
    "runners": _runners,
    "color": _color,
    "archive": _archive,
    "group": _group,
}
_TOP: Converters = {
    "requests_per_minute": _at_least(2),
    "max_log_bytes": _at_least(1_000_000),
    "log_height": _log_height,
    "streams": _at_least(1),
    "wall_streams": _at_least(0),
    "wall_seconds": _at_least(0),
    "pause_after": _pause_after,
    "tell": _channels,
    "desktop": _protocol,
}
