"""Folders of a person's that are given as data folder, and why the program refuses them."""

import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from nodion_tui.local.storage import schema
from nodion_tui.local.storage.data_dir import DataDir
from nodion_tui.local.storage.folder_lock import MARK_FILE

_ANOTHER = 12345
"""Id of another user."""


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
    os.chown(path, _ANOTHER, _ANOTHER)


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
    os.chown(path / MARK_FILE, _ANOTHER, _ANOTHER)


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
"""What creates a folder → what the program says of it."""
NEEDS_ROOT = {of_another_user, mark_of_another_user}
