from pathlib import Path

import pytest

from nodion_tui.config.paths import display_path


@pytest.mark.parametrize(
    ("home", "shown"),
    [("/home/me", "~/data"), ("/", "/home/me/data"), ("", "/home/me/data")],
)
def test_a_tilde_stands_for_a_home_folder_but_not_for_the_root(
    monkeypatch: pytest.MonkeyPatch, home: str, shown: str
) -> None:
    monkeypatch.setenv("HOME", home)
    assert display_path(Path("/home/me/data")) == shown
