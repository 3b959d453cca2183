"""Files that are named like those of the program, but are not its own, stay as they are."""

from pathlib import Path

import pytest

from tests.support.foreign_folders import project
from tests.support.forks import Forks
from tests.support.terminal import Terminal
from tests.support.trees import read_tree
from tests.trust.conftest import PROGRAM, serving

NAMES_OF_WHAT_IS_KEPT = ("state.toml", "presets.toml", "triggered.toml")
CONTENTS: dict[str, bytes] = {
    "toml": b'title = "precious"\n[songs]\na = 1\n',
    "text": b"Dear diary, precious\n",
    "binary": b"\x00\xff\xfeprecious",
    "empty": b"",
}
every_content = pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS)


def project_with_names_of_what_is_kept(path: Path, content: bytes) -> None:
    project(path)
    for name in NAMES_OF_WHAT_IS_KEPT:
        (path / name).write_bytes(content)
        (path / f"{name}.lock").write_bytes(b"4711\n")
    (path / "runners-work.json").write_bytes(content)


@pytest.mark.pty
@pytest.mark.parametrize("content", [CONTENTS["toml"], CONTENTS["binary"]], ids=["toml", "binary"])
def test_the_dashboard_leaves_files_with_names_of_its_own_as_they_are(
    content: bytes, home: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    project_with_names_of_what_is_kept(home / "project", content)
    before = read_tree(home / "project")
    env = environment | {"NODION_TUI_DATA": str(home / "project")}
    argv = [PROGRAM, "--local", "--data", str(home / "data")]
    with Terminal(argv, columns=200, env=env, cwd=str(tmp_path)) as terminal:
        terminal.wait_for("~/home/project/state.toml: ")  # the rest wraps somewhere
        terminal.wait_for("Database migration")
        terminal.press("t")
        terminal.wait_for("2  Database migration")
        terminal.press("2")
        terminal.wait_for("none yet")
        terminal.press("ctrl+j")
        terminal.wait_for("Environment not saved")
        terminal.press("ctrl+q")
        terminal.wait_for("still running here")
        terminal.press("s")
        assert terminal.wait_exit() == 0
    assert read_tree(home / "project") == before


@every_content
async def test_commands_leave_files_with_names_of_their_own_as_they_are(
    content: bytes, home: Path, environment: dict[str, str], forks: Forks
) -> None:
    project_with_names_of_what_is_kept(home / "project", content)
    before = read_tree(home / "project")
    config = home / "config"
    config.mkdir()
    with serving(["--data", str(home / "data")], environment) as (_, line):
        url = next(word for word in line.split() if word.startswith("http"))
        key = str(home / "data" / "key")
        (config / "config.toml").write_text(
            f'[profiles.work]\napi_url = "{url}"\nkey_command = ["cat", "{key}"]\n'
        )
        env = {name: value for name, value in environment.items() if name != "NODION_API_KEY"}
        env |= {"NODION_TUI_DATA": str(home / "project"), "NODION_TUI_CONFIG": str(config)}
        error_outputs = []
        for command in (
            ["runners"],
            ["trigger", "Database migration", "-e", "A=1"],
            ["runs", "Database migration"],
        ):
            done = await forks.run(*command, env=env, folder=home)
            assert done.code == 0, done.err
            error_outputs.append(done.err)
    assert "runners-work.json" in error_outputs[0]
    assert "triggered.toml" in error_outputs[1]
    assert all("nodion-tui did not write it" in words for words in error_outputs[:2])
    assert read_tree(home / "project") == before
