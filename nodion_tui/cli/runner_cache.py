"""Runners as they were last listed, for completion where a key takes a command to get.

Asking a password manager at every tab key would be a nuisance, so names come from a file then.
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
"""How the file begins. Every later version has to know this one as well."""
MAX_BYTES = 16_000_000


class Suggestion(NamedTuple):
    """Something with an id and, perhaps, a name."""

    value: str
    label: str = ""


class _Kept(msgspec.Struct, frozen=True):
    """The file."""

    written_by: str
    runners: list[Suggestion]


def cache_runners(profile: Profile, runners: Sequence[Runner]) -> str:
    """Keep the names if completion could not ask for them; a full disk is no reason to fail.

    Returns:
        Why nothing is kept, where a person's file has the name; else empty.
    """
    source = profile.key_source
    if source is None or source.is_instant:
        return ""
    path = _file(data_folder(), profile.name)
    names = [Suggestion(runner.id, runner.name) for runner in runners]
    try:
        _content(path)
        write_private_file(path, msgspec.json.encode(_Kept("nodion-tui", names)))
    except ForeignFile as error:
        return str(error)
    except OSError:
        pass
    return ""


def cached_runners(settings: Settings) -> Sequence[Suggestion]:
    """The names as they were kept last; empty if never, or if the file is a person's."""
    try:
        content = _content(_file(settings.data_folder, settings.profile.name))
        if not content.startswith(FILE_PREFIX):
            return msgspec.json.decode(content, type=list[Suggestion])
        return msgspec.json.decode(content, type=_Kept).runners
    except (OSError, msgspec.MsgspecError):
        return ()


def _content(path: Path) -> bytes:
    """What the file holds; empty where there is none.

    Raises:
        NotOurs: the program did not write it: it neither bears the mark nor is, to the byte, a
            list of names as it was kept before there was a mark.
    """
    try:
        content = read_owned_file(path, MAX_BYTES)
    except FileNotFoundError:
        return b""
    if not content.startswith(FILE_PREFIX) and not _is_from_before(content):
        raise ForeignFile(path, "a file of something else" if content else "an empty file")
    return content


def _is_from_before(content: bytes) -> bool:
    try:
        names = msgspec.json.decode(content, type=list[Suggestion])
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False
    return bool(names) and msgspec.json.encode(names) == content


def _file(data: Path, profile: str) -> Path:
    return data / f"runners-{profile}.json"
