"""Runners as they were last listed, for completion where a key takes a command to get.

Asking a password manager at every tab key would be a nuisance, so names come from a file then.
"""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import msgspec

from nodion_tui.config import Profile, Settings, data_folder
from nodion_tui.config.private import write_private
from nodion_tui.model.runner import Runner


class Named(NamedTuple):
    """Something with an id and, perhaps, a name."""

    value: str
    label: str = ""


def remember_runners(profile: Profile, runners: Sequence[Runner]) -> None:
    """Keep the names if completion could not ask for them; a full disk is no reason to fail."""
    source = profile.key_source
    if source is None or source.is_instant:
        return
    with suppress(OSError):
        names = [Named(runner.id, runner.name) for runner in runners]
        write_private(_file(data_folder(), profile.name), msgspec.json.encode(names))


def remembered_runners(settings: Settings) -> Sequence[Named]:
    """The names as they were kept last; empty if never."""
    try:
        content = _file(settings.data, settings.profile.name).read_bytes()
        return msgspec.json.decode(content, type=list[Named])
    except (OSError, msgspec.MsgspecError):
        return ()


def _file(data: Path, profile: str) -> Path:
    return data / f"runners-{profile}.json"
