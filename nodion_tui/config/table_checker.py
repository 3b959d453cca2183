"""Validates TOML tables key by key and collects all problems."""

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from nodion_tui.config.problems import Problem, in_file_order, similar_hint
from nodion_tui.config.toml import TomlDocument

Converters = Mapping[str, Callable[[Any], Any]]
"""Key → converter of the written value; raises ValueError if the value is invalid."""

NO_CONVERTERS: Converters = {}
_MAX_NAME = 200
"""Characters of a key that are shown."""
_MAX_PROBLEMS = 50
"""Problems of one document that are reported; a similar name is looked for in each."""


class TableChecker:
    """Validates the tables of one document."""

    def __init__(self, document: TomlDocument) -> None:
        self._document = document
        self.problems: list[Problem] = []
        """What keeps the file from being used. Contains no values."""
        self.warnings: list[Problem] = []
        """What cannot work, although the file can be used."""

    def add_problem(self, path: Iterable[str], problem: str) -> None:
        """Add a problem at a key."""
        path = tuple(path)
        self.problems.append(Problem(self.location(path), f"{self._name(path)}: {problem}"))

    @property
    def report(self) -> str:
        """One line per problem, in the order of the file: file, line, key and message."""
        return "\n".join(map(str, in_file_order(self.problems)))

    def location(self, path: Iterable[str]) -> str:
        """File and line of a key: `config.toml:12`."""
        return self._document.location(*path)

    def short_location(self, path: Iterable[str]) -> str:
        """The same without the folder, as the source of a setting is told."""
        return Path(self.location(path)).name

    def add_warning(self, path: Iterable[str], text: str) -> None:
        """Add something at a key that cannot work, although the file can be used."""
        path = tuple(path)
        if len(self.warnings) < _MAX_PROBLEMS:
            self.warnings.append(Problem(self.short_location(path), f"{self._name(path)}: {text}"))

    def _name(self, path: Iterable[str]) -> str:
        return self._document.name(*path)[:_MAX_NAME]

    def check_table(
        self,
        path: tuple[str, ...],
        content: Any,
        types: Mapping[str, Any],
        converters: Converters = NO_CONVERTERS,
    ) -> dict[str, Any]:
        """Validate a table by the types of its keys; returns its valid values by key.

        An array index is a part of the path.
        """
        if not isinstance(content, Mapping):
            self.add_problem(path, "expected a table")
            return {}
        checked = {}
        for key, value in content.items():
            if len(self.problems) >= _MAX_PROBLEMS:
                break
            if key not in types:
                self.add_problem((*path, key), _unknown(key, types))
                continue
            try:
                converted = msgspec.convert(value, types[key])
                checked[key] = converters[key](converted) if key in converters else converted
            except msgspec.ValidationError as error:
                self.add_problem((*path, key), _type_problem(str(error)))
            except ValueError as error:
                self.add_problem((*path, key), str(error))
        return checked


def field_types(section: type[msgspec.Struct]) -> dict[str, Any]:
    """Keys of a section and their types, from its declaration."""
    return {field.name: field.type for field in msgspec.structs.fields(section)}


def require_program(value: tuple[str, ...]) -> tuple[str, ...]:
    """Checks that a command has a program.

    Raises:
        ValueError: there is no program.
    """
    if not value or not value[0]:
        raise ValueError('expected a program and its arguments, such as ["pass", "show", "nodion"]')
    return value


def _unknown(key: str, types: Mapping[str, Any]) -> str:
    if key in {"key", "api_key", "token"}:
        return "API keys do not belong in this file: use key_command, key_file or key_keyring"
    return f"unknown setting{similar_hint(key, types)}"


_TYPE_NAMES: Mapping[str, str] = {
    "bool": "true or false",
    "str": "a string in quotes",
    "int": "a whole number",
    "float": "a number",
    "array": "a list in brackets",
    "object": "a table",
}


def _type_problem(message: str) -> str:
    """A validation error in TOML terms; contains no value."""
    text = re.sub(r"Object contains unknown field `(\w+)`", r"unknown key `\1`", message)
    text = re.sub(r"`(\w+)`", lambda match: _TYPE_NAMES.get(match[1], match[1]), text)
    text = re.sub(r"`([\w |]+)`", lambda match: _alternatives(match[1]), text)
    text = text.replace("Expected ", "expected ").replace(" - at `$", " (at `").replace("`)", ")")
    return re.sub(r"\(at `(.*)`$", r"(at \1)", text)


def _alternatives(types: str) -> str:
    return " or ".join(_TYPE_NAMES.get(name.strip(), name.strip()) for name in types.split("|"))
