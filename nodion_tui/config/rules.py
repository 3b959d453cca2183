"""`[[rules]]` of config.toml: whom to tell of which run, and how."""

from collections.abc import Sequence
from typing import Any

import msgspec

from nodion_tui.config.check import Checker, Refine, types_of
from nodion_tui.model.notify_rule import Channel, Rule
from nodion_tui.model.time_spans import parse_span


class _RuleSection(msgspec.Struct):
    """The keys of one of the `[[rules]]`."""

    name: str
    runner: str
    status: str | tuple[str, ...]
    longer_than: str
    tell: tuple[str, ...]
    command: tuple[str, ...]


def read_rules(checker: Checker, sections: Sequence[Any]) -> tuple[Rule, ...]:
    """The rules, in their order; mistakes are told to the checker."""
    types = types_of(_RuleSection)
    return tuple(
        Rule(**checker.table(("rules", str(index)), section, types, _REFINE))
        for index, section in enumerate(sections)
    )


def argv(value: tuple[str, ...]) -> tuple[str, ...]:
    """A command as it is started: a program and its arguments.

    Raises:
        ValueError: there is no program.
    """
    if not value or not value[0]:
        raise ValueError('wants a program and its arguments, such as ["pass", "show", "nodion"]')
    return value


def _statuses(value: str | tuple[str, ...]) -> frozenset[str]:
    return frozenset((value,) if isinstance(value, str) else value)


def _channels(value: tuple[str, ...]) -> frozenset[Channel]:
    known = {channel.value for channel in Channel}
    if set(value) - known:
        raise ValueError(f"wants any of {', '.join(sorted(known))}")
    return frozenset(Channel(name) for name in value)


_REFINE: Refine = {
    "status": _statuses,
    "longer_than": parse_span,
    "tell": _channels,
    "command": argv,
}
