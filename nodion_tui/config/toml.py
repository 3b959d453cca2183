"""TOML parser that adds the line of every key, which `tomllib` does not provide.

`tomllib` is imported, and patterns are compiled, for a file with text: the patterns alone take
longer than all else that is read of none.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from nodion_tui.config.paths import display_path
from nodion_tui.config.trusted_files import UntrustedFile, read_trusted_file
from nodion_tui.model.errors import ConfigError

KeyPath = tuple[str, ...]
"""Table and key names from the root; an array of tables adds the index, from 0."""

MAX_BYTES = 1_000_000
"""Largest configuration file that is accepted."""

_MAX_KEY_PARTS = 100
_PART = r"""\.[ \t]*+(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')"""
_LONG_KEY = rf"{_PART}(?:[ \t]*+{_PART}){{{_MAX_KEY_PARTS - 1}}}"
"""A dotted key whose parsing would take time with the square of its parts: minutes in a MB."""

_LEXEME = r"""(?xs)
      (?P<skip>   \#[^\n]* | [^\S\n]+ )
    | (?P<long>   \"{3}(?:\\.|[^\\])*?\"{3,5} | '{3}.*?'{3,5} )
    | (?P<quoted> "(?:\\.|[^"\\\n])*" | '[^'\n]*' )
    | (?P<bare>   [A-Za-z0-9_-]+ )
    | (?P<mark>   \n | . )
    """


class TomlDocument(msgspec.Struct, frozen=True):
    """Content of a TOML file with line numbers."""

    path: Path
    data: dict[str, Any]
    lines: dict[KeyPath, int]

    def line(self, *path: str) -> int | None:
        """Line of a key or table header, from 1; else of what it holds, or is in."""
        if path not in self.lines:
            inside = (line for key, line in self.lines.items() if path and key[: len(path)] == path)
            if (first := next(inside, None)) is not None:
                return first
        for end in range(len(path), 0, -1):
            if (line := self.lines.get(path[:end])) is not None:
                return line
        return None

    def name(self, *path: str) -> str:
        """A key as it is told, the entries of an array by index: `rules[0].status`."""
        name = ""
        content: Any = self.data
        for part in path:
            if is_entry := isinstance(content, list) and part.isdecimal():
                content = content[int(part)] if int(part) < len(content) else None
            else:
                content = content.get(part) if isinstance(content, dict) else None
            name += f"[{part}]" if is_entry else f".{part}" if name else part
        return name

    def location(self, *path: str) -> str:
        """File and line as editors and terminals expect: `config.toml:12`."""
        line = self.line(*path)
        shown = display_path(self.path)
        return shown if line is None else f"{shown}:{line}"


def read_toml(path: Path) -> TomlDocument | None:
    """Read a file that only the user can change; None if it does not exist.

    Raises:
        ConfigError: unreadable, writable by others, too large, or not TOML; names file and line.
    """
    shown = display_path(path)
    try:
        content = read_trusted_file(path, MAX_BYTES)
    except FileNotFoundError:
        return None
    except UntrustedFile as error:
        raise ConfigError(str(error)) from None
    except OSError as error:
        raise ConfigError(f"{shown}: {error.strerror or error}") from error
    if len(content) > MAX_BYTES:
        raise ConfigError(f"{shown}: larger than {MAX_BYTES:,} bytes")
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{shown}:{line}: not UTF-8 text") from error
    data = _parse(shown, text) if text.strip() else {}
    return TomlDocument(path, data, key_lines(text) if data else {})


def _parse(shown: str, text: str) -> dict[str, Any]:
    import tomllib  # noqa: PLC0415 - see above

    if text.count(".") >= _MAX_KEY_PARTS and re.search(_LONG_KEY, text):
        raise ConfigError(f"{shown}: a key of more than {_MAX_KEY_PARTS} parts")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(_syntax_problem(shown, text, str(error))) from None
    except RecursionError:
        raise ConfigError(f"{shown}: nested too deeply") from None
    except ValueError:  # of int(), which takes 4,300 digits
        raise ConfigError(f"{shown}: a number of too many digits") from None


def key_lines(text: str) -> dict[KeyPath, int]:
    """Lines of all table headers and `key =` statements of a valid TOML text.

    Keys inside an inline table get the line of the enclosing statement.
    """
    lines: dict[KeyPath, int] = {}
    table: KeyPath = ()
    arrays: dict[KeyPath, int] = {}
    for line, path, header in _statements(text):
        if header:
            table = _resolve(path, arrays)
            if header == 2:
                arrays[table] = arrays.get(table, -1) + 1
                table = (*table, str(arrays[table]))
            lines.setdefault(table, line)
        else:
            for end in range(1, len(path) + 1):
                lines.setdefault((*table, *path[:end]), line)
    return lines


def _resolve(path: KeyPath, arrays: dict[KeyPath, int]) -> KeyPath:
    """A header's path, with the index of each array of tables on it."""
    resolved: KeyPath = ()
    for position, name in enumerate(path):
        resolved = (*resolved, name)
        if position < len(path) - 1 and resolved in arrays:
            resolved = (*resolved, str(arrays[resolved]))
    return resolved


def _statements(text: str) -> Iterator[tuple[int, KeyPath, int]]:
    """Line, key path and number of header brackets (0 for `key =`) of each statement."""
    line, depth, brackets = 1, 0, 0
    path: list[str] = []
    in_value = False
    start = 1
    for token in re.finditer(_LEXEME, text):
        kind, word = token.lastgroup, token.group()
        if kind == "mark":
            if word == "\n" and depth == 0:
                if brackets and path:
                    yield start, tuple(path), brackets
                path, brackets, in_value = [], 0, False
            elif in_value:
                depth += (word in "[{") - (word in "]}")
            elif word == "=":
                yield start, tuple(path), 0
                in_value = True
            elif word == "[":
                brackets, start = brackets + 1, line
        elif kind in {"bare", "quoted"} and not in_value:
            start = start if path else line
            path.append(_name(word))
        line += word.count("\n")
    if brackets and path:
        yield start, tuple(path), brackets


def _name(word: str) -> str:
    if word[0] not in "\"'":
        return word
    import tomllib  # noqa: PLC0415 - see above

    return next(iter(tomllib.loads(f"{word} = 0")))


def _syntax_problem(shown: str, text: str, message: str) -> str:
    """The parser's message with file and line, without any value, which could be a key."""
    match = re.search(r"\(at line (\d+), column (\d+)\)", message)
    line = int(match.group(1)) if match else text.count("\n") + 1
    reason = re.split(r"[:(]", message, maxsplit=1)[0].strip() or "not TOML"
    return f"{shown}:{line}: {reason}"
