"""Foreign files that are named like the program's: they are not changed, and it is reported."""

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
import tomli_w

from nodion_tui.model.run import RunKey, RunRecord
from nodion_tui.model.trigger_draft import CommandMode, EnvRow, TriggerDraft
from nodion_tui.monitor.storage.known_failures import KnownFailure, KnownFailureFile
from nodion_tui.monitor.storage.presets import Preset, PresetFile
from nodion_tui.monitor.storage.toml_file import HEADER
from nodion_tui.monitor.storage.trigger_history import TriggerHistory
from nodion_tui.monitor.storage.ui_state import ListState, UiState, UiStateFile
from tests.support.trees import read_tree

ANOTHER = 12345
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
DRAFT = TriggerDraft(
    mode=CommandMode.ARGV,
    argv_text="python 'two words'",
    entrypoint="/bin/env",
    env=(EnvRow("A", "1"), EnvRow("API_TOKEN", "x", enabled=False)),
)
AT = datetime(2026, 1, 15, 10, tzinfo=UTC)
RUN = RunRecord(id="1", runner_id="r", status="pending", created_at=AT).run
STATE = (
    UiState(profile="p", mode="timeline", choices={"a": "b"})
    .with_size("log", 2)
    .with_list("runs", ListState(columns=("a", "b"), sort="exit"))
)


def read_state(folder: Path) -> str:
    return UiStateFile(folder).load()[1]


def write_state(folder: Path) -> None:
    UiStateFile(folder).save(STATE)


def read_presets(folder: Path) -> str:
    return PresetFile(folder).for_runner("r").notice


def write_presets(folder: Path) -> None:
    PresetFile(folder).save("r", Preset("nightly", DRAFT))


def read_history(folder: Path) -> str:
    return TriggerHistory(folder).env_for(RunKey("r", "1")).notice


def write_history(folder: Path) -> None:
    TriggerHistory(folder).remember(RUN, DRAFT.env)


def read_known(folder: Path) -> str:
    return KnownFailureFile(folder).load().notice


def write_known(folder: Path) -> None:
    KnownFailureFile(folder).save(KnownFailure(profile="p", exit_code=1, runner="r", at=AT))


READ: dict[str, Callable[[Path], str]] = {
    "known-failures.toml": read_known,
    "state.toml": read_state,
    "presets.toml": read_presets,
    "triggered.toml": read_history,
}
WRITE: dict[str, Callable[[Path], None]] = {
    "known-failures.toml": write_known,
    "state.toml": write_state,
    "presets.toml": write_presets,
    "triggered.toml": write_history,
}
LOCKED = [name for name in WRITE if name != "state.toml"]
CONTENTS: dict[str, tuple[bytes, str]] = {
    "TOML of other keys": (b'title = "precious"\n[songs]\na = 1\n', "TOML of another program"),
    "one key of each of ours": (
        b'mode = "x"\npresets = []\nruns = []\n',
        "TOML of another program",
    ),
    "our keys and no more": (b'mode = "production"\n', "TOML of another program"),
    "our table of other rows": (
        b'[[presets]]\nname = "a"\nsynth = 1\n[[runs]]\nrunner = "Ada"\nmiles = 4\n',
        "TOML of another program",
    ),
    "empty tables of ours": (b"presets = []\n", "TOML of another program"),
    "a comment": (b"# precious\n", "TOML of another program"),
    "text": (b"Dear diary,\nprecious\n", "not TOML"),
    "binary": (b"\x00\xff\xfeprecious", "not UTF-8 text"),
    "empty": (b"", "an empty file"),
    "the mark further down": (b"# precious\n" + HEADER + b"mode = [\n", "not TOML"),
    "too deep": (b"a = " + b"[" * 100_000, "TOML of another program"),
}


def a_file(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


def folder_of_files(path: Path) -> None:
    path.mkdir()
    (path / "precious").write_text("precious")


def pipe(path: Path) -> None:
    os.mkfifo(path)


def link_to_a_file(path: Path) -> None:
    path.with_name("behind").write_text("precious = 1\n")
    path.symlink_to("behind")


def link_to_one_of_ours(path: Path) -> None:
    path.with_name("behind").write_bytes(HEADER + b"broken =")
    path.symlink_to("behind")


def link_to_nothing(path: Path) -> None:
    path.symlink_to("gone")


def of_another_user(path: Path) -> None:
    path.write_bytes(HEADER)
    os.chown(path, ANOTHER, ANOTHER)


MAKE: dict[Callable[[Path], object], str] = {
    **{a_file(content): reason for content, reason in CONTENTS.values()},
    folder_of_files: "a folder",
    pipe: "not a regular file",
    link_to_a_file: "a symbolic link",
    link_to_one_of_ours: "a symbolic link",
    link_to_nothing: "a symbolic link",
    of_another_user: "a file owned by another user",
}
every_shape = pytest.mark.parametrize(
    ("make", "reason"),
    [
        pytest.param(make, reason, marks=as_root if make is of_another_user else ())
        for make, reason in MAKE.items()
    ],
    ids=[*CONTENTS, *[make.__name__ for make in [*MAKE][len(CONTENTS) :]]],
)
every_name = pytest.mark.parametrize("name", WRITE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "project"
    path.mkdir(mode=0o755)
    return path


@every_name
@every_shape
def test_a_foreign_file_is_unchanged_and_reported(
    folder: Path, name: str, make: Callable[[Path], object], reason: str
) -> None:
    make(folder / name)
    before = read_tree(folder)
    notice = READ[name](folder)
    with pytest.raises(OSError, match="nothing is saved there") as refused:
        WRITE[name](folder)
    assert read_tree(folder) == before
    assert notice == str(refused.value)
    assert f"{name}: {reason}; nodion-tui did not write it" in notice
    assert "set NODION_TUI_DATA to another folder" in notice


@every_name
def test_a_file_replaced_by_another_owner_after_reading_is_unchanged(
    folder: Path, name: str
) -> None:
    state = UiStateFile(folder)
    state.load()
    (folder / name).write_text("precious = 1\n")
    save = partial(state.save, STATE) if name == "state.toml" else partial(WRITE[name], folder)
    with pytest.raises(OSError, match="nothing is saved there"):
        save()
    assert (folder / name).read_text() == "precious = 1\n"


@every_name
def test_an_own_file_has_the_header_and_is_read(folder: Path, name: str) -> None:
    WRITE[name](folder)
    assert (folder / name).read_bytes().startswith(HEADER)
    assert READ[name](folder) == ""
    WRITE[name](folder)
    assert not list(folder.glob("*.broken"))


@pytest.mark.parametrize("name", [name for name in WRITE if name != "known-failures.toml"])
def test_an_own_file_without_header_is_recognized(folder: Path, name: str) -> None:
    WRITE[name](folder)
    marked = (folder / name).read_bytes()
    (folder / name).write_bytes(marked.removeprefix(HEADER))
    assert READ[name](folder) == ""
    if name == "state.toml":
        state, _ = UiStateFile(folder).load()
        assert state == STATE
        UiStateFile(folder).save(state.with_size("log", 3))
        assert UiStateFile(folder).load() == (state.with_size("log", 3), "")
    else:
        WRITE[name](folder)
        assert (folder / name).read_bytes() == marked


@every_name
def test_an_edited_file_without_header_is_unchanged(folder: Path, name: str) -> None:
    WRITE[name](folder)
    content = (folder / name).read_bytes().removeprefix(HEADER) + b"# precious\n"
    (folder / name).write_bytes(content)
    assert "nothing is saved there" in READ[name](folder)
    with suppress(OSError):
        WRITE[name](folder)
    assert (folder / name).read_bytes() == content


@every_name
def test_a_broken_own_file_is_renamed(folder: Path, name: str) -> None:
    (folder / name).write_bytes(HEADER + b"broken = [")
    assert READ[name](folder).endswith(f"it was renamed to {name}.broken")
    assert (folder / f"{name}.broken").read_bytes() == HEADER + b"broken = ["
    WRITE[name](folder)
    assert READ[name](folder) == ""


@pytest.mark.parametrize("name", LOCKED)
@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (a_file(b"4711\n"), "a non-empty file"),
        *[(make, reason) for make, reason in [*MAKE.items()][len(CONTENTS) : -1]],
        pytest.param(of_another_user, "a file owned by another user", marks=as_root),
    ],
)
def test_a_foreign_file_at_the_locks_path_is_unchanged(
    folder: Path, name: str, make: Callable[[Path], object], reason: str
) -> None:
    WRITE[name](folder)
    (folder / f"{name}.lock").unlink()
    make(folder / f"{name}.lock")
    before = read_tree(folder)
    notice = READ[name](folder)
    with pytest.raises(OSError, match="nothing is saved there"):
        WRITE[name](folder)
    assert f"{name}.lock: {reason}; nodion-tui did not write it" in notice
    assert read_tree(folder) == before


@pytest.mark.parametrize("name", LOCKED)
def test_an_empty_file_serves_as_the_lock_and_stays_empty(folder: Path, name: str) -> None:
    (folder / f"{name}.lock").touch(0o644)
    before = read_tree(folder)[f"{name}.lock"]
    WRITE[name](folder)
    assert READ[name](folder) == ""
    assert read_tree(folder)[f"{name}.lock"] == before


def test_a_file_without_header_that_differs_when_rewritten_is_foreign(
    folder: Path,
) -> None:
    later = tomli_w.dumps({"mode": "timeline", "sizes": {"log": 2}, "from_a_later_version": 1})
    (folder / "state.toml").write_text(later)
    assert "TOML of another program" in read_state(folder)
    assert (folder / "state.toml").read_text() == later
