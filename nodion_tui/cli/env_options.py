"""`--env` and `--env-file`: the variables of a run, from the command line."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from nodion_tui.cli.process.exit_codes import CommandLineError
from nodion_tui.model.dotenv import parse_dotenv
from nodion_tui.model.trigger import EnvVariable

_LARGEST = 1_000_000
"""Bytes of a .env file."""


def env_variables(
    files: Sequence[str], pairs: Sequence[str], environ: Mapping[str, str] | None = None
) -> tuple[EnvVariable, ...]:
    """The variables in order; of a name given twice the last value holds, `--env` being last.

    Args:
        files: .env files; `-` is stdin.
        pairs: `K=V`, or `K` alone for the value that it has here.
        environ: in place of `os.environ`.

    Raises:
        Usage: a file cannot be read, or a name has no value.
    """
    values: dict[str, str] = {}
    for name in files:
        values |= _from_file(name)
    for pair in pairs:
        key, equals, value = pair.partition("=")
        values[key] = value if equals else _ours(key, os.environ if environ is None else environ)
    return tuple(EnvVariable(key, value) for key, value in values.items())


def _ours(key: str, environ: Mapping[str, str]) -> str:
    if key not in environ:
        raise CommandLineError(f"--env {key}: it has no value here; write {key}=VALUE")
    return environ[key]


def _from_file(name: str) -> dict[str, str]:
    try:
        if name == "-":
            content = sys.stdin.buffer.read(_LARGEST + 1)
        else:
            with Path(name).open("rb") as file:
                content = file.read(_LARGEST + 1)
    except OSError as error:
        raise CommandLineError(f"--env-file {name}: {error.strerror or error}") from None
    if len(content) > _LARGEST:
        raise CommandLineError(f"--env-file {name}: larger than {_LARGEST:,} bytes")
    try:
        parsed = parse_dotenv(content.decode("utf-8"))
    except UnicodeDecodeError:
        raise CommandLineError(f"--env-file {name}: not UTF-8 text") from None
    if parsed.problems:
        # The line itself may hold a secret: only its number is said.
        problem = parsed.problems[0]
        raise CommandLineError(f"--env-file {name}:{problem.line}: {problem.message}")
    return {variable.env_key: variable.env_val for variable in parsed.variables}
