"""The keys that config.toml gives to commands: what of it cannot be, and who loses a key by it."""

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
    ("compare",),
    ("form", "field", "env"),
)
"""Scopes whose commands can be called at the same time; of one key the inner one has it."""


_MODIFIERS = frozenset({"ctrl", "alt", "shift", "super", "hyper", "meta"})


def keymap_problems(keymap: Mapping[str, str]) -> list[str]:
    """What is wrong with a keymap, a sentence each; empty where all is well.

    Args:
        keymap: command id → keys with commas between them.
    """
    return [*_unknown(keymap), *_without_keys(keymap), *_misspelt(keymap), *_conflicts(keymap)]


def _unknown(keymap: Mapping[str, str]) -> Iterator[str]:
    known = [command.id for command in COMMANDS]
    for name in keymap:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            yield f"keys: there is no command {name}" + (
                f"; did you mean {near[0]}?" if near else ""
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
    """Pairs of commands that have a key in common and had none before."""
    told = set()
    for scopes in CONCURRENT_SCOPES:
        commands = [each for each in COMMANDS if each.scope in scopes]
        for at, one in enumerate(commands):
            for other in commands[at + 1 :]:
                pair = (one.id, other.id)
                if pair not in told and (key := _new_clash(one, other, keymap)):
                    told.add(pair)
                    both = f"{one.id} and {other.id}"
                    yield f"keys: {key} is both {both}; one of them is out of reach"


def _new_clash(one: Command, other: Command, keymap: Mapping[str, str]) -> str:
    if one.id not in keymap and other.id not in keymap:
        return ""
    both = _keys(one, keymap) & _keys(other, keymap)
    return min(both - (_keys(one, {}) & _keys(other, {})), default="")


def _keys(command: Command, keymap: Mapping[str, str]) -> set[str]:
    """Its keys as Textual names them, so that `/` and `slash` are the same."""
    return {key_name(key) for key in keys_of(command, keymap)}
