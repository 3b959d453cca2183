"""`--env` and `--env-file`: environment variables of a run from the command line."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from nodion_tui.cli.process.exit_codes import CommandLineError
from nodion_tui.model.dotenv import parse_dotenv
from nodion_tui.model.trigger import EnvVariable

_MAX_BYTES = 1_000_000
"""Size limit of a .env file."""


def env_variables(files: Sequence[str], pairs: Sequence[str]) -> tuple[EnvVariable, ...]:
    """Variables in order; the last value of a name wins, and `--env` wins over files.

    Args:
        files: .env files; `-` is stdin.
        pairs: `K=V`, or `K` to pass on the value from the local environment.

    Raises:
        CommandLineError: a file cannot be read, or a variable has no value.
    """
    values: dict[str, str] = {}
    for name in files:
        values |= _read_file(name)
    for pair in pairs:
        key, equals, value = pair.partition("=")
        values[key] = value if equals else _local_value(key)
    return tuple(EnvVariable(key, value) for key, value in values.items())


def _local_value(key: str) -> str:
    if key not in os.environ:
        raise CommandLineError(f"--env {key}: not set in this environment; use {key}=VALUE")
    return os.environ[key]


def _read_file(name: str) -> dict[str, str]:
    try:
        if name == "-":
            content = sys.stdin.buffer.read(_MAX_BYTES + 1)
        else:
            with Path(name).open("rb") as file:
                content = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise CommandLineError(f"--env-file {name}: {error.strerror or error}") from None
    if len(content) > _MAX_BYTES:
        raise CommandLineError(f"--env-file {name}: larger than {_MAX_BYTES:,} bytes")
    try:
        parsed = parse_dotenv(content.decode("utf-8"))
    except UnicodeDecodeError:
        raise CommandLineError(f"--env-file {name}: not UTF-8 text") from None
    if parsed.problems:
        # The line may hold a secret: only its number is reported.
        problem = parsed.problems[0]
        raise CommandLineError(f"--env-file {name}:{problem.line}: {problem.message}")
    return {variable.env_key: variable.env_val for variable in parsed.variables}
