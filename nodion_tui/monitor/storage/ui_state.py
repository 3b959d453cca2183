"""Stored state of the screens: written by the program, never by a person."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import asdict, replace

from nodion_tui.monitor.storage.toml_file import TomlFile

FILE_NAME = "state.toml"
TIMELINE_WINDOW = "timeline.window"
"""Name of the choice of the timeline's window, by its label."""
_MAX_TEXT_LENGTH = 200


class ListState(msgspec.Struct, frozen=True, omit_defaults=True):
    """Columns and order of one list."""

    columns: tuple[str, ...] = ()
    """Column names, left to right; empty: the list's default."""
    sort: str = ""
    """The sort column; empty: the list's default."""
    descending: bool = True
    active_first: bool = True
    """Whether runs that have not ended are before all others while the newest are first."""


class UiState(msgspec.Struct, frozen=True, omit_defaults=True):
    """The complete stored state. Names are the screens' own; unknown ones are ignored."""

    profile: str = ""
    """The last used profile; empty: none yet."""
    mode: str = ""
    theme: str = ""
    """As selected on the screen; config.toml takes precedence."""
    sizes: Mapping[str, int] = {}
    """Pane → cells."""
    lists: Mapping[str, ListState] = {}
    """List → columns and order."""
    choices: Mapping[str, str] = {}
    """Other selections, such as the timeline's window."""
    pins: Mapping[str, tuple[str, ...]] = {}
    """Profile → ids of its pinned runners."""

    def with_size(self, pane: str, cells: int) -> "UiState":
        """A copy with another size of a pane."""
        return replace(self, sizes={**self.sizes, pane: cells})

    def with_list(self, name: str, state: ListState) -> "UiState":
        """A copy with another state of a list."""
        return replace(self, lists={**self.lists, name: state})

    def with_choice(self, name: str, value: str) -> "UiState":
        """A copy with another selection."""
        return replace(self, choices={**self.choices, name: value})


class UiStateFile:
    """The file in the data folder in which the state is stored between two starts."""

    def __init__(self, folder: Path) -> None:
        self._file = TomlFile(folder / FILE_NAME, rewrite=_rewritten)
        self._saved = UiState()

    def load(self) -> tuple[UiState, str]:
        """The stored state, and a notice if the file is broken or someone else's (else empty).

        Only values of the wrong type are ignored.
        """
        contents = self._file.read()
        self._saved = _state(contents.data)
        return self._saved, contents.notice

    def save(self, state: UiState) -> bool:
        """Store the state; blocks for milliseconds.

        Returns:
            Whether it was written: not if nothing changed.

        Raises:
            OSError: it cannot be written, or belongs to someone else.
        """
        if state == self._saved:
            return False
        self._file.write(msgspec.to_builtins(state))
        self._saved = state
        return True


def _state(data: Mapping[str, Any]) -> UiState:
    return UiState(
        profile=_text(data.get("profile")),
        mode=_text(data.get("mode")),
        theme=_text(data.get("theme")),
        sizes=_table(data.get("sizes"), int),
        lists={name: _list(value) for name, value in _table(data.get("lists"), dict).items()},
        choices=_table(data.get("choices"), str),
        pins=_pins(data.get("pins")),
    )


def _pins(value: object) -> dict[str, tuple[str, ...]]:
    """The ids of each profile that are texts."""
    lists = _table(value, list)
    return {
        name: tuple(each for each in ids if isinstance(each, str)) for name, ids in lists.items()
    }


def _rewritten(data: dict[str, Any]) -> dict[str, Any]:
    """The file as `save` writes it.

    Raises:
        ValueError: mode or sizes are missing, which the dashboard has always written.
    """
    state = msgspec.convert(data, UiState)
    if not (state.mode and state.sizes):
        raise ValueError("nothing that identifies the program's file")
    rewritten: dict[str, Any] = msgspec.to_builtins(state)
    return rewritten


def _list(data: Mapping[str, Any]) -> ListState:
    valid = {
        name: value
        for name, value in data.items()
        if name in asdict(ListState()) and _is_valid(name, value)
    }
    return msgspec.convert(valid, ListState)


def _is_valid(name: str, value: object) -> bool:
    try:
        msgspec.convert({name: value}, ListState)
    except msgspec.ValidationError:
        return False
    return True


def _text(value: object) -> str:
    return value[:_MAX_TEXT_LENGTH] if isinstance(value, str) else ""


def _table(value: object, kind: type) -> dict[str, Any]:
    """The entries of a table that have exactly the right type, as a bool is not a size."""
    if not isinstance(value, dict):
        return {}
    return {name: entry for name, entry in value.items() if type(entry) is kind}
