"""What the screen looked like last time: the program remembers, a person never writes it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import asdict, replace

from nodion_tui.monitor.storage.toml_file import TomlFile

FILE_NAME = "state.toml"
_LONGEST_NAME = 200


class ListState(msgspec.Struct, frozen=True, omit_defaults=True):
    """How one list is shown."""

    columns: tuple[str, ...] = ()
    """Their names, left to right; empty: as the list would have them."""
    sort: str = ""
    """The column it is sorted by; empty: as the list would have it."""
    descending: bool = True


class UiState(msgspec.Struct, frozen=True, omit_defaults=True):
    """Everything that is remembered. Names are the screen's own; unknown ones do no harm."""

    profile: str = ""
    """The one used last; empty: none yet."""
    mode: str = ""
    theme: str = ""
    """As it was chosen on the screen; config.toml wins."""
    sizes: Mapping[str, int] = {}
    """Pane → cells."""
    lists: Mapping[str, ListState] = {}
    """List → how it is shown."""
    choices: Mapping[str, str] = {}
    """Anything else that was chosen, such as the timeline's window."""

    def with_size(self, pane: str, cells: int) -> "UiState":
        """With another size of a pane."""
        return replace(self, sizes={**self.sizes, pane: cells})

    def with_list(self, name: str, state: ListState) -> "UiState":
        """With another look of a list."""
        return replace(self, lists={**self.lists, name: state})

    def with_choice(self, name: str, value: str) -> "UiState":
        """With another choice."""
        return replace(self, choices={**self.choices, name: value})


class UiStateFile:
    """Where it is kept between two starts.

    Args:
        folder: the program's data folder.
    """

    def __init__(self, folder: Path) -> None:
        self._file = TomlFile(folder / FILE_NAME, rewrite=_rewritten)
        self._saved = UiState()

    def load(self) -> tuple[UiState, str]:
        """What was remembered, and a notice where the file was broken or a person's (else empty).

        A value of the wrong type is left out, alone.
        """
        contents = self._file.read()
        self._saved = _state(contents.data)
        return self._saved, contents.notice

    def save(self, state: UiState) -> bool:
        """Remember it; blocks for milliseconds.

        Returns:
            Whether it was written: not if nothing is different.

        Raises:
            OSError: it cannot be written, or what is there is a person's.
        """
        if state == self._saved:
            return False
        self._file.write(msgspec.to_builtins(state))
        self._saved = state
        return True


def _state(data: Mapping[str, Any]) -> UiState:
    return UiState(
        profile=_word(data.get("profile")),
        mode=_word(data.get("mode")),
        theme=_word(data.get("theme")),
        sizes=_table(data.get("sizes"), int),
        lists={name: _list(value) for name, value in _table(data.get("lists"), dict).items()},
        choices=_table(data.get("choices"), str),
    )


def _rewritten(data: dict[str, Any]) -> dict[str, Any]:
    """The file as `save` writes what is understood of it.

    Raises:
        ValueError: mode or sizes are missing, which the dashboard has always written.
    """
    state = msgspec.convert(data, UiState)
    if not (state.mode and state.sizes):
        raise ValueError("nothing that tells whose it is")
    rewritten: dict[str, Any] = msgspec.to_builtins(state)
    return rewritten


def _list(data: Mapping[str, Any]) -> ListState:
    kept = {
        name: value
        for name, value in data.items()
        if name in asdict(ListState()) and _fits(name, value)
    }
    return msgspec.convert(kept, ListState)


def _fits(name: str, value: object) -> bool:
    try:
        msgspec.convert({name: value}, ListState)
    except msgspec.ValidationError:
        return False
    return True


def _word(value: object) -> str:
    return value[:_LONGEST_NAME] if isinstance(value, str) else ""


def _table(value: object, kind: type) -> dict[str, Any]:
    """The entries of a table that have the right type; exactly, as a bool is no size."""
    if not isinstance(value, dict):
        return {}
    return {name: entry for name, entry in value.items() if type(entry) is kind}
