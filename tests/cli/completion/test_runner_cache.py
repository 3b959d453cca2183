"""Cached runner names for completion, in a folder that may hold other files."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from nodion_tui.cli.completion.runner_cache import (
    FILE_PREFIX,
    Suggestion,
    cache_runners,
    cached_runners,
)
from nodion_tui.config import DEFAULT_SOURCE, KeySource, Profile, Settings
from nodion_tui.model.runner import Runner
from tests.support.trees import read_tree

PROFILE = Profile(name="p", key_source=KeySource("command", DEFAULT_SOURCE, argv=("pass",)))
RUNNERS = [Runner(id="1", name="Hello"), Runner(id="2")]
NAMES = [Suggestion("1", "Hello"), Suggestion("2")]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    data = tmp_path / "project"
    data.mkdir(mode=0o755)
    monkeypatch.setenv("NODION_TUI_DATA", str(data))
    return Settings(
        PROFILE, DEFAULT_SOURCE, (), config_folder=tmp_path, config_file=None, data_folder=data
    )


@pytest.fixture
def path(settings: Settings) -> Path:
    return settings.data_folder / "runners-p.json"


def test_names_are_read_back_from_a_marked_file(settings: Settings, path: Path) -> None:
    assert cached_runners(settings) == ()
    assert cache_runners(PROFILE, RUNNERS) == ""
    assert path.read_bytes().startswith(FILE_PREFIX)
    assert cached_runners(settings) == NAMES


def test_a_list_in_the_old_format_is_read_and_replaced(settings: Settings, path: Path) -> None:
    path.write_bytes(b'[["1","Hello"],["2",""]]')
    assert cached_runners(settings) == NAMES
    assert cache_runners(PROFILE, RUNNERS[:1]) == ""
    assert cached_runners(settings) == NAMES[:1]


def file_with(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


def link_to_a_cache_file(path: Path) -> None:
    path.with_name("behind").write_bytes(FILE_PREFIX + b'"runners":[["1",""]]}')
    path.symlink_to("behind")


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (file_with(b'{"precious": true}'), "a file of another program"),
        (file_with(b'[["Ada", "Lovelace"]]\n'), "a file of another program"),
        (file_with(b"[]"), "a file of another program"),
        (file_with(b"\xff\x00precious"), "a file of another program"),
        (file_with(b""), "an empty file"),
        (Path.mkdir, "a folder"),
        (os.mkfifo, "not a regular file"),
        (link_to_a_cache_file, "a symbolic link"),
    ],
)
def test_a_foreign_file_is_left_unchanged_and_reported(
    settings: Settings, path: Path, make: Callable[[Path], object], reason: str
) -> None:
    make(path)
    before = read_tree(settings.data_folder)
    assert cached_runners(settings) == ()
    assert f"{reason}; nodion-tui did not write it" in cache_runners(PROFILE, RUNNERS)
    assert read_tree(settings.data_folder) == before
