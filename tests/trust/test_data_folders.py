"""What a person has in a data folder, or beside it, stays as it is while it is used."""

import json
import shutil
import signal
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from nodion_tui.local.storage import schema
from nodion_tui.local.storage.folder_lock import MARK_FILE
from tests.support.foreign_folders import database_of_a_person, marked, project
from tests.support.terminal import Terminal
from tests.support.trees import read_tree, unchanged
from tests.trust.conftest import PROGRAM, serving


def test_a_project_that_is_to_hold_what_the_program_keeps_stays_as_it_is(
    home: Path, environment: dict[str, str]
) -> None:
    project(home / "project")
    before = read_tree(home / "project", times=False)
    env = environment | {"NODION_TUI_DATA": str(home / "project")}
    with serving([], env) as (_, line):
        assert line.startswith("listening")
    after = read_tree(home / "project", times=False)
    assert unchanged(before, after)
    assert {name.split("/")[0] for name in after.keys() - before.keys()} == {"engine"}


def test_an_empty_folder_is_used_and_keeps_its_permissions(
    home: Path, environment: dict[str, str]
) -> None:
    (home / "data").mkdir()
    (home / "data").chmod(0o755)
    with serving(["--data", str(home / "data")], environment) as (process, line):
        assert line.startswith("listening")
        process.terminate()
        assert process.wait() == 128 + signal.SIGTERM
    assert (home / "data").stat().st_mode & 0o777 == 0o755


def test_a_data_folder_with_files_of_a_persons_is_used_and_they_stay(
    home: Path, environment: dict[str, str]
) -> None:
    marked(home / "data")
    project(home / "files")
    shutil.copytree(home / "files", home / "data", dirs_exist_ok=True)
    before = read_tree(home / "data", times=False)
    with serving(["--data", str(home / "data")], environment) as (_, line):
        assert line.startswith("listening")
    assert unchanged(before, read_tree(home / "data", times=False))


def test_the_original_of_a_copy_stays_as_it_is(home: Path, environment: dict[str, str]) -> None:
    with serving(["--data", str(home / "data")], environment) as (_, line):
        assert line.startswith("listening")
    shutil.copytree(home / "data", home / "copy")
    before = read_tree(home / "data")
    with serving(["--data", str(home / "copy")], environment) as (_, line):
        assert line.startswith("listening")
    assert read_tree(home / "data") == before
    numbers = [json.loads((home / name / MARK_FILE).read_text()) for name in ("data", "copy")]
    assert numbers[0]["number"] != numbers[1]["number"]


@pytest.mark.pty
def test_folders_of_a_persons_among_temporary_files_survive_the_dashboard(
    home: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    with serving(["--data", str(home / "nodion-tui-kept")], environment) as (_, line):
        assert line.startswith("listening")
    (home / "nodion-tui-kept" / "notes.txt").write_text("precious")
    project(home / "nodion-tui-project")
    database_of_a_person(home / "nodion-tui-songs")
    shutil.copytree(home / "nodion-tui-kept", home / "nodion-tui-copy")
    (home / "nodion-tui-link").symlink_to("nodion-tui-kept")
    before = read_tree(home)
    env = environment | {"TMPDIR": str(home)}
    argv = [PROGRAM, "--local", "--ephemeral"]
    with Terminal(argv, env=env, cwd=str(tmp_path)) as terminal:
        terminal.wait_for("Database migration")
        assert len(list(home.glob("nodion-tui-*"))) == 6, "its own is there as well"
        terminal.press("q")
        assert terminal.wait_exit() == 0
    after = read_tree(home)
    assert after.keys() == before.keys()
    assert {**after, ".": before["."]} == before, "only the folder of them all got entries and lost"


def test_check_verifies_a_database_and_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    marked(folder)
    with closing(schema.connect(folder / "engine.sqlite3")) as db:
        schema.prepare(db)
    command = [PROGRAM, "serve", "--check", str(folder)]
    intact = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (intact.returncode, intact.stdout) == (0, f"{folder}: no damage found\n")
    with (folder / "engine.sqlite3").open("r+b") as file:
        file.truncate(8192)
    before = read_tree(folder)
    damaged = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (damaged.returncode, damaged.stderr) == (1, "")
    assert f"{folder / 'engine.sqlite3'}: " in damaged.stdout
    assert unchanged(before, read_tree(folder))
    nowhere = [PROGRAM, "serve", "--check", str(tmp_path / "nowhere")]
    missing = subprocess.run(nowhere, capture_output=True, text=True, check=False)
    assert missing.returncode == 2
    assert str(tmp_path / "nowhere") in missing.stderr
