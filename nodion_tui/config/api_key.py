"""Getting a profile's key, from the source that its configuration names.

No error here has a part of a key in it, nor what a key command wrote.
"""

import os
import stat
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path

from msgspec.structs import replace

from nodion_tui.config.paths import display_path
from nodion_tui.config.private_files import write_private_file
from nodion_tui.config.profile import KeySource, Profile, Secret
from nodion_tui.model.errors import NoKey

COMMAND_SECONDS = 10.0
"""How long a key command may take."""
KEYRING_SECONDS = 5.0
"""How long a keyring may take: a headless one can wait for ever for a window."""
KEYRING_SERVICE = "nodion-tui"
MAX_KEY_BYTES = 8192


def with_key(
    profile: Profile, environ: Mapping[str, str] | None = None, *, terminal_in_use: bool = False
) -> Profile:
    """The profile with its key in place; unchanged if no key is configured.

    Asks the source each time, so that a key that has expired can be had anew.

    Args:
        profile: names the source.
        environ: in place of `os.environ`.
        terminal_in_use: the terminal is painted on, so a command may not ask for anything there.

    Raises:
        NoKey: the source gives none: names the source and what to do.
    """
    source = profile.key_source
    if source is None:
        return profile
    try:
        return replace(profile, key=Secret(_obtain(source, environ, on_screen=terminal_in_use)))
    except ValueError as error:
        raise NoKey(f"{source} ({source.source}): {error}") from None


def key_file_path(folder: Path, profile: str) -> Path:
    """Where a profile's key is kept if nothing else is configured."""
    return folder / f"{profile}.key"


def save_key(folder: Path, profile: str, key: Secret) -> Path:
    """Keep a key in the profile's file: 0600, in one step, in a folder that only its owner sees.

    Raises:
        OSError: the file cannot be written.
    """
    path = key_file_path(folder, profile)
    write_private_file(path, key.reveal().encode() + b"\n")
    return path


def _obtain(source: KeySource, environ: Mapping[str, str] | None, *, on_screen: bool) -> str:
    match source.kind:
        case "environment":
            return _from_environment(source, os.environ if environ is None else environ)
        case "file":
            return _from_file(Path(source.name))
        case "command":
            return _from_command(source, on_screen=on_screen)
        case "keyring":
            return _from_keyring(source.name)


def _from_environment(source: KeySource, environ: Mapping[str, str]) -> str:
    if not (value := environ.get(source.name, "")):
        raise NoKey(f"{source.source}: the variable {source.name} is not set")
    return value


def _from_file(path: Path) -> str:
    shown = display_path(path)
    try:
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise NoKey(f"{shown}: not a regular file")
            if status.st_mode & 0o077:
                raise NoKey(f"{shown}: others can read it; make it yours alone: chmod 600 {shown}")
            return file.read(MAX_KEY_BYTES).decode("utf-8")
    except UnicodeDecodeError:
        raise NoKey(f"{shown}: holds no key but binary data") from None
    except OSError as error:
        raise NoKey(f"{shown}: {error.strerror or error}") from None


def _from_command(source: KeySource, *, on_screen: bool) -> str:
    name = Path(source.argv[0]).name
    by_hand = "run it by hand to see why"
    try:
        done = subprocess.run(
            source.argv,
            stdin=subprocess.DEVNULL,
            start_new_session=on_screen,  # without the terminal, which is the screen's
            capture_output=True,
            timeout=COMMAND_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        seconds = f"{COMMAND_SECONDS:g} s"
        raise NoKey(f"{source.source}: {name} gave no key in {seconds}; {by_hand}") from None
    except OSError as error:
        raise NoKey(f"{source.source}: {name}: {error.strerror or error}") from None
    if done.returncode != 0:
        raise NoKey(f"{source.source}: {name} failed, exit {done.returncode}; {by_hand}")
    first, _, _ = done.stdout[:MAX_KEY_BYTES].partition(b"\n")
    return first.decode("utf-8", "replace")


def _from_keyring(user: str) -> str:
    """Ask the keyring in a thread of its own, for the call itself knows no time-out."""
    answers: list[str | None] = []
    problems: list[str] = []

    def ask() -> None:
        try:
            import keyring  # noqa: PLC0415  # an optional extra
        except ImportError:
            problems.append("needs the extra: pip install 'nodion-tui[keyring]'")
            return
        try:
            answers.append(keyring.get_password(KEYRING_SERVICE, user))
        except Exception as error:  # noqa: BLE001  # each backend has errors of its own
            problems.append(f"the keyring failed ({type(error).__name__})")

    thread = threading.Thread(target=ask, name="keyring", daemon=True)
    thread.start()
    thread.join(KEYRING_SECONDS)
    if problems:
        raise NoKey(f"keyring {user}: {problems[0]}")
    if not answers:
        raise NoKey(f"keyring {user}: no answer in {KEYRING_SECONDS:g} s")
    if (answer := answers[0]) is None:
        raise NoKey(
            f"keyring {user}: nothing there; put it in: keyring set {KEYRING_SERVICE} {user}"
        )
    return answer
