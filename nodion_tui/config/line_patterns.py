"""`[[patterns]]` of config.toml: lines that are lit and told."""

from collections.abc import Sequence
from typing import Any

import msgspec

from nodion_tui.config.notify_rules import read_channels
from nodion_tui.config.table_checker import (
    Converters,
    TableChecker,
    field_types,
    require_program,
)
from nodion_tui.model.line_pattern import LOOK_WORDS, LinePattern

MAX_PATTERNS = 50
"""Patterns of a file; each visible line is held against all of its runner."""
MAX_LENGTH = 1000
"""Characters of a regular expression."""


class PatternSection(msgspec.Struct):
    """The keys of one `[[patterns]]` entry."""

    regex: str
    name: str
    look: str
    runner: str
    tell: str | tuple[str, ...]
    command: tuple[str, ...]
    watch: bool
    per_minute: int


def read_line_patterns(checker: TableChecker, sections: Sequence[Any]) -> tuple[LinePattern, ...]:
    """The patterns in file order; problems are added to the checker."""
    if len(sections) > MAX_PATTERNS:
        checker.add_problem(("patterns", str(MAX_PATTERNS)), f"more than {MAX_PATTERNS} patterns")
    patterns = (
        _read_pattern(checker, ("patterns", str(index)), section)
        for index, section in enumerate(sections[:MAX_PATTERNS])
    )
    return tuple(pattern for pattern in patterns if pattern is not None)


def _read_pattern(checker: TableChecker, path: tuple[str, ...], section: Any) -> LinePattern | None:
    problems = len(checker.problems)
    checked = checker.check_table(path, section, field_types(PatternSection), _CONVERTERS)
    if len(checker.problems) > problems:
        return None
    if "regex" not in checked:
        checker.add_problem(path, "regex is missing: which lines are meant?")
        return None
    pattern = LinePattern(**checked, source=checker.short_location(path))
    if not (pattern.look or pattern.tells):
        checker.add_problem(path, "it does nothing: give look, tell or command")
    if pattern.watch and not pattern.tells:
        checker.add_problem((*path, "watch"), "watched for nothing: give tell or command")
    if not pattern.runner.strip():
        checker.add_warning((*path, "runner"), 'no runner has an empty name; "*" is every runner')
    return pattern


def _regex(value: str) -> str:
    import regex  # noqa: PLC0415 - where there are patterns

    if len(value) > MAX_LENGTH:
        raise ValueError(f"longer than {MAX_LENGTH:,} characters")
    try:
        compiled = regex.compile(value, regex.MULTILINE)
    except regex.error as error:
        raise ValueError(f"not a regular expression: {error}") from None
    if all(compiled.search(line) for line in ("", "a", "0 ")):
        raise ValueError("it matches every line")
    return value


def _look(value: str) -> frozenset[str]:
    words = frozenset(value.split())
    if not words or words - frozenset(LOOK_WORDS):
        raise ValueError(f"expected any of {', '.join(LOOK_WORDS)}, separated by spaces")
    return words


def _per_minute(value: int) -> int:
    if value < 1:
        raise ValueError("must be at least 1")
    return value


_CONVERTERS: Converters = {
    "regex": _regex,
    "look": _look,
    "tell": read_channels,
    "command": require_program,
    "per_minute": _per_minute,
}
