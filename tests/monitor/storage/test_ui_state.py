import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nodion_tui.monitor.storage.toml_file import HEADER
from nodion_tui.monitor.storage.ui_state import ListState, UiState, UiStateFile

_NAMES = st.text(max_size=8)
_STATES = st.builds(
    UiState,
    profile=_NAMES,
    mode=_NAMES,
    theme=_NAMES,
    sizes=st.dictionaries(_NAMES, st.integers(0, 500), max_size=3),
    lists=st.dictionaries(
        _NAMES,
        st.builds(
            ListState,
            columns=st.lists(_NAMES, max_size=3).map(tuple),
            sort=_NAMES,
            descending=st.booleans(),
        ),
        max_size=3,
    ),
    choices=st.dictionaries(_NAMES, _NAMES, max_size=3),
)


def load(folder: Path, content: str) -> tuple[UiState, str]:
    (folder / "state.toml").write_bytes(HEADER + content.encode())
    return UiStateFile(folder).load()


@given(state=_STATES)
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_saved_state_is_loaded_at_the_next_start(tmp_path: Path, state: UiState) -> None:
    file = UiStateFile(tmp_path)
    file.load()
    file.save(state)
    assert UiStateFile(tmp_path).load() == (state, "")


def test_the_first_start_has_no_state_and_writes_no_file(tmp_path: Path) -> None:
    file = UiStateFile(tmp_path / "data")
    assert file.load() == (UiState(), "")
    assert not file.save(UiState())
    assert not (tmp_path / "data").exists()


def test_it_is_written_only_if_it_changed(tmp_path: Path) -> None:
    file = UiStateFile(tmp_path / "data")
    state = UiState(profile="prod").with_size("runners", 24)
    assert file.save(state)
    assert not file.save(UiState(profile="prod").with_size("runners", 24))
    assert file.save(state.with_choice("timeline.window", "6 h"))
    path = tmp_path / "data" / "state.toml"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_changes_do_not_modify_the_old_state() -> None:
    before = UiState()
    after = before.with_list("runs", ListState(sort="exit")).with_size("log", 12)
    assert before == UiState()
    assert after.lists["runs"].sort == "exit"
    assert after.sizes == {"log": 12}


def test_a_broken_file_loses_its_contents_and_is_reported(tmp_path: Path) -> None:
    state, notice = load(tmp_path, "mode = ")
    assert state == UiState()
    assert "renamed to state.toml.broken" in notice


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        ("mode = 3\nprofile = 'prod'", UiState(profile="prod")),
        ("sizes = 3", UiState()),
        ("[sizes]\na = 1\nb = 'x'\nc = true", UiState(sizes={"a": 1})),
        ("[choices]\na = 1\nb = 'x'", UiState(choices={"b": "x"})),
        ("[lists]\nruns = 5", UiState()),
        (
            "[lists.runs]\nsort = 5\ncolumns = ['a', 'b']\nfuture = 1",
            UiState(lists={"runs": ListState(columns=("a", "b"))}),
        ),
        (
            "[lists.runs]\ncolumns = [1]\ndescending = false",
            UiState(lists={"runs": ListState(descending=False)}),
        ),
        ("from_a_later_version = 1", UiState()),
    ],
)
def test_only_the_invalid_value_is_ignored(tmp_path: Path, content: str, wanted: UiState) -> None:
    assert load(tmp_path, content) == (wanted, "")
