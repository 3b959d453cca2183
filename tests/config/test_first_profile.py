"""The first profile is written once."""

import stat
from pathlib import Path

import pytest
from msgspec.structs import replace

from nodion_tui.config import Profile, read_settings, with_key
from nodion_tui.config.config_file import CONFIG_FILE_NAME
from nodion_tui.config.first_profile import profile_from_input, save_profile

BASE = Profile()


def typed(name: str = "", project: str = "", api_url: str = "", key: str = "a-key") -> Profile:
    return profile_from_input(BASE, name=name, project=project, api_url=api_url, key=key)


def test_the_next_start_uses_the_saved_profile(tmp_path: Path) -> None:
    folder = tmp_path / "config"
    profile = typed("production", "6f1c", "https://api.example.com/v1")
    key_path = save_profile(folder, profile)
    environ = {"NODION_TUI_CONFIG": str(folder), "NODION_TUI_DATA": str(tmp_path / "data")}
    loaded = with_key(read_settings(environ=environ).profile)
    assert replace(loaded, key_source=None, sources={}) == profile
    assert key_path == folder / "production.key"
    for path in (key_path, folder / CONFIG_FILE_NAME):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "a-key" not in (folder / CONFIG_FILE_NAME).read_text()


@pytest.mark.parametrize("name", ["", "a.b", "3", "über"])
def test_any_name_that_is_allowed_can_be_read_again(tmp_path: Path, name: str) -> None:
    if name == "über":
        with pytest.raises(ValueError, match="letters, digits"):
            typed(name)
        return
    save_profile(tmp_path, typed(name))
    assert read_settings(environ={"NODION_TUI_CONFIG": str(tmp_path)}).profile.name == (
        name or "default"
    )


def test_a_file_of_a_person_is_never_touched(tmp_path: Path) -> None:
    file = tmp_path / CONFIG_FILE_NAME
    file.write_text("# mine\n")
    save_profile(tmp_path, typed())
    assert file.read_text() == "# mine\n"


@pytest.mark.parametrize(
    ("what", "problem"),
    [
        ({"name": "../x"}, "invalid profile name"),
        ({"project": "a\x1b"}, "project contains"),
        ({"api_url": "http://example.com"}, "http"),
        ({"key": " "}, "key is empty"),
    ],
)
def test_invalid_input_is_reported(what: dict[str, str], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        typed(**what)
