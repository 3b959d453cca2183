"""Validates the key bindings of config.toml: unknown names, misspelt keys, conflicts."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from nodion_tui.ui.commands.command import Command, Scope
from nodion_tui.ui.commands.registry import COMMANDS, keys_of
from nodion_tui.ui.terminal.key_names import is_key_name, key_name

CONCURRENT_SCOPES: Sequence[tuple[Scope, ...]] = (
    ("app", "dashboard", "list", "runs"),
    ("app", "dashboard", "log"),
    ("app", "timeline"),
    ("app", "wall"),
    ("app", "merged", "log"),
    ("compare",),
    ("form", "field", "env"),
)
"""Scopes that are active together; the inner scope wins a shared key."""

_WITH_OWN: frozenset[Scope] = frozenset(
    {"app", "dashboard", "list", "runs", "log", "timeline", "wall"}
)
"""Scopes that are active together with the commands of config.toml."""
_MODIFIERS = frozenset({"ctrl", "alt", "shift", "super", "hyper", "meta"})


class KeymapProblem(NamedTuple):
    """A problem of a keymap."""

    command_id: str
    """The entry that has it."""
    text: str


def keymap_problems(keymap: Mapping[str, str], own: Sequence[Command] = ()) -> list[KeymapProblem]:
    """Problems of a keymap, one sentence each; empty if it is valid.

    Args:
        keymap: command id → comma-separated keys.
        own: the commands of config.toml, whose ids it may have.
    """
    unknown = _unknown(keymap, own)
    return [*unknown, *_without_keys(keymap), *_misspelt(keymap), *_conflicts(keymap)]


def own_key_problems(own: Sequence[Command], keymap: Mapping[str, str]) -> list[KeymapProblem]:
    """The commands of config.toml that cannot have their key: another command keeps it.

    Args:
        own: those commands, in file order.
        keymap: command id → comma-separated keys.
    """
    with_own = [command for command in COMMANDS if command.scope in _WITH_OWN]
    holders: dict[str, str] = {}
    for command in with_own:
        for key in _keys(command, keymap):
            holders.setdefault(key, command.id)
    problems = []
    for command in own:
        keys = keys_of(command, keymap)
        taken = [key for key in keys if key_name(key) in holders]
        if misspelt := [key for key in keys if not _is_key(key)]:
            text = f"there is no key {misspelt[0]}; write ctrl+x, f2 or escape"
        elif taken:
            text = f"{taken[0]} is the key of {holders[key_name(taken[0])]}"
        else:
            holders.update(dict.fromkeys(_keys(command, keymap), command.id))
            continue
        reach = "menu and palette have the command"
        problems.append(KeymapProblem(command.id, f"{command.id}: {text}; {reach}"))
    return problems


def _unknown(keymap: Mapping[str, str], own: Sequence[Command]) -> Iterator[KeymapProblem]:
    ids = [command.id for command in (*COMMANDS, *own)]
    for name in keymap:
        if name not in ids:
            similar = difflib.get_close_matches(name, ids, 1)
            hint = f"; did you mean {similar[0]}?" if similar else ""
            yield KeymapProblem(name, f"keys: there is no command {name}{hint}")


def _without_keys(keymap: Mapping[str, str]) -> Iterator[KeymapProblem]:
    for command in COMMANDS:
        if command.id in keymap and not keys_of(command, keymap):
            text = f"keys: {command.id} has no key; it keeps {', '.join(command.keys)}"
            yield KeymapProblem(command.id, text)


def _misspelt(keymap: Mapping[str, str]) -> Iterator[KeymapProblem]:
    for command in COMMANDS:
        for key in keys_of(command, keymap) if command.id in keymap else ():
            if not _is_key(key):
                text = f"keys: {command.id}: there is no key {key}; write ctrl+x, f2 or escape"
                yield KeymapProblem(command.id, text)


def _is_key(key: str) -> bool:
    *modifiers, name = key.split("+") if len(key) > 1 else [key]
    return set(modifiers) <= _MODIFIERS and is_key_name(name)


def _conflicts(keymap: Mapping[str, str]) -> Iterator[KeymapProblem]:
    """Pairs of commands that share a key because of the keymap."""
    reported = set()
    for scopes in CONCURRENT_SCOPES:
        commands = [command for command in COMMANDS if command.scope in scopes]
        for index, first in enumerate(commands):
            for second in commands[index + 1 :]:
                pair = (first.id, second.id)
                if pair not in reported and (key := _new_conflict(first, second, keymap)):
                    reported.add(pair)
                    both = f"{first.id} and {second.id}"
                    text = f"keys: {key} is both {both}; one of them is out of reach"
                    yield KeymapProblem(first.id if first.id in keymap else second.id, text)


def _new_conflict(first: Command, second: Command, keymap: Mapping[str, str]) -> str:
    if first.id not in keymap and second.id not in keymap:
        return ""
    shared = _keys(first, keymap) & _keys(second, keymap)
    return min(shared - (_keys(first, {}) & _keys(second, {})), default="")


def _keys(command: Command, keymap: Mapping[str, str]) -> set[str]:
    """Keys under their Textual names, so that `/` and `slash` are equal."""
    return {key_name(key) for key in keys_of(command, keymap)}
