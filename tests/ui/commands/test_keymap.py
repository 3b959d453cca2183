"""Key bindings of config.toml: mistakes and conflicts are reported."""

import pytest

from nodion_tui.config import Profile
from nodion_tui.config.problems import Problem
from nodion_tui.ui.commands.keymap import keymap_problems
from nodion_tui.ui.commands.registry import COMMANDS
from tests.support.onscreen import on_screen

MISTAKES = {
    "taken": ({"run.stop": "t"}, ["keys: t is both run.trigger and run.stop; one of them is"]),
    "taken by an inner one": ({"run.refresh": "w"}, ["keys: w is both run.refresh and log.wrap"]),
    "by another name": ({"run.stop": "slash"}, ["slash is both run.stop and list.filter"]),
    "both of the file": (
        {"run.stop": "f9", "run.open": "f9"},
        ["f9 is both run.stop and run.open"],
    ),
    "unknown": ({"run.stopp": "x"}, ["there is no command run.stopp; did you mean run.stop?"]),
    "empty": ({"app.help": " "}, ["app.help has no key; it keeps ?, f1"]),
    "misspelt": ({"run.stop": "Ctrl-X"}, ["run.stop: there is no key Ctrl-X"]),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told(name: str) -> None:
    keymap, told = MISTAKES[name]
    found = keymap_problems(keymap)
    assert [part for part in told if not any(part in problem.text for problem in found)] == []


@pytest.mark.parametrize(
    "keymap",
    [
        {},
        {"run.stop": "ctrl+x"},
        {"run.stop": "t", "run.trigger": "f5"},
        {"app.help": "ctrl+slash"},
    ],
)
def test_what_is_no_mistake_is_not_told(keymap: dict[str, str]) -> None:
    assert keymap_problems(keymap) == []


def test_our_own_keys_are_none() -> None:
    same = {command.id: ",".join(command.keys) for command in COMMANDS if "," not in command.keys}
    assert keymap_problems({name: keys for name, keys in same.items() if keys}) == []


async def test_a_conflict_is_told_on_the_screen_and_the_new_key_wins(profile: Profile) -> None:
    keys = {"app.profiles": "2"}
    found = [Problem("config.toml:2", problem.text) for problem in keymap_problems(keys)]
    async with on_screen(profile, keys=keys, problems=lambda _: found) as shown:
        await shown.sees("keys: 2 is both app.timeline and", "app.profiles")
        await shown.press("2")
        await shown.sees("╭─ Profiles")
