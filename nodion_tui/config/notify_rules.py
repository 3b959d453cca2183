"""`[[rules]]` of config.toml: the notification rules."""

from collections.abc import Sequence
from typing import Any

import msgspec

from nodion_tui.config.table_checker import Converters, TableChecker, field_types
from nodion_tui.model.notify_rule import NotifyChannel, NotifyRule
from nodion_tui.model.run import RunStatus
from nodion_tui.model.text.durations import parse_duration


class RuleSection(msgspec.Struct):
    """The keys of one `[[rules]]` entry."""

    name: str
    runner: str
    status: str | tuple[str, ...]
    longer_than: str
    not_for: str
    overdue: bool
    new: bool
    tell: tuple[str, ...]
    command: tuple[str, ...]


def read_notify_rules(checker: TableChecker, sections: Sequence[Any]) -> tuple[NotifyRule, ...]:
    """The rules in file order; problems are added to the checker."""
    return tuple(_read_rule(checker, str(index), each) for index, each in enumerate(sections))


def require_program(value: tuple[str, ...]) -> tuple[str, ...]:
    """Checks that a command has a program.

    Raises:
        ValueError: there is no program.
    """
    if not value or not value[0]:
        raise ValueError('expected a program and its arguments, such as ["pass", "show", "nodion"]')
    return value


def _read_rule(checker: TableChecker, index: str, section: Any) -> NotifyRule:
    path = ("rules", index)
    rule = NotifyRule(**checker.check_table(path, section, field_types(RuleSection), _CONVERTERS))
    if rule.is_about_silence:
        for key in ("status", "longer_than", "new"):
            if getattr(rule, key):
                checker.add_problem((*path, key), "not with not_for or overdue: no run is meant")
    elif rule.new and rule.status and RunStatus.FAILED not in rule.status:
        checker.add_problem((*path, "new"), "only with the status failed, or without a status")
    return rule


def _statuses(value: str | tuple[str, ...]) -> frozenset[str]:
    return frozenset((value,) if isinstance(value, str) else value)


def _channels(value: tuple[str, ...]) -> frozenset[NotifyChannel]:
    names = {channel.value for channel in NotifyChannel}
    if set(value) - names:
        raise ValueError(f"expected any of {', '.join(sorted(names))}")
    return frozenset(NotifyChannel(name) for name in value)


_CONVERTERS: Converters = {
    "status": _statuses,
    "longer_than": parse_duration,
    "not_for": parse_duration,
    "tell": _channels,
    "command": require_program,
}
