import errno
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from nodion_tui.config.private_files import (
    create_private_file,
    new_private_file,
    write_all,
    write_new_private_file,
    write_private_file,
)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_is_its_owners_alone_in_a_folder_of_the_same_kind(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write_private_file(tmp_path / "a" / "b" / "file", b"text")
    finally:
        os.umask(before)
    path = tmp_path / "a" / "b" / "file"
    assert path.read_bytes() == b"text"
    assert [mode(path), mode(path.parent), mode(tmp_path / "a")] == [0o600, 0o700, 0o700]
    assert list(path.parent.iterdir()) == [path]


def test_a_link_is_replaced_and_what_it_points_to_stays(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("stays")
    path = tmp_path / "file"
    path.symlink_to(tmp_path / "other")
    write_private_file(path, b"new")
    assert not path.is_symlink()
    assert (path.read_text(), (tmp_path / "other").read_text()) == ("new", "stays")


def test_a_new_file_takes_no_name_that_is_there(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("stays")
    link = tmp_path / "file"
    link.symlink_to(tmp_path / "nowhere")
    with pytest.raises(FileExistsError), new_private_file(link):
        pytest.fail("the name is taken")
    assert write_new_private_file(link, [b"new"]) == tmp_path / "file-2"
    assert link.is_symlink()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["elsewhere", "file", "file-2"]


def test_a_file_that_is_not_completed_is_removed(tmp_path: Path) -> None:
    def fail(descriptor: int) -> None:
        write_all(descriptor, [b"half"])
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), new_private_file(tmp_path / "file") as descriptor:
        fail(descriptor)
    assert list(tmp_path.iterdir()) == []


def test_an_open_folder_gets_the_file_wherever_it_was_moved(tmp_path: Path) -> None:
    folder = tmp_path / "before"
    folder.mkdir()
    folder_fd = os.open(folder, os.O_RDONLY)
    folder.rename(tmp_path / "after")
    try:
        with new_private_file("file", folder_fd) as descriptor:
            write_all(descriptor, [b"text"], sync=False)
    finally:
        os.close(folder_fd)
    assert (tmp_path / "after" / "file").read_text() == "text"
    assert mode(tmp_path / "after" / "file") == 0o600


@pytest.fixture(params=["hard links", "no hard links"])
def _either_file_system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    if request.param == "no hard links":
        monkeypatch.setattr(os, "link", refuse)


@pytest.mark.usefixtures("_either_file_system")
def test_a_file_is_created_whole_only_where_its_name_is_free(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "file"

    def look_between() -> Iterator[bytes]:
        yield b"one, "
        assert not path.exists()
        yield b"two"

    create_private_file(path, look_between())
    with pytest.raises(FileExistsError):
        create_private_file(path, [b"other"])
    assert (path.read_bytes(), mode(path), path.stat().st_nlink) == (b"one, two", 0o600, 1)
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.usefixtures("_either_file_system")
def test_a_file_whose_name_is_taken_gets_a_number(tmp_path: Path) -> None:
    path = tmp_path / "run.log"
    path.write_bytes(b"stays")
    assert write_new_private_file(path, [b"new"]) == tmp_path / "run-2.log"
    contents = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert contents == {"run.log": b"stays", "run-2.log": b"new"}


KILLED = """
import os, signal, sys
from pathlib import Path
from nodion_tui.config.private_files import write_new_private_file
def chunks():
    yield b"half"
    {end}
write_new_private_file(Path(sys.argv[1]), chunks())
"""
KILLED_UNDER_BOTH_NAMES = """
import os, signal, sys
from pathlib import Path
from nodion_tui.config.private_files import create_private_file
link = os.link
def link_and_end(*names):
    link(*names)
    os.kill(os.getpid(), signal.SIGKILL)
os.link = link_and_end
create_private_file(Path(sys.argv[1]), [b"whole"])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs extended attributes")
def test_what_a_killed_write_left_is_removed_by_its_mark(tmp_path: Path) -> None:
    path = tmp_path / "file"
    look_alikes = [tmp_path / ".file.0123abcd", tmp_path / ".file.backup"]
    for look_alike in look_alikes:
        look_alike.write_bytes(b"a person's")
        look_alike.chmod(0o600)
    killed = KILLED.format(end="os.kill(os.getpid(), signal.SIGKILL)")
    subprocess.run([sys.executable, "-c", killed, str(path)], check=False)
    assert len(list(tmp_path.iterdir())) == 3
    write_private_file(path, b"whole")
    assert sorted(tmp_path.iterdir()) == sorted([path, *look_alikes])


@pytest.mark.skipif(sys.platform != "linux", reason="needs extended attributes")
def test_a_file_that_a_kill_left_under_two_names_keeps_its_own(tmp_path: Path) -> None:
    path = tmp_path / "file"
    subprocess.run([sys.executable, "-c", KILLED_UNDER_BOTH_NAMES, str(path)], check=False)
    assert len(list(tmp_path.iterdir())) == 2
    with pytest.raises(FileExistsError):
        create_private_file(path, [b"other"])
    assert [(each, each.read_bytes()) for each in tmp_path.iterdir()] == [(path, b"whole")]


@pytest.mark.skipif(sys.platform != "linux", reason="needs extended attributes")
def test_a_file_that_another_program_is_writing_stays(tmp_path: Path) -> None:
    path = tmp_path / "file"
    waiting = KILLED.format(end='print("half", flush=True); input()')
    with subprocess.Popen(
        [sys.executable, "-c", waiting, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        write_private_file(path, b"first")
        writer.communicate(b"\n")
    assert (path.read_bytes(), (tmp_path / "file-2").read_bytes()) == (b"first", b"half")
    assert len(list(tmp_path.iterdir())) == 2
