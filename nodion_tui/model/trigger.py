"""Trigger requests and their documented limits (API reference, "Trigger a new Run")."""

import re
import shlex

import msgspec

MAX_ARGV_ELEMENTS = 200
MAX_ARGV_CHARACTERS = 8000
"""Total length of all elements."""
MAX_COMMAND_CHARACTERS = 4000
MAX_ENTRYPOINT_CHARACTERS = 500

ENV_KEY = r"[a-zA-Z_][a-zA-Z0-9_]*\Z"
"""Pattern of environment variable names."""

Problems = dict[str, tuple[str, ...]]
"""Field name as in the API reference → messages."""


class EnvVariable(msgspec.Struct, frozen=True):
    """One environment variable, which overrides the runner's default for this run."""

    env_key: str
    env_val: str


class TriggerRequest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The body of a trigger: argv or command or neither, entrypoint, environment.

    Its JSON encoding is exactly what is sent: fields that are not set are omitted, and the
    runner's defaults apply to them.
    """

    argv: tuple[str, ...] | None = None
    """Exec form, without a shell."""
    command: str | None = None
    """Shell command, run as `sh -c`."""
    entrypoint: str | None = None
    env_variables: tuple[EnvVariable, ...] = ()

    def problems(self) -> Problems:
        """Violations of documented limits by field; empty if the request is valid."""
        messages_by_field = {
            "argv": _argv_problems(self.argv, self.command),
            "command": _text_problems(self.command, MAX_COMMAND_CHARACTERS),
            "entrypoint": _text_problems(self.entrypoint, MAX_ENTRYPOINT_CHARACTERS),
            "env_variables": _env_problems(self.env_variables),
        }
        return {field: tuple(messages) for field, messages in messages_by_field.items() if messages}


def parse_argv(text: str) -> tuple[str, ...]:
    r"""Splits a command line by the quoting rules of a POSIX shell; nothing is expanded.

    shlex alone takes a backslash at the end of a line for a line break, and keeps the backslash of
    `"\$HOME"`; a shell continues the line, and drops it.

    Raises:
        ValueError: unclosed quote, trailing backslash, or `$'…'`; the message says which.
    """
    plain = re.sub(_QUOTING, _as_shlex_reads, text, flags=re.DOTALL)
    try:
        return tuple(shlex.split(plain, comments=False, posix=True))
    except ValueError as error:
        is_quote = "quotation" in str(error)
        problem = _unclosed_quote(text) if is_quote else "trailing \\ escapes nothing"
        raise ValueError(problem) from None


def _unclosed_quote(text: str) -> str:
    """Where the quote begins that has no end, counted from 1."""
    rest = re.sub(_QUOTING, lambda part: "_" * len(part.group()), text, flags=re.DOTALL)
    at = min(rest.find(quote) for quote in "'\"" if quote in rest)
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    place = f"line {line}, column {column}" if "\n" in text else f"column {column}"
    return f"unclosed quote at {place}"


def _as_shlex_reads(part: re.Match[str]) -> str:
    """A quoted or escaped part, written so that shlex reads it as a shell would."""
    quoted = part.group()
    match quoted[0]:
        case "$":
            raise ValueError(f"{quoted}…{quoted[1]} is not supported: use '…' or \"…\"")
        case '"':
            return re.sub(
                r"\\(.)", lambda escape: _KEPT.get(escape[1], escape[0]), quoted, flags=re.DOTALL
            )
        case _:
            return "" if quoted == "\\\n" else quoted


_QUOTING = r"""'[^']*'|"(?:\\.|[^"\\])*"|\\.|\$['"]"""
_KEPT = {"\n": "", "$": "$", "`": "`"}
"""Character after a backslash in double quotes → what is left of both."""


def format_argv(argv: tuple[str, ...]) -> str:
    """Quotes tokens for a POSIX shell; the inverse of `parse_argv`."""
    return shlex.join(argv)


def shell_syntax_tokens(argv: tuple[str, ...]) -> tuple[str, ...]:
    """Tokens with shell syntax, which has no effect in argv form.

    The script of a `sh -c` is excluded: the shell named in argv evaluates it.
    """
    if len(argv) > 2 and re.search(_SHELL, argv[0]) and re.match(_SCRIPT_FLAG, argv[1]):
        argv = argv[3:]
    return tuple(token for token in argv if re.search(_SHELL_SYNTAX, token))


_SHELL = r"(?:\A|/)(?:ba|da|z|k|a)?sh\Z"
_SCRIPT_FLAG = r"-[a-z]*c\Z"
_SHELL_SYNTAX = (
    r"\$[A-Za-z_{(]|`"  # expansion
    r"|\A(?:&&|\|[|&]?|;|&)\Z|;\Z"  # lists and pipes
    r"|\A(?:[0-9]|&)?>[>|]?(?:&[0-9-])?|\A<"  # redirection
)


def _argv_problems(argv: tuple[str, ...] | None, command: str | None) -> list[str]:
    problems: list[str] = []
    if argv is None:
        return problems
    if argv and command is not None:
        problems.append("argv and command are mutually exclusive")
    if len(argv) > MAX_ARGV_ELEMENTS:
        problems.append(f"{len(argv)} elements, limit {MAX_ARGV_ELEMENTS}")
    total = sum(map(len, argv))
    if total > MAX_ARGV_CHARACTERS:
        problems.append(f"{total:,} characters in total, limit {MAX_ARGV_CHARACTERS:,}")
    if any("\0" in token for token in argv):
        problems.append("contains a NUL character: not allowed")
    return problems


def _text_problems(text: str | None, limit: int) -> list[str]:
    problems: list[str] = []
    if text is None:
        return problems
    if len(text) > limit:
        problems.append(f"{len(text):,} characters, limit {limit:,}")
    if "\0" in text:
        problems.append("contains a NUL character: not allowed")
    return problems


def _env_problems(variables: tuple[EnvVariable, ...]) -> list[str]:
    problems = []
    seen = set()
    for variable in variables:
        if not re.match(ENV_KEY, variable.env_key):
            problems.append(f"invalid name {variable.env_key!r}: use letters, digits and _")
        if variable.env_key in seen:
            problems.append(f"duplicate name {variable.env_key}")
        if "\0" in variable.env_val:
            problems.append(f"{variable.env_key} contains a NUL character: not allowed")
        seen.add(variable.env_key)
    return problems
