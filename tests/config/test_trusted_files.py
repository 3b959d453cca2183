"""Files that decide what runs: only what nobody else can write, bounded in size and time."""

import json
import os
import sys
import time
from pathlib import Path

import pytest

from nodion_tui.config import Profile, with_key
from nodion_tui.config.profile import KeySource, Source
from nodion_tui.config.toml import MAX_BYTES, read_toml
from nodion_tui.model.errors import ConfigError, NoKey

FILE = Source("file", "config.toml", 2)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "folder" / "config.toml"
    path.parent.mkdir(mode=0o700)
    path.write_text("ascii = true\n")
    path.chmod(0o600)
    return path


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_a_file_that_others_may_write_is_refused_with_what_to_type(config: Path, mode: int) -> None:
    # Never the private group of the user who runs this test.
    if os.geteuid() == 0:
        os.chown(config, 0, 54321)
    elif mode == 0o620:
        pytest.skip("a group of other users can be set by root only")
    config.chmod(mode)
    with pytest.raises(
        ConfigError, match=rf"writable by other users; run: chmod go-w .*{config.name}"
    ):
        read_toml(config)


def test_a_folder_that_others_may_write_is_refused_unless_sticky(config: Path) -> None:
    config.parent.chmod(0o777)
    with pytest.raises(ConfigError, match=r"folder: writable by other users"):
        read_toml(config)
    config.parent.chmod(0o1777)
    assert read_toml(config) is not None


def test_a_link_is_as_trusted_as_the_file_it_leads_to(config: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.toml"
    link.symlink_to(config)
    assert read_toml(link) is not None
    config.chmod(0o602)
    with pytest.raises(ConfigError, match="writable by other users"):
        read_toml(link)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to another user")
def test_a_file_of_another_user_is_refused(config: Path) -> None:
    os.chown(config, 54321, 0)
    with pytest.raises(ConfigError, match="owned by user 54321"):
        read_toml(config)


@pytest.mark.parametrize("kind", ["pipe", "device", "huge"])
def test_what_is_no_file_of_a_sane_size_is_reported_at_once(config: Path, kind: str) -> None:
    config.unlink()
    match kind:
        case "pipe":
            os.mkfifo(config)
        case "device":
            config.symlink_to("/dev/zero")
        case _:
            with config.open("wb") as file:
                file.truncate(100 * MAX_BYTES)
    began = time.monotonic()
    with pytest.raises(ConfigError, match="larger than" if kind == "huge" else "not a regular"):
        read_toml(config)
    if kind == "pipe":
        source = KeySource("file", FILE, str(config))
        with pytest.raises(NoKey, match="not a regular file"):
            with_key(Profile(key_source=source))
    assert time.monotonic() - began < 2


def test_a_key_command_that_prints_for_ever_is_ended(tmp_path: Path) -> None:
    code = "import os, sys\nopen(sys.argv[1], 'w').write(str(os.getpid()))\nwhile 1: print('key')"
    argv = (sys.executable, "-c", code, str(tmp_path / "pid"))
    with pytest.raises(NoKey, match="printed more than 8,192 bytes"):
        with_key(Profile(key_source=KeySource("command", FILE, argv=argv)))
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


@pytest.mark.parametrize(
    "text",
    [
        *("a" + ".a" * 300_000 + "=1", "[" + '"a".' * 150_000 + "a]", "a=" + "[" * 300_000),
        "a=" + "9" * 300_000,
    ],
)
def test_a_deep_file_is_refused_at_once(config: Path, text: str) -> None:
    config.write_text(text)
    began = time.monotonic()
    with pytest.raises(ConfigError, match=r"more than 100 parts|nested too deeply|too many digits"):
        read_toml(config)
    assert time.monotonic() - began < 2


def test_a_long_dotted_value_is_no_key(config: Path) -> None:
    config.write_text(f"a = {json.dumps('v' + '.1' * 90)}\n")
    assert read_toml(config) is not None
