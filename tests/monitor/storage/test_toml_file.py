import os
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nodion_tui.config.ownership import ForeignFile
from nodion_tui.monitor.storage.toml_file import HEADER, MAX_BYTES, FileContents, TomlFile

_VALUES = st.recursive(
    st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=8,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "state.toml"


def test_a_missing_file_is_empty_without_a_notice(path: Path) -> None:
    assert TomlFile(path).read() == FileContents()
    assert not path.parent.exists()


@given(data=st.dictionaries(st.text(max_size=5), _VALUES, max_size=5))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_written_data_is_read(path: Path, data: dict[str, object]) -> None:
    TomlFile(path).write(data)
    assert TomlFile(path).read() == FileContents(data)


def test_file_and_folder_are_the_owners_alone(path: Path) -> None:
    before = os.umask(0)
    try:
        TomlFile(path).write({"a": 1})
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [entry.name for entry in path.parent.iterdir()] == ["state.toml"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\nmode = 1 2", "line 3"),
        (b"\xff\xfe", "not UTF-8 text"),
        (b"a = " + b"[" * 100_000, "nested too deeply"),
        (b"a = " + b"9" * 5000, "digits"),
        (b"#" * MAX_BYTES, "larger than"),
    ],
    ids=["no TOML", "no text", "too deep", "too long", "too large"],
)
def test_a_broken_file_is_renamed_and_reported(path: Path, content: bytes, reason: str) -> None:
    content = HEADER + content
    path.parent.mkdir()
    path.write_bytes(content)
    file = TomlFile(path)
    contents = file.read()
    assert contents.data == {}
    assert reason in contents.notice
    assert contents.notice.endswith("it was renamed to state.toml.broken")
    assert path.with_name("state.toml.broken").read_bytes() == content
    file.write({"a": 1})
    assert file.read() == FileContents({"a": 1})


def test_an_earlier_broken_file_is_kept_too(path: Path) -> None:
    path.parent.mkdir()
    for content in (b"one =", b"two ="):
        path.write_bytes(HEADER + content)
        TomlFile(path).read()
    assert path.with_name("state.toml.broken").read_bytes() == HEADER + b"one ="
    assert path.with_name("state.toml.broken-2").read_bytes() == HEADER + b"two ="


def test_writing_renames_a_broken_file_first(path: Path) -> None:
    file = TomlFile(path)
    file.write({"a": 1})
    path.write_bytes(HEADER + b"one =")
    file.write({"a": 2})
    assert path.with_name("state.toml.broken").read_bytes() == HEADER + b"one ="
    assert file.read() == FileContents({"a": 2})


def test_a_pipe_of_that_name_does_not_block_the_start(path: Path) -> None:
    path.parent.mkdir()
    os.mkfifo(path)
    assert "not a regular file" in TomlFile(path).read().notice


def test_a_symbolic_link_is_neither_replaced_nor_followed(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "precious"
    TomlFile(target).write({"a": 1})
    before = target.read_bytes()
    path.parent.mkdir()
    path.symlink_to(target)
    with pytest.raises(ForeignFile, match="a symbolic link"):
        TomlFile(path).write({"b": 2})
    assert target.read_bytes() == before
    assert path.readlink() == target


def test_earlier_renamed_files_are_never_overwritten(path: Path) -> None:
    path.parent.mkdir()
    aside = [path.with_name("state.toml.broken")]
    aside += [path.with_name(f"state.toml.broken-{number}") for number in range(2, 100)]
    for number, place in enumerate(aside):
        place.write_text(str(number))
    path.write_bytes(HEADER + b"broken =")
    assert "nothing is saved" in TomlFile(path).read().notice
    assert [place.read_text() for place in aside] == [str(number) for number in range(99)]
    assert path.read_bytes() == HEADER + b"broken ="


def test_a_broken_file_that_cannot_be_renamed_is_not_overwritten(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(HEADER + b"broken =")
    file = TomlFile(path)
    # A folder under each spare name makes the renaming fail for root too.
    path.with_name("state.toml.broken").mkdir()
    for number in range(2, 100):
        path.with_name(f"state.toml.broken-{number}").mkdir()
    assert "nothing is saved" in file.read().notice
    with pytest.raises(OSError, match="cannot be renamed"):
        file.write({"a": 1})
    assert path.read_bytes() == HEADER + b"broken ="
