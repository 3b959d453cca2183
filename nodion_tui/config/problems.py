"""Problems of a configuration that can be used all the same, each with its file and line.

A mistake that leaves no doubt, such as a misspelt key, is an error and stops the program. What
keeps only one rule or colour from working is a problem: dashboard, `doctor` and `config show` tell
it.
"""

import math
import os
import shutil
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

import msgspec


class Problem(msgspec.Struct, frozen=True):
    """Something in the configuration that cannot work."""

    where: str
    """File and line: `config.toml:12`."""
    text: str
    """Key and sentence: `rules[0].status: no run has the status 'faild'`. Contains no secret."""

    def __str__(self) -> str:
        return f"{self.where}: {self.text}"


def in_file_order(problems: Iterable[Problem]) -> list[Problem]:
    """Problems by line, so that a file is mended from its top; those without a line are last."""

    def line(problem: Problem) -> float:
        number = problem.where.rpartition(":")[2]
        return int(number) if number.isdecimal() else math.inf

    return sorted(problems, key=line)


def similar_hint(word: str, words: Collection[str]) -> str:
    """`; did you mean failed?` with the most similar word; empty if none is similar."""
    import difflib  # noqa: PLC0415 - for a mistake alone

    similar = difflib.get_close_matches(word.casefold(), words, 1)
    return f"; did you mean {similar[0]}?" if similar else ""


def program_problem(argv: Sequence[str]) -> str:
    """Why the program of a command cannot be started: a sentence; empty if it can be."""
    program = argv[0]
    if shutil.which(program) is not None:
        return ""
    if program.startswith("~"):
        return f"command not found: {program}; there is no shell that replaces ~, write the path"
    path = Path(program)
    if os.sep not in program:
        return f"command not found: {program}; it is not on PATH"
    if not path.exists():
        return f"command not found: {program}"
    return f"command cannot be executed: {program}"
