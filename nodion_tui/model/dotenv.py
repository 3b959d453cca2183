r"""Parses `.env` text: comments, quotes, `export`, multi-line values.

Nothing is expanded or executed: `$HOME` in a value stays these five characters. Invalid lines are
reported with their number, never guessed.

    NAME=value                  up to the end of the line or ` #`; surrounding blanks are stripped
    export NAME='literal'       single quotes: every character is literal, newlines included
    NAME="with \n and \""       double quotes: \n \r \t \\ \" \$ \` unescaped, others literal

python-dotenv's `parse_stream`, which was weighed, leaves `\$` and `` \` `` as they are in double
quotes, reads `\'` in single quotes as an escape (so that `A='\'` is an error), and marks a bad line
without a reason.
"""

import re

import msgspec

from nodion_tui.model.trigger import EnvVariable

_BLANK = re.compile(r"[ \t]*(?:#[^\n]*)?(?:\n|\Z)")
_NAME = re.compile(r"[ \t]*(?:export[ \t]+)?([a-zA-Z_][a-zA-Z0-9_]*)[ \t]*=")
_SINGLE = re.compile(r"[ \t]*'([^']*)'")
_DOUBLE = re.compile(r'[ \t]*"((?:[^"\\]|\\.)*)"', re.DOTALL)
_REST = re.compile(r"[ \t]*(?:#[^\n]*)?(?=\n|\Z)")
_COMMENT = re.compile(r"[ \t]+#.*")
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\", '"': '"', "$": "$", "`": "`"}
_PAIR = re.compile(rf"(?:\A|\n){_NAME.pattern}")


class DotEnvProblem(msgspec.Struct, frozen=True):
    """An invalid line."""

    line: int
    """Line number, from 1."""
    message: str


class DotEnv(msgspec.Struct, frozen=True):
    """The assignments of a `.env` text; the last value of a repeated name applies."""

    variables: tuple[EnvVariable, ...]
    problems: tuple[DotEnvProblem, ...] = ()


def looks_like_dotenv(text: str) -> bool:
    """Whether a pasted text contains an assignment."""
    return bool(_PAIR.search(text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")))


def parse_dotenv(text: str) -> DotEnv:
    """Parse a `.env` text; invalid lines are returned as problems."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    values: dict[str, str] = {}
    problems: list[DotEnvProblem] = []
    position = 0
    while position < len(text):
        blank = _BLANK.match(text, position)
        if blank:
            position = blank.end()
            continue
        try:
            key, value, end = _assignment(text, position)
            values[key] = value
        except ValueError as error:
            problems.append(DotEnvProblem(text.count("\n", 0, position) + 1, str(error)))
            end = _line_end(text, position)
        position = end + 1
    variables = tuple(EnvVariable(key, value) for key, value in values.items())
    return DotEnv(variables, tuple(problems))


def _assignment(text: str, position: int) -> tuple[str, str, int]:
    """Name, value and end of the assignment at `position`."""
    name = _NAME.match(text, position)
    if not name:
        raise ValueError("expected NAME=value")
    start = name.end()
    opening = text[start:].lstrip(" \t")[:1]
    if opening not in {"'", '"'}:
        end = _line_end(text, start)
        return name[1], _COMMENT.sub("", text[start:end]).strip(" \t"), end
    quoted = (_SINGLE if opening == "'" else _DOUBLE).match(text, start)
    if not quoted:
        raise ValueError(f"unclosed {opening}")
    rest = _REST.match(text, quoted.end())
    if not rest:
        raise ValueError(f"unexpected text after the closing {opening}")
    value = quoted[1] if opening == "'" else _ESCAPE.sub(_unescape, quoted[1])
    return name[1], value, rest.end()


def _unescape(match: re.Match[str]) -> str:
    return _ESCAPES.get(match[1], match[0])


def _line_end(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end < 0 else end
