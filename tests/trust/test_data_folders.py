"""User folders given as data folder: the installed program leaves them unchanged."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from nodion_tui.local.storage import schema
from nodion_tui.local.storage.data_dir import DataDir
from nodion_tui.local.storage.folder_lock import MARK_FILE
from tests.support.terminal import Terminal
from tests.support.trees import read_tree, unchanged
from tests.trust.conftest import PROGRAM

ANOTHER = 12345
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")


def project(path: Path) -> None:
    for name in ("work/chapter1.txt", "demo/migrate.py", "demo/bin/python", "notes/key"):
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text("precious")
    path.chmod(0o755)


def database_of_a_person(path: Path) -> None:
    path.mkdir(mode=0o700)
    with closing(sqlite3.connect(path / "engine.sqlite3")) as db:
        db.executescript("CREATE TABLE songs (title); INSERT INTO songs VALUES ('precious');")


def database_that_claims_to_be_ours(path: Path) -> None:
    path.mkdir(mode=0o700)
    (path / "work").mkdir()
    (path / "work" / "precious").write_text("precious")
    with closing(sqlite3.connect(path / "engine.sqlite3")) as db:
        db.executescript("CREATE TABLE meta (key, value); CREATE TABLE runs (id);")
        db.execute("PRAGMA user_version=1")


def names_of_ours(path: Path) -> None:
    (path / "work").mkdir(parents=True)
    (path / "demo").mkdir()
    for name in ("work/precious", "demo/migrate.py", "key", "lock", "engine.sqlite3"):
        (path / name).write_text("precious")
    path.chmod(0o700)


def data_folder_of_before_and_a_file(path: Path) -> None:
    path.mkdir(mode=0o700)
    with closing(schema.connect(path / "engine.sqlite3")) as db:
        schema.prepare(db)
    (path / "thesis.txt").write_text("precious")


def others_may_write(path: Path) -> None:
    path.mkdir()
    path.chmod(0o775)


def like_tmp(path: Path) -> None:
    path.mkdir()
    (path / "precious").write_text("precious")
    path.chmod(0o1777)


def like_an_empty_tmp(path: Path) -> None:
    path.mkdir()
    path.chmod(0o1777)


def link_to_a_project(path: Path) -> None:
    project(path.with_name("behind"))
    path.symlink_to("behind")


def link_to_an_empty_folder(path: Path) -> None:
    path.with_name("behind").mkdir(mode=0o700)
    path.symlink_to("behind")


def a_file(path: Path) -> None:
    path.write_text("precious")


def of_another_user(path: Path) -> None:
    path.mkdir(mode=0o777)
    os.chown(path, ANOTHER, ANOTHER)


def marked(path: Path) -> None:
    data = DataDir(path)
    data.key()
    data.close()


def mark_is_a_link(path: Path) -> None:
    marked(path)
    (path / MARK_FILE).rename(path.with_name("mark"))
    (path / MARK_FILE).symlink_to(path.with_name("mark"))


def mark_is_no_mark(path: Path) -> None:
    path.mkdir(mode=0o700)
    (path / MARK_FILE).write_text('{"precious": true}')


def mark_of_another_user(path: Path) -> None:
    marked(path)
    os.chown(path / MARK_FILE, ANOTHER, ANOTHER)


def mark_of_a_newer_version(path: Path) -> None:
    marked(path)
    mark = json.loads((path / MARK_FILE).read_text())
    (path / MARK_FILE).write_text(json.dumps(mark | {"version": 2}))


def work_is_a_link(path: Path) -> None:
    marked(path)
    project(path.with_name("behind"))
    (path / "work").symlink_to(path.with_name("behind") / "work")


Make = Callable[[Path], None]
REFUSED: dict[Make, str] = {
    project: "not empty and not a nodion-tui data folder; choose an empty or new folder",
    database_of_a_person: "not empty and not a nodion-tui data folder",
    database_that_claims_to_be_ours: "not empty and not a nodion-tui data folder",
    names_of_ours: "not empty and not a nodion-tui data folder",
    data_folder_of_before_and_a_file: "not empty and not a nodion-tui data folder",
    like_tmp: "not empty and not a nodion-tui data folder",
    like_an_empty_tmp: "other users can write to it",
    others_may_write: "make this one private: chmod 700 ",
    link_to_a_project: "a symbolic link",
    link_to_an_empty_folder: "a symbolic link",
    a_file: "file",
    of_another_user: "belongs to another user",
    mark_is_a_link: f"{MARK_FILE} cannot be used",
    mark_is_no_mark: f"{MARK_FILE} cannot be used",
    mark_of_another_user: f"{MARK_FILE} cannot be used",
    mark_of_a_newer_version: "newer version",
    work_is_a_link: "not a folder of this user",
}
NEEDS_ROOT = {of_another_user, mark_of_another_user}
every_refused = pytest.mark.parametrize(
    "make",
    [pytest.param(make, marks=as_root if make in NEEDS_ROOT else ()) for make in REFUSED],
    ids=[make.__name__ for make in REFUSED],
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder for the test's folders only, without files of the program."""
    folder = tmp_path / "home"
    folder.mkdir()
    return folder


@contextmanager
def started(
    arguments: list[str], env: dict[str, str]
) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """Run `serve`; yields the process and its first output line. Terminates it at the end."""
    with subprocess.Popen(
        [PROGRAM, "serve", "--port", "0", *arguments],
        env=os.environ | env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield process, process.stdout.readline()
        finally:
            process.terminate()


def refused(arguments: list[str], env: dict[str, str]) -> str:
    """Return the error output of a refused start."""
    with started(arguments, env) as (process, line):
        assert not line
        assert process.wait() == 2
        assert process.stderr is not None
        error_output = process.stderr.read()
    assert len(error_output.splitlines()) == 1
    return error_output


@every_refused
def test_serve_refuses_it_and_changes_nothing(
    make: Make, home: Path, environment: dict[str, str]
) -> None:
    make(home / "data")
    before = read_tree(home)
    assert REFUSED[make] in refused(["--data", str(home / "data")], environment)
    assert read_tree(home) == before


@every_refused
def test_serve_refuses_it_in_the_folder_of_what_the_program_keeps(
    make: Make, home: Path, environment: dict[str, str]
) -> None:
    make(home / "engine")
    before = read_tree(home)
    error_outputs = refused([], environment | {"NODION_TUI_DATA": str(home)})
    assert (REFUSED[make] if make is not a_file else "not a folder") in error_outputs
    assert read_tree(home) == before


@pytest.mark.pty
@every_refused
def test_the_dashboard_refuses_it_and_changes_nothing(
    make: Make, home: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    make(home / "data")
    before = read_tree(home)
    argv = [PROGRAM, "--local", "--data", str(home / "data")]
    with Terminal(argv, columns=300, env=environment, cwd=str(tmp_path)) as terminal:
        terminal.wait_for(REFUSED[make])
        assert terminal.wait_exit() == 2
    assert read_tree(home) == before


def test_a_project_that_is_named_as_here_is_refused_and_unchanged(
    home: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    project(home / "data")
    before = read_tree(home)
    monkeypatch.chdir(home / "data")
    assert "not empty" in refused(["--data", "."], environment)
    assert read_tree(home) == before


def test_a_project_that_is_to_hold_what_the_program_keeps_stays_as_it_is(
    home: Path, environment: dict[str, str]
) -> None:
    project(home / "project")
    before = read_tree(home / "project", times=False)
    env = environment | {"NODION_TUI_DATA": str(home / "project")}
    with started([], env) as (_, line):
        assert line.startswith("listening")
    after = read_tree(home / "project", times=False)
    assert unchanged(before, after)
    assert {name.split("/")[0] for name in after.keys() - before.keys()} == {"engine"}


def test_an_empty_folder_is_used_and_keeps_its_permissions(
    home: Path, environment: dict[str, str]
) -> None:
    (home / "data").mkdir()
    (home / "data").chmod(0o755)
    with started(["--data", str(home / "data")], environment) as (process, line):
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
    with started(["--data", str(home / "data")], environment) as (_, line):
        assert line.startswith("listening")
    assert unchanged(before, read_tree(home / "data", times=False))


def test_the_original_of_a_copy_stays_as_it_is(home: Path, environment: dict[str, str]) -> None:
    with started(["--data", str(home / "data")], environment) as (_, line):
        assert line.startswith("listening")
    shutil.copytree(home / "data", home / "copy")
    before = read_tree(home / "data")
    with started(["--data", str(home / "copy")], environment) as (_, line):
        assert line.startswith("listening")
    assert read_tree(home / "data") == before
    numbers = [json.loads((home / name / MARK_FILE).read_text()) for name in ("data", "copy")]
    assert numbers[0]["number"] != numbers[1]["number"]


@pytest.mark.pty
def test_folders_of_a_persons_among_temporary_files_survive_the_dashboard(
    home: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    with started(["--data", str(home / "nodion-tui-kept")], environment) as (_, line):
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
@every_content
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
        terminal.wait_for("none saved for this runner")
        terminal.press("ctrl+j")
        terminal.wait_for("Environment not saved")
        terminal.press("ctrl+q")
        terminal.wait_for("still running on this machine")
        terminal.press("s")
        assert terminal.wait_exit() == 0
    assert read_tree(home / "project") == before


@every_content
def test_commands_leave_files_with_names_of_their_own_as_they_are(
    content: bytes, home: Path, environment: dict[str, str]
) -> None:
    project_with_names_of_what_is_kept(home / "project", content)
    before = read_tree(home / "project")
    config = home / "config"
    config.mkdir()
    with started(["--data", str(home / "data")], environment) as (_, line):
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
            done = subprocess.run(
                [PROGRAM, *command],
                env=os.environ | env,
                capture_output=True,
                text=True,
                check=False,
            )
            assert done.returncode == 0, done.stderr
            error_outputs.append(done.stderr)
    assert "runners-work.json" in error_outputs[0]
    assert "triggered.toml" in error_outputs[1]
    assert all("nodion-tui did not write it" in words for words in error_outputs[:2])
    assert read_tree(home / "project") == before


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
