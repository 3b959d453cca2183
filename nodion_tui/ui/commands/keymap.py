"""Validates the key bindings of config.toml: unknown names, misspelt keys, conflicts."""

import difflib
from collections.abc import Iterator, Mapping, Sequence

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

_MODIFIERS = frozenset({"ctrl", "alt", "shift", "super", "hyper", "meta"})


def keymap_problems(keymap: Mapping[str, str]) -> list[str]:
    """Problems of a keymap, one sentence each; empty if it is valid.

    Args:
        keymap: command id → comma-separated keys.
    """
    return [*_unknown(keymap), *_without_keys(keymap), *_misspelt(keymap), *_conflicts(keymap)]


def _unknown(keymap: Mapping[str, str]) -> Iterator[str]:
    ids = [command.id for command in COMMANDS]
    for name in keymap:
        if name not in ids:
            similar = difflib.get_close_matches(name, ids, 1)
            yield f"keys: there is no command {name}" + (
                f"; did you mean {similar[0]}?" if similar else ""
            )


def _without_keys(keymap: Mapping[str, str]) -> Iterator[str]:
    for command in COMMANDS:
        if command.id in keymap and not keys_of(command, keymap):
            yield f"keys: {command.id} has no key; it keeps {', '.join(command.keys)}"


def _misspelt(keymap: Mapping[str, str]) -> Iterator[str]:
    for command in COMMANDS:
        for key in keys_of(command, keymap) if command.id in keymap else ():
            *modifiers, name = key.split("+") if len(key) > 1 else [key]
            if not (set(modifiers) <= _MODIFIERS and is_key_name(name)):
                yield f"keys: {command.id}: there is no key {key}; write ctrl+x, f2 or escape"


def _conflicts(keymap: Mapping[str, str]) -> Iterator[str]:
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
                    yield f"keys: {key} is both {both}; one of them is out of reach"


def _new_conflict(first: Command, second: Command, keymap: Mapping[str, str]) -> str:
    if first.id not in keymap and second.id not in keymap:
        return ""
    shared = _keys(first, keymap) & _keys(second, keymap)
    return min(shared - (_keys(first, {}) & _keys(second, {})), default="")


def _keys(command: Command, keymap: Mapping[str, str]) -> set[str]:
    """Keys under their Textual names, so that `/` and `slash` are equal."""
    return {key_name(key) for key in keys_of(command, keymap)}
