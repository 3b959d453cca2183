"""`[[rules]]` of config.toml: the notification rules."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import msgspec

from nodion_tui.config.problems import similar_hint
from nodion_tui.config.table_checker import (
    Converters,
    TableChecker,
    field_types,
    require_program,
)
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
    tell: str | tuple[str, ...]
    command: tuple[str, ...]


def read_notify_rules(checker: TableChecker, sections: Sequence[Any]) -> tuple[NotifyRule, ...]:
    """The rules in file order; problems are added to the checker."""
    rules = tuple(_read_rule(checker, str(index), each) for index, each in enumerate(sections))
    _check_names(checker, rules)
    return rules


def _read_rule(checker: TableChecker, index: str, section: Any) -> NotifyRule:
    path = ("rules", index)
    rule = NotifyRule(**checker.check_table(path, section, field_types(RuleSection), _CONVERTERS))
    if rule.is_about_silence:
        for key in ("status", "longer_than", "new"):
            if getattr(rule, key):
                checker.add_problem((*path, key), "not with not_for or overdue: no run is meant")
    elif rule.new and rule.status and RunStatus.FAILED not in rule.status:
        checker.add_problem((*path, "new"), "only with the status failed, or without a status")
    for key, text in _warnings(rule):
        checker.add_warning((*path, key), text)
    return rule


def _warnings(rule: NotifyRule) -> Iterator[tuple[str, str]]:
    """Keys of a rule and why they keep it from telling anything."""
    for status in sorted(rule.status - frozenset(RunStatus)):
        hint = similar_hint(status, tuple(RunStatus)) or f"; there are {', '.join(RunStatus)}"
        yield "status", f"no run has the status {status!r}{hint}"
    if rule.longer_than is not None and rule.status == {RunStatus.PENDING}:
        yield "longer_than", "a pending run has no duration yet, so nothing is told"
    if not rule.runner.strip():
        yield "runner", 'no runner has an empty name; "*" is every runner'
    if not rule.tell and not rule.command:
        yield "tell", "it tells nobody: give tell or command"


def _check_names(checker: TableChecker, rules: Sequence[NotifyRule]) -> None:
    first: dict[str, int] = {}
    for index, rule in enumerate(rules):
        if rule.name and first.setdefault(rule.name, index) != index:
            text = (
                f"rules[{first[rule.name]}] has the same name, so a notification may be of either"
            )
            checker.add_warning(("rules", str(index), "name"), text)


def _statuses(value: str | tuple[str, ...]) -> frozenset[str]:
    return frozenset((value,) if isinstance(value, str) else value)


def read_channels(value: str | tuple[str, ...]) -> frozenset[NotifyChannel]:
    """The channels of a `tell`, one name or several.

    Raises:
        ValueError: there is no such channel.
    """
    words = frozenset((value,) if isinstance(value, str) else value)
    names = {channel.value for channel in NotifyChannel}
    if words - names:
        raise ValueError(f"expected any of {', '.join(sorted(names))}")
    return frozenset(NotifyChannel(name) for name in words)


def _positive_duration(value: str) -> timedelta:
    duration = parse_duration(value)
    if not duration:
        raise ValueError("must be longer than 0")
    return duration


_CONVERTERS: Converters = {
    "status": _statuses,
    "longer_than": parse_duration,
    "not_for": _positive_duration,
    "tell": read_channels,
    "command": require_program,
}
