"""Obtains a profile's API key from the source in its configuration.

Errors never contain a part of a key or the output of a key command.
"""

import os
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec.structs import replace

from nodion_tui.config.paths import display_path
from nodion_tui.config.profile import KeySource, Profile, Secret
from nodion_tui.config.trusted_files import UntrustedFile, read_trusted_file
from nodion_tui.model.errors import NoKey

COMMAND_SECONDS = 10.0
"""Time-out of a key command."""
KEYRING_SECONDS = 5.0
"""Time-out of a keyring: a headless one may wait for a prompt indefinitely."""
KEYRING_SERVICE = "nodion-tui"
MAX_KEY_BYTES = 8192


def with_key(
    profile: Profile, environ: Mapping[str, str] | None = None, *, terminal_in_use: bool = False
) -> Profile:
    """The profile with its key; unchanged if no key is configured.

    Queries the source on every call, so that an expired key can be renewed.

    Args:
        profile: the profile with the key's source.
        environ: replaces `os.environ`.
        terminal_in_use: a full-screen UI owns the terminal, so a key command must not prompt.

    Raises:
        NoKey: the source returns no key; names the source and what to do.
    """
    source = profile.key_source
    if source is None:
        return profile
    try:
        return replace(
            profile, key=Secret(_obtain(source, environ, terminal_in_use=terminal_in_use))
        )
    except ValueError as error:
        origin = str(source.source)
        where = "" if str(source).endswith(f" {origin}") else f" ({origin})"
        raise NoKey(f"{source}{where}: {error}") from None


def with_keys(profiles: Sequence[Profile]) -> tuple[Profile, ...]:
    """The profiles with their keys, obtained at the same time before a UI owns the terminal.

    A profile whose source returns no key stays without one, as does one whose key is in a keyring,
    which may take long: both are asked for again by who uses the profile, and reported there.
    """
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - only for several profiles

    def obtain(profile: Profile) -> Profile:
        source = profile.key_source
        try:
            return profile if source and source.kind == "keyring" else with_key(profile)
        except NoKey:
            return profile

    with ThreadPoolExecutor(max_workers=max(1, len(profiles))) as threads:
        return tuple(threads.map(obtain, profiles))


def key_file_path(folder: Path, profile: str) -> Path:
    """Default path of a profile's key file."""
    return folder / f"{profile}.key"


def save_key(folder: Path, profile: str, key: Secret) -> Path:
    """Save a key to the profile's key file: mode 0600, atomically, in a 0700 folder.

    Raises:
        OSError: the file cannot be written.
    """
    from nodion_tui.config.private_files import write_private_file  # noqa: PLC0415 - for a first start

    path = key_file_path(folder, profile)
    write_private_file(path, key.reveal().encode() + b"\n")
    return path


def _obtain(source: KeySource, environ: Mapping[str, str] | None, *, terminal_in_use: bool) -> str:
    match source.kind:
        case "environment":
            return _from_environment(source, os.environ if environ is None else environ)
        case "file":
            return _from_file(Path(source.name))
        case "command":
            return _from_command(source, terminal_in_use=terminal_in_use)
        case "keyring":
            return _from_keyring(source.name)


def _from_environment(source: KeySource, environ: Mapping[str, str]) -> str:
    if not (value := environ.get(source.name, "")):
        raise NoKey(f"{source.source}: the variable {source.name} is not set")
    return value


def _from_file(path: Path) -> str:
    try:
        return read_trusted_file(path, MAX_KEY_BYTES, secret=True)[:MAX_KEY_BYTES].decode("utf-8")
    except UntrustedFile as error:
        raise NoKey(str(error)) from None
    except UnicodeDecodeError:
        raise NoKey(f"{display_path(path)}: contains binary data, not a key") from None
    except OSError as error:
        raise NoKey(f"{display_path(path)}: {error.strerror or error}") from None


def _from_command(source: KeySource, *, terminal_in_use: bool) -> str:
    # On demand: keys come from the environment and from files, too.
    from nodion_tui.config.key_command import CommandFailed, first_line  # noqa: PLC0415

    name = Path(source.argv[0]).name
    try:
        line = first_line(
            source.argv,
            seconds=COMMAND_SECONDS,
            max_bytes=MAX_KEY_BYTES,
            detached=terminal_in_use,  # the UI owns the terminal
        )
    except CommandFailed as error:
        advice = "run it manually to see why"
        raise NoKey(f"{source.source}: {name} {error}; {advice}") from None
    except OSError as error:
        raise NoKey(f"{source.source}: {name}: {error.strerror or error}") from None
    return line.decode("utf-8", "replace")


def _from_keyring(user: str) -> str:
    """Queries the keyring in a thread, as the call has no time-out."""
    keys: list[str | None] = []
    problems: list[str] = []

    def query() -> None:
        try:
            import keyring  # noqa: PLC0415  # optional extra
        except ImportError:
            problems.append("requires the extra: pip install 'nodion-tui[keyring]'")
            return
        try:
            keys.append(keyring.get_password(KEYRING_SERVICE, user))
        except Exception as error:  # noqa: BLE001  # backends raise their own errors
            problems.append(f"the keyring failed ({type(error).__name__})")

    thread = threading.Thread(target=query, name="keyring", daemon=True)
    thread.start()
    thread.join(KEYRING_SECONDS)
    if problems:
        raise NoKey(f"keyring {user}: {problems[0]}")
    if not keys:
        raise NoKey(f"keyring {user}: no response within {KEYRING_SECONDS:g} s")
    if (key := keys[0]) is None:
        raise NoKey(f"keyring {user}: no entry; add one: keyring set {KEYRING_SERVICE} {user}")
    return key
