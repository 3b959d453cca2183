"""Writes the first profile to config.toml, only if the file does not exist."""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from msgspec.structs import replace

from nodion_tui.config.api_key import key_file_path, save_key
from nodion_tui.config.config_file import CONFIG_FILE_NAME, PROFILE_NAME
from nodion_tui.config.private_files import create_private_file
from nodion_tui.config.profile import DEFAULT_API_URL, Profile, Secret, is_header_word
from nodion_tui.config.url import check_url

_HEADER = """\
# config.toml: created by nodion-tui, which never changes it afterwards.
# `nodion-tui profiles` shows every value and its source.
"""
_FOOTER = """\
# The API key is in {key_file} in this folder. Alternatives:
# key_command = ["pass", "show", "nodion/{name}"]
# key_env = "A_VARIABLE"
# key_keyring = true
# color = "red"          # color of the title bar
# read_only = true       # no triggers, no stops
# confirm_name = true    # a stop requires typing the runner's name
# archive = "2 GiB, 90d" # keep finished logs on disk, up to this size and age
# commands = false       # no commands of your own
#
# Commands of your own, here or on a key (! lists them; no shell, no API key):
# [[commands]]
# title = "Log in lnav"
# key = "L"
# on = "log"
# command = ["lnav", "{{file}}"]
# give = "log"             # run, log, filtered, selection or nothing
# take = "screen"          # screen, pane, toast or nothing
#
# [[commands]]
# title = "Run as JSON"
# key = "#"
# command = ["jq", "."]
# give = "run"
# take = "pane"
"""


def profile_from_input(
    base: Profile, *, name: str, project: str, api_url: str, key: str
) -> Profile:
    """Builds a profile from input; empty fields keep the value of `base`.

    Raises:
        ValueError: invalid input; the message contains no part of the key.
    """
    name, project = name.strip() or base.name, project.strip()
    if not re.match(PROFILE_NAME, name):
        raise ValueError("invalid profile name: use letters, digits and _ . -")
    if not is_header_word(project):
        raise ValueError("the project contains characters that are not allowed in an id")
    return replace(
        base,
        name=name,
        key=Secret(key),
        project=project or None,
        api_url=check_url(api_url.strip() or base.api_url, allow_http=base.allow_http),
    )


def save_profile(folder: Path, profile: Profile) -> Path:
    """Save a profile's key, and the profile itself if there is no config.toml.

    Returns:
        The path of the key file.

    Raises:
        OSError: a file cannot be written.
    """
    if profile.key is None:
        raise ValueError("a profile without a key")
    key_path = save_key(folder, profile.name, profile.key)
    content = "".join(_lines(folder, profile)).encode()
    # A file that exists belongs to the user.
    with suppress(FileExistsError):
        create_private_file(folder / CONFIG_FILE_NAME, (content,))
    return key_path


def _lines(folder: Path, profile: Profile) -> Iterator[str]:
    import tomli_w  # noqa: PLC0415 - needed for a first start only

    values: dict[str, str | bool] = {}
    if profile.api_url != DEFAULT_API_URL:
        values["api_url"] = profile.api_url
    if profile.project:
        values["project"] = profile.project
    if profile.allow_http:
        values["allow_http"] = True
    yield _HEADER
    yield tomli_w.dumps({"profile": profile.name, "profiles": {profile.name: values}})
    yield _FOOTER.format(name=profile.name, key_file=key_file_path(folder, profile.name).name)
