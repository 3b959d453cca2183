"""Checking what a TOML table holds, key by key, so that every mistake is told at once."""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from nodion_tui.config.toml import TomlDocument

Converters = Mapping[str, Callable[[Any], Any]]
"""Key → what makes its value of what was written, or raises ValueError with what is wanted."""

NO_CONVERTERS: Converters = {}


class TableChecker:
    """Checks the tables of one document.

    Args:
        document: as it was read.
    """

    def __init__(self, document: TomlDocument) -> None:
        self._document = document
        self.problems: list[str] = []
        """One line for each mistake so far: file, line, key, and what is wrong. Holds no value."""

    def add_problem(self, path: Iterable[str], problem: str) -> None:
        """Note a mistake at a key."""
        path = tuple(path)
        self.problems.append(f"{self._document.location(*path)}: {'.'.join(path)}: {problem}")

    def check_table(
        self,
        path: tuple[str, ...],
        content: Any,
        types: Mapping[str, Any],
        converters: Converters = NO_CONVERTERS,
    ) -> dict[str, Any]:
        """The good values of a table by key.

        Args:
            path: of the table; an array's index is one of its parts.
            content: what stands there.
            types: the keys there are, each with its type.
            converters: as above.
        """
        if not isinstance(content, Mapping):
            self.add_problem(path, "wants a table")
            return {}
        checked = {}
        for key, value in content.items():
            if key not in types:
                self.add_problem((*path, key), _unknown(key, types))
                continue
            try:
                converted = msgspec.convert(value, types[key])
                checked[key] = converters[key](converted) if key in converters else converted
            except msgspec.ValidationError as error:
                self.add_problem((*path, key), _wanted(str(error)))
            except ValueError as error:
                self.add_problem((*path, key), str(error))
        return checked


def field_types(section: type[msgspec.Struct]) -> dict[str, Any]:
    """The keys of a section and their types, from a declaration of it."""
    return {field.name: field.type for field in msgspec.structs.fields(section)}


def _unknown(key: str, types: Mapping[str, Any]) -> str:
    if key in {"key", "api_key", "token"}:
        return "a key does not belong in this file: use key_command, key_file or key_keyring"
    near = difflib.get_close_matches(key, types, 1)
    return f"there is no such setting{f'; did you mean {near[0]}?' if near else ''}"


_WORDS: Mapping[str, str] = {
    "bool": "true or false",
    "str": "a string in quotes",
    "int": "a whole number",
    "float": "a number",
    "array": "a list in brackets",
    "object": "a table",
}


def _wanted(message: str) -> str:
    """A validation error in the words of a person who writes TOML; holds no value."""
    words = re.sub(r"Object contains unknown field `(\w+)`", r"has no `\1` in it", message)
    words = re.sub(r"`(\w+)`", lambda found: _WORDS.get(found[1], found[1]), words)
    words = re.sub(r"`([\w |]+)`", lambda found: _alternatives(found[1]), words)
    words = words.replace("Expected ", "wants ").replace(" - at `$", " (at `").replace("`)", ")")
    words = words.replace(", got ", ", not ")
    return re.sub(r"\(at `(.*)`$", r"(at \1)", words)


def _alternatives(types: str) -> str:
    return " or ".join(_WORDS.get(name.strip(), name.strip()) for name in types.split("|"))
