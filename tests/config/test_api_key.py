"""Sources of API keys, and that no key is shown anywhere."""

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nodion_tui.config import (
    KeySource,
    Profile,
    Secret,
    Settings,
    Source,
    save_key,
    with_key,
    with_keys,
)
from nodion_tui.config import api_key as keys
from nodion_tui.config.key_command import CommandFailed, first_line
from nodion_tui.model.errors import NoKey

Load = Callable[..., Settings]

CANARY = "canary-5e1f"


def command(code: str, *arguments: str) -> str:
    argv = [sys.executable, "-c", code, *arguments]
    return f"[profiles.a]\nkey_command = {json.dumps(argv)}"


def key_of(settings: Settings, environ: dict[str, str] | None = None) -> str:
    profile = with_key(settings.profile, environ)
    assert profile.key is not None
    assert CANARY not in repr(profile)
    assert CANARY not in str(profile.key_source)
    return profile.key.reveal()


def test_a_variable_that_the_profile_names(load_with: Load) -> None:
    settings = load_with('[profiles.a]\nkey_env = "ACME"')
    assert key_of(settings, {"ACME": CANARY}) == CANARY
    with pytest.raises(NoKey, match=r"config.toml:2: the variable ACME is not set"):
        with_key(settings.profile, {})


def test_the_first_line_of_a_command_without_a_shell(load_with: Load) -> None:
    settings = load_with(command("import sys; print(sys.argv[1]); print(2)", CANARY + "$HOME"))
    assert key_of(settings) == CANARY + "$HOME"


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("import sys; sys.exit('canary-5e1f')", "failed, exit 1; run it manually to see why"),
        ("import os; os.kill(os.getpid(), 9)", "failed, signal 9; run it manually to see why"),
        ("print()", "the key is empty"),
        ("print('canary-5e1f two')", "the key contains invalid characters"),
        (
            "import sys; sys.stdout.buffer.write(b'canary-5e1f' + bytes([255]))",
            "contains invalid characters",
        ),
    ],
)
def test_a_command_that_gives_no_key(load_with: Load, code: str, message: str) -> None:
    with pytest.raises(NoKey) as raised:
        with_key(load_with(command(code)).profile)
    assert message in str(raised.value)
    assert "config.toml:2" in str(raised.value)
    assert CANARY not in str(raised.value)


def test_a_command_that_is_not_there(load_with: Load) -> None:
    settings = load_with('[profiles.a]\nkey_command = ["/nowhere/pass"]')
    with pytest.raises(NoKey, match="pass: No such file or directory"):
        with_key(settings.profile)


def test_a_command_that_hangs_is_ended(load_with: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    assert keys.COMMAND_SECONDS == 10
    monkeypatch.setattr(keys, "COMMAND_SECONDS", 0.2)
    began = time.monotonic()
    with pytest.raises(NoKey, match=r"printed no key within 0\.2 s"):
        with_key(load_with(command("import time; time.sleep(60)")).profile)
    assert time.monotonic() - began < 3


def test_a_file_of_ones_own(load_with: Load, folder: Path) -> None:
    settings = load_with('[profiles.a]\nkey_file = "secret"')
    (folder / "secret").write_text(CANARY + "\r\n")
    (folder / "secret").chmod(0o600)
    assert key_of(settings) == CANARY


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o620])
def test_a_file_that_others_can_read_is_refused(load_with: Load, folder: Path, mode: int) -> None:
    settings = load_with('[profiles.a]\nkey_file = "secret"')
    (folder / "secret").write_text(CANARY)
    (folder / "secret").chmod(mode)
    with pytest.raises(NoKey, match="chmod 600"):
        with_key(settings.profile)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda _path: None, "No such file"),
        (lambda path: path.mkdir(), "Is a directory"),
        (lambda path: (path.touch(0o600), path.write_bytes(b"\xff\xfe")), "binary data"),
    ],
)
def test_a_file_that_holds_no_key(
    load_with: Load, folder: Path, make: Callable[[Path], object], message: str
) -> None:
    make(folder / "secret")
    with pytest.raises(NoKey, match=message):
        with_key(load_with('[profiles.a]\nkey_file = "secret"').profile)


def test_a_stored_key_is_found_without_a_setting(load_with: Load, folder: Path) -> None:
    path = save_key(folder / "new", "default", Secret(CANARY))
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o077 == 0
    settings = load_with(NODION_TUI_CONFIG=str(folder / "new"))
    assert key_of(settings) == CANARY
    assert str(settings.profile.source("key_source")).endswith("default.key")


def test_storing_replaces_a_symbolic_link_and_not_what_it_points_to(folder: Path) -> None:
    other = folder / "other"
    other.write_text("untouched")
    (folder / "default.key").symlink_to(other)
    path = save_key(folder, "default", Secret(CANARY))
    assert other.read_text() == "untouched"
    assert not path.is_symlink()


Answer = Callable[[str, str], str | None]


@pytest.fixture
def backend(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Answer], None]]:
    keyring = pytest.importorskip("keyring")
    base = pytest.importorskip("keyring.backend").KeyringBackend
    before = keyring.get_keyring()
    monkeypatch.setattr(keys, "KEYRING_SECONDS", 0.5)

    def use(answer: Answer) -> None:
        methods = {"priority": 9, "get_password": lambda _, service, user: answer(service, user)}
        methods |= dict.fromkeys(("set_password", "delete_password"), lambda *_: None)
        keyring.set_keyring(type("Fake", (base,), methods)())

    yield use
    keyring.set_keyring(before)


def fail(_service: str, _user: str) -> str:
    raise RuntimeError(CANARY)


def hang(_service: str, _user: str) -> str:
    threading.Event().wait(3)
    return CANARY


@pytest.mark.parametrize(
    ("setting", "user"), [("true", "a"), ('"me@example.com"', "me@example.com")]
)
def test_a_keyring(
    load_with: Load, backend: Callable[[Answer], None], setting: str, user: str
) -> None:
    passwords = {("nodion-tui", user): CANARY}
    backend(lambda *query: passwords.get(query))
    assert key_of(load_with(f"[profiles.a]\nkey_keyring = {setting}")) == CANARY


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (lambda _service, _user: None, "add one: keyring set nodion-tui a"),
        (fail, r"the keyring failed \(RuntimeError\)"),
        (hang, r"no response within 0\.5 s"),
    ],
)
def test_a_keyring_that_gives_none(
    load_with: Load, backend: Callable[[Answer], None], answer: Answer, message: str
) -> None:
    backend(answer)
    with pytest.raises(NoKey, match=message) as raised:
        with_key(load_with("[profiles.a]\nkey_keyring = true").profile)
    assert CANARY not in str(raised.value)


def test_a_child_that_keeps_the_output_open_does_not_hold_up_a_key_command() -> None:
    with pytest.raises(CommandFailed, match=r"printed no key within 0.3 s"):
        first_line(("sh", "-c", "sleep 60 & echo $!"), seconds=0.3, max_bytes=100, detached=True)


def test_keys_of_several_profiles_are_obtained_at_once(tmp_path: Path) -> None:
    """Each command waits for the other one to have begun."""
    script = 'touch "$0/$1"; until [ -e "$0/$2" ]; do sleep 0.02; done; echo "$1"'
    profiles = [
        Profile(
            name=name,
            key_source=KeySource(
                "command", Source("flag"), argv=("sh", "-c", script, str(tmp_path), name, other)
            ),
        )
        for name, other in (("a", "b"), ("b", "a"))
    ]
    failing = Profile(name="c", key_source=KeySource("command", Source("flag"), argv=("false",)))
    first, second, third = with_keys([*profiles, failing])
    assert (first.key, second.key, third.key) == (Secret("a"), Secret("b"), None)
