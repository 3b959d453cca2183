"""`[[commands]]` of config.toml: commands of one's own."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from enum import StrEnum
from typing import Any, TypeVar

import msgspec

from nodion_tui.config.table_checker import (
    Converters,
    TableChecker,
    field_types,
    require_program,
)
from nodion_tui.model.own_command import (
    INPUTS,
    PLACEHOLDERS,
    CommandInput,
    CommandOutput,
    CommandSubject,
    OwnCommand,
)
from nodion_tui.model.text.durations import parse_duration

E = TypeVar("E", bound=StrEnum)


class CommandSection(msgspec.Struct):
    """The keys of one `[[commands]]` entry."""

    title: str
    command: tuple[str, ...]
    on: str
    key: str
    give: str
    take: str
    confirm: bool
    timeout: str
    footer: str


def read_own_commands(checker: TableChecker, sections: Sequence[Any]) -> tuple[OwnCommand, ...]:
    """The commands in file order; problems are added to the checker."""
    read = [_read_command(checker, str(index), each) for index, each in enumerate(sections)]
    commands: dict[str, OwnCommand] = {}
    for index, command in enumerate(read):
        if command is not None and command.id in commands:
            taken = commands[command.id].where
            problem = f"another command has this title or one like it: {taken}"
            checker.add_problem(("commands", str(index), "title"), problem)
        elif command is not None:
            commands[command.id] = command
    return tuple(commands.values())


def _read_command(checker: TableChecker, index: str, section: Any) -> OwnCommand | None:
    path = ("commands", index)
    problems = len(checker.problems)
    checked = checker.check_table(path, section, field_types(CommandSection), _CONVERTERS)
    if len(checker.problems) > problems:
        return None
    if missing := [name for name in ("title", "command") if name not in checked]:
        checker.add_problem(path, f"{' and '.join(missing)} missing")
        return None
    command = OwnCommand(**checked, where=checker.short_location(path))
    _check_words(checker, path, command)
    if command.give not in INPUTS[command.on]:
        allowed = " or ".join(sorted(INPUTS[command.on]))
        checker.add_problem((*path, "give"), f"expected {allowed} with on = {command.on}")
    return command


def _check_words(checker: TableChecker, path: tuple[str, ...], command: OwnCommand) -> None:
    known = PLACEHOLDERS[command.on]
    for word in command.placeholders:
        if word not in known:
            expected = ", ".join(sorted(known))
            problem = f"there is no {word[:80]} with on = {command.on}; there is {expected}"
            checker.add_problem((*path, "command"), problem)


def _one_of(kind: type[E]) -> Callable[[str], E]:
    def convert(value: str) -> E:
        if value not in set(kind):
            raise ValueError(f"expected one of {', '.join(kind)}")
        return kind(value)

    return convert


def _text(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be empty")
    return value.strip()


def _timeout(value: str) -> timedelta:
    timeout = parse_duration(value)
    if timeout <= timedelta():
        raise ValueError("expected a time such as 30s or 5m")
    return timeout


_CONVERTERS: Converters = {
    "title": _text,
    "command": require_program,
    "key": _text,
    "on": _one_of(CommandSubject),
    "give": _one_of(CommandInput),
    "take": _one_of(CommandOutput),
    "timeout": _timeout,
    "footer": _text,
}
