"""Cache of the last list of runners, for completion with a key that comes from a command.

Completion must not call a password manager at every tab key, so it reads names from a file.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from nodion_tui.config import Profile, Settings, data_folder
from nodion_tui.config.ownership import ForeignFile, read_owned_file
from nodion_tui.config.private_files import write_private_file
from nodion_tui.model.runner import Runner

FILE_PREFIX = b'{"written_by":"nodion-tui",'
"""First bytes of the file. Later versions must accept this prefix as well."""
MAX_BYTES = 16_000_000


class Suggestion(NamedTuple):
    """Value offered by completion, with an optional label."""

    value: str
    label: str = ""


class _CacheFile(msgspec.Struct, frozen=True):
    """Content of the cache file."""

    written_by: str
    runners: list[Suggestion]


def cache_runners(profile: Profile, runners: Sequence[Runner]) -> str:
    """Caches the names of a profile's runners; ignores a full disk.

    Returns:
        Why nothing is cached, if another program's file has the name; otherwise empty.
    """
    path = _path(data_folder(), profile.name)
    names = [Suggestion(runner.id, runner.name) for runner in runners]
    try:
        _read(path)
        write_private_file(path, msgspec.json.encode(_CacheFile("nodion-tui", names)))
    except ForeignFile as error:
        return str(error)
    except OSError:
        pass
    return ""


def cached_runners(settings: Settings) -> Sequence[Suggestion]:
    """Cached names; empty if there are none, or if the file is not the program's."""
    try:
        content = _read(_path(settings.data_folder, settings.profile.name))
        if not content.startswith(FILE_PREFIX):
            return msgspec.json.decode(content, type=list[Suggestion])
        return msgspec.json.decode(content, type=_CacheFile).runners
    except (OSError, msgspec.MsgspecError):
        return ()


def _read(path: Path) -> bytes:
    """Content of the file; empty if it is missing.

    Raises:
        ForeignFile: the program did not write it: it neither starts with the prefix nor equals,
            byte for byte, a list of names in the format without prefix.
    """
    try:
        content = read_owned_file(path, MAX_BYTES)
    except FileNotFoundError:
        return b""
    if not content.startswith(FILE_PREFIX) and not _has_old_format(content):
        raise ForeignFile(path, "a file of another program" if content else "an empty file")
    return content


def _has_old_format(content: bytes) -> bool:
    try:
        names = msgspec.json.decode(content, type=list[Suggestion])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False
    return bool(names) and msgspec.json.encode(names) == content


def _path(folder: Path, profile: str) -> Path:
    return folder / f"runners-{profile}.json"
